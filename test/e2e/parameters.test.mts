import { createHash } from 'node:crypto';
import type { RequestRecord } from '../../emulator/index.mts';
import { itemsOf } from '../../scripts/n8n/execution.mts';
import type { Workflow } from '../../scripts/n8n/workflow.mts';
import { everyEndpoint, type EveryInput, everyInput, type MediaInput } from '../everyInput.mts';
import { makeImage, makeShot, makeTone } from '../material.mts';
import { connected, loggedIn, NODE_TYPE, TRIGGER, VIDEO_NODE, videoWorkflow } from './harness.mts';
import { binaryOf, probeBytes } from './savedBinary.mts';
import { useSharedEmulator } from '../useEmulator.mts';

/** Beyond 2^53: read as a number it would become another seed. */
const SEED = '9007199254740993';

/** Each parameter of the endpoint, and none as fal would set it by itself. */
const everything = {
	prompt: 'A lighthouse in a storm, "seen" from a boat.\nWaves – and gulls 🕊️.',
	loras: {
		lora: [
			{ path: 'someone/lighthouse', weightName: 'style.safetensors', scale: 0.75 },
			{ path: 'https://example.com/second.safetensors', weightName: '', scale: 1.5 },
		],
	},
	videoSize: 'custom',
	width: 320,
	height: 192,
	generation: {
		numFrames: 33,
		fps: 12.5,
		acceleration: 'high',
		cameraLora: 'dolly_left',
		cameraLoraScale: 0.4,
		distillLoraSecondPassScale: 0.25,
		enablePromptExpansion: false,
		enableSafetyChecker: false,
		generateAudio: false,
		negativePrompt: 'blurry',
		scheduler: 'linear_quadratic',
		seed: SEED,
		useMultiscale: false,
	},
	outputFile: {
		syncMode: true,
		videoOutputType: 'VP9 (.webm)',
		videoQuality: 'low',
		videoWriteMode: 'fast',
	},
};

const expectedBody = {
	prompt: everything.prompt,
	loras: [
		{ path: 'someone/lighthouse', weight_name: 'style.safetensors', scale: 0.75 },
		{ path: 'https://example.com/second.safetensors', scale: 1.5 },
	],
	video_size: { width: 320, height: 192 },
	num_frames: 33,
	fps: 12.5,
	acceleration: 'high',
	camera_lora: 'dolly_left',
	camera_lora_scale: 0.4,
	distill_lora_second_pass_scale: 0.25,
	enable_prompt_expansion: false,
	enable_safety_checker: false,
	generate_audio: false,
	negative_prompt: 'blurry',
	scheduler: 'linear_quadratic',
	seed: SEED,
	use_multiscale: false,
	sync_mode: true,
	video_output_type: 'VP9 (.webm)',
	video_quality: 'low',
	video_write_mode: 'fast',
};

/** Reads a request with the digits of its seed as text, and as a number on the wire. */
function readBody(rawBody: string): unknown {
	const quoted = rawBody.replace(/("seed"\s*:\s*)(\d+)/, '$1"$2"');
	expect(quoted).not.toBe(rawBody);
	return JSON.parse(quoted);
}

describe('all parameters of text to video, distilled, with LoRAs', () => {
	const emulator = useSharedEmulator({ runSeconds: 0.1 });

	test('reach fal exactly as they were set, and the file is as asked', async () => {
		expect(Object.keys(expectedBody)).toHaveLength(20);
		const n8n = loggedIn();
		const workflow = await connected(n8n, emulator, videoWorkflow('Everything', everything));
		const execution = await n8n.runWorkflow(workflow, TRIGGER);
		expect({ status: execution.status, error: execution.error }).toEqual({ status: 'success' });
		expect(emulator.requests).toHaveLength(1);
		expect(readBody(String(emulator.requests[0]?.rawBody))).toEqual(expectedBody);
		expect(emulator.violations).toEqual([]);

		const [item] = itemsOf(execution, VIDEO_NODE);
		expect(String(item?.json['seed'])).toBe(SEED);
		const { reference, bytes } = await binaryOf(n8n, item);
		expect(reference).toMatchObject({ mimeType: 'video/webm', fileExtension: 'webm' });
		expect(await probeBytes(bytes)).toMatchObject({
			container: expect.stringContaining('webm'),
			audioCodec: undefined,
			width: 320,
			height: 192,
			frames: 33,
		});
	});
});

