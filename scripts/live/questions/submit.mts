import { APPLICATION } from '../../../nodes/FalLtxVideo/endpoints/ids.ts';
import { FPS, FRAMES, JOBS, SIDE } from '../jobs.mts';
import { itemOf, jsonOf, shown, type LiveFal } from '../liveFal.mts';
import { differs, works, type Observation, type Question } from '../question.mts';
import type { Exchange } from '../wire.mts';

const ACCEPTED = [
	works('accepted', 'A good response with a request ID.'),
	differs('no ID', 'A good response without a request ID: the node takes it for a lost one.'),
];

function acceptance(submit: Exchange): Observation {
	const { request_id, status } = jsonOf(submit);
	const isGood = submit.status >= 200 && submit.status < 300;
	if (!isGood) return { reading: `HTTP ${submit.status}`, saw: shown(submit) };
	const fields = Object.keys(jsonOf(submit)).join(', ');
	const saw = `${submit.status} ${String(status)} with ${fields}`;
	return { reading: typeof request_id === 'string' ? 'accepted' : 'no ID', saw };
}

/** What a request with a LoRA that is not there comes to; the same for all questions about it. */
const deadLora = async (fal: LiveFal) =>
	await fal.once('deadLora', async () => {
		const loras = { lora: [{ path: fal.target.deadLink }] };
		const requestId = await fal.submit('deadLora', { loras });
		const status = await fal.untilStatus(requestId, (now) => !/^IN_/.test(now));
		const result = await fal.ask('queue', `/${APPLICATION}/requests/${requestId}`);
		return { status, result };
	});

async function askDeadLora(fal: LiveFal): Promise<Observation> {
	const { result } = await deadLora(fal);
	const { detail } = jsonOf(result);
	const saw = shown(result);
	if (result.status === 200) return { reading: 'video', saw };
	if (!Array.isArray(detail)) return { reading: `${result.status} ${typeof detail}`, saw };
	const { type, loc } = (detail[0] ?? {}) as { type?: unknown; loc?: unknown };
	const isNamed = Array.isArray(loc) && loc.includes('loras');
	if (result.status !== 422) return { reading: `${result.status} list`, saw };
	if (type !== 'file_download_error') return { reading: `422 ${String(type)}`, saw };
	return { reading: isNamed ? '422 file' : '422 unnamed', saw };
}

/** Submitted without the node, which never sends an empty list. */
async function askEmptyLoras(fal: LiveFal): Promise<Observation> {
	const { endpoint, prompt } = JOBS.emptyLoras;
	const body = {
		...{ prompt, loras: [], num_frames: FRAMES, fps: FPS },
		video_size: { width: SIDE, height: SIDE },
	};
	const submit = await fal.ask('queue', `/${endpoint.id}`, { method: 'POST', body });
	const { request_id } = jsonOf(submit);
	if (typeof request_id !== 'string') return { reading: 'refused at once', saw: shown(submit) };
	await fal.untilStatus(request_id, (now) => !/^IN_/.test(now));
	const result = await fal.ask('queue', `/${APPLICATION}/requests/${request_id}`);
	if (result.status === 200) return { reading: 'a video', saw: 'a video without LoRAs' };
	const isRefused = result.status === 422;
	return { reading: isRefused ? 'refused' : `HTTP ${result.status}`, saw: shown(result) };
}

async function askUpload(fal: LiveFal): Promise<Observation> {
	const { makeImage } = await import('../../../test/material.mts');
	const image = { bytes: await makeImage('red', `${SIDE}x${SIDE}`), name: 'red.png' };
	const outcome = await fal.generate(
		'image',
		{ operation: 'imageToVideo', imageSource: 'binary', imageBinaryPropertyName: 'data' },
		{ files: [{ data: image }] },
	);
	const initiate = fal.last('rest', '/storage/upload/initiate');
	if (initiate.status !== 200) return { reading: 'no upload', saw: shown(initiate) };
	if (outcome.error) return { reading: 'not used', saw: outcome.error.message };
	return { reading: 'used', saw: `a video, ${Object.keys(jsonOf(initiate)).join(' and ')}` };
}

/** What a submit comes to. */
export const submitQuestions: Question[] = [
	{
		id: 'submit',
		asks: 'What does the submit of a video without LoRAs get?',
		readings: ACCEPTED,
		needs: ['plain'],
		ask: async (fal) => acceptance((await fal.plain()).submit),
	},
	{
		id: 'submit-lora',
		asks: 'What does the submit of a video with a LoRA get?',
		readings: ACCEPTED,
		needs: ['lora'],
		async ask(fal) {
			const outcome = await fal.once('lora', async () => await fal.generate('lora'));
			return acceptance(fal.submitOf(String(itemOf(outcome)['request_id'])));
		},
	},
	{
		id: 'empty-loras',
		asks: 'What does the endpoint with LoRAs make of an empty list?',
		readings: [
			works('a video', 'A video without LoRAs. The node uses the cheaper endpoint for that.'),
			works('refused', 'The result is a 422. The node never sends an empty list.'),
			works('refused at once', 'Nothing is accepted. The node never sends an empty list.'),
		],
		needs: ['emptyLoras'],
		ask: askEmptyLoras,
	},
	{
		id: 'dead-lora',
		asks: 'What does a LoRA link that leads nowhere come to?',
		readings: [
			works('422 file', 'A 422 whose `detail` is a list that names the LoRA.'),
			works('422 unnamed', "A 422 whose `detail` is a list that doesn't name the LoRA."),
			works('500 list', 'A 500 with a list: final like a 422.'),
			works('500 string', 'A 500 with a text.'),
			differs('video', 'A video without the LoRA, billed.'),
		],
		needs: ['deadLora'],
		ask: askDeadLora,
	},
	{
		id: 'dead-lora-billed',
		asks: 'Is a request billed whose LoRA could not be downloaded?',
		readings: [
			works('not billed', '`x-fal-billable-units` is 0.'),
			works('not said', 'The header is missing: the cost is shown as not known.'),
			differs('billed', 'It costs money: a retry may submit it again, which is billed again.'),
		],
		needs: ['deadLora'],
		async ask(fal) {
			const { result } = await deadLora(fal);
			const units = result.headers['x-fal-billable-units'];
			if (units === undefined) return { reading: 'not said', saw: 'no header' };
			return {
				reading: Number(units) === 0 ? 'not billed' : 'billed',
				saw: `${String(units)} units`,
			};
		},
	},
	{
		id: 'failed-status',
		asks: 'What is the status of a request that failed?',
		readings: [
			works('COMPLETED', 'Only the result tells that it failed.'),
			works('FAILED', 'The status tells it too.'),
		],
		needs: ['deadLora'],
		async ask(fal) {
			const { status, result } = await deadLora(fal);
			if (result.status === 200) return { reading: null, saw: 'it did not fail' };
			return { reading: status, saw: status };
		},
	},
	{
		id: 'upload',
		asks: 'Can an image be uploaded, and used by its address?',
		readings: [
			works('used', 'A video from it.'),
			differs('no upload', 'Storage refuses it.'),
			differs('not used', 'It is stored, and the video fails.'),
		],
		needs: ['image'],
		ask: askUpload,
	},
];