describe('every input of all 22 endpoints', () => {
	const emulator = useSharedEmulator({ runSeconds: 0 });

	test('arrives as it was set, with files by link', async () => {
		const given = everyEndpoint.map((endpoint) => ({ endpoint, ...everyInput(endpoint, 'link') }));
		const submitted = await run(allEndpoints('All endpoints by link', given, []));
		expect(submitted).toHaveLength(22);
		for (const { endpoint, body } of given)
			expect(requestTo(submitted, endpoint.id).input).toEqual(body);
	});

	test('arrives as it was set, with each file of the item at its own input', async () => {
		const files = await material();
		const given = everyEndpoint.map((endpoint) => ({
			endpoint,
			...everyInput(endpoint, 'binary'),
		}));
		const workflow = allEndpoints('All endpoints with files', given, Object.entries(files));
		const submitted = await run(workflow);
		expect(submitted).toHaveLength(22);
		for (const { endpoint, body, media } of given) {
			const { input, media: fetched = {} } = requestTo(submitted, endpoint.id);
			const urls = media.map((name) => [name, fetched[name]?.url]);
			expect(input).toEqual({ ...body, ...Object.fromEntries(urls) });
			const sums = media.map((name) => [name, fetched[name]?.sha256]);
			const expected = media.map((name) => [name, sha256(files[name].bytes)]);
			expect(Object.fromEntries(sums)).toEqual(Object.fromEntries(expected));
		}
	});

	const requestTo = (submitted: readonly RequestRecord[], id: string) =>
		submitted.find(({ endpointId }) => endpointId === id)!;

	async function run(workflow: Workflow) {
		const n8n = loggedIn();
		const before = emulator.requests.length;
		const execution = await n8n.runWorkflow(await connected(n8n, emulator, workflow), TRIGGER);
		expect({ status: execution.status, error: execution.error }).toEqual({ status: 'success' });
		expect(emulator.violations).toEqual([]);
		return emulator.requests.slice(before);
	}
});

interface File {
	bytes: Buffer;
	name: string;
}

async function material(): Promise<Record<MediaInput, File>> {
	const shot = { color: 'green', frames: 25, fps: 12.5, tone: 660 };
	return {
		image_url: { bytes: await makeImage('red'), name: 'first.png' },
		end_image_url: { bytes: await makeImage('blue'), name: 'last.png' },
		audio_url: { bytes: await makeTone(880, 1), name: 'speech.wav' },
		video_url: { bytes: await makeShot(shot), name: 'clip.mp4' },
	};
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

const FILES = 'Files';

/** A node for each endpoint, all of which get one item with the files in it. */
function allEndpoints(
	name: string,
	given: Array<EveryInput & { endpoint: { id: string } }>,
	files: Array<[string, File]>,
): Workflow {
	const columns = { start: 0, source: 240, files: 480, merge: 720, videos: 960 };
	const at = (x: number, row: number): [number, number] => [x, row * 160];
	const to = (...nodes: Array<[string, number]>) => ({
		main: [nodes.map(([node, index]) => ({ node, type: 'main', index }))],
	});
	const plain = (id: string, type: string, typeVersion: number, parameters: object) => ({
		...{ id, name: id, type: `n8n-nodes-base.${type}`, typeVersion },
		parameters: { ...parameters },
	});
	const base64 = files.map(([field, { bytes }]) => [field, bytes.toString('base64')]);
	const converted = files.map(([field, { name: fileName }], row) => ({
		...plain(`File ${field}`, 'convertToFile', 1.1, {
			operation: 'toBinary',
			sourceProperty: field,
			binaryPropertyName: field,
			options: { fileName },
		}),
		position: at(columns.files, row),
	}));
	const videos = given.map(({ endpoint, parameters }, row) => ({
		...{ id: endpoint.id, name: endpoint.id, type: NODE_TYPE, typeVersion: 1 },
		...{ parameters, position: at(columns.videos, row) },
	}));
	const all = to(...videos.map((node): [string, number] => [node.name, 0]));
	const start = { ...plain(TRIGGER, 'manualTrigger', 1, {}), position: at(columns.start, 0) };
	if (files.length === 0) {
		return { name, nodes: [start, ...videos], connections: { [TRIGGER]: all } };
	}
	const set = plain('Source', 'set', 3.4, {
		mode: 'raw',
		jsonOutput: JSON.stringify(Object.fromEntries(base64)),
	});
	const merge = plain(FILES, 'merge', 3.2, {
		mode: 'combine',
		combineBy: 'combineByPosition',
		numberInputs: files.length,
	});
	return {
		name,
		nodes: [
			start,
			{ ...set, position: at(columns.source, 0) },
			...converted,
			{ ...merge, position: at(columns.merge, 0) },
			...videos,
		],
		connections: {
			[TRIGGER]: to(['Source', 0]),
			Source: to(...converted.map((node): [string, number] => [node.name, 0])),
			...Object.fromEntries(converted.map((node, index) => [node.name, to([FILES, index])])),
			[FILES]: all,
		},
	};
}
