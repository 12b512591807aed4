import type { INodeParameters } from 'n8n-workflow';
import { responses } from '../../emulator/index.mts';
import { colorsOf, frequencyOf, makeImage, makeShot, makeTone } from '../material.mts';
import { type InputFile, type NodeRun, type Outcome, savedData, useEngine } from './engine.mts';
import { calls, until, useScene } from './scene.mts';

/* Files that go into a video: what becomes of them, what they cost, and what a retry makes of them. */

jest.setTimeout(30_000);

const engine = useEngine();
const scene = useScene({ runSeconds: 0 });

const SMALL = {
	...{ resource: 'video', prompt: '={{ $json.prompt }}' },
	...{ videoSize: 'custom', width: 64, height: 64 },
};

/** How a job ends whose video is of no interest. */
const ENDED = responses.infrastructureError(500, 'internal_error', 'ended at once');

const NINE_FRAMES = { generation: { numFrames: 9 } };

/** As short as the operation can make it: some follow the length of a file. */
const lengthOf = (operation: string) =>
	['videoToVideo', 'referenceVideoToVideo', 'audioToVideo'].includes(operation) ? {} : NINE_FRAMES;

let red: Buffer;
let blue: Buffer;
let tone: Buffer;
let green: Buffer;

beforeAll(async () => {
	red = await makeImage('red', '320x192');
	blue = await makeImage('blue');
	tone = await makeTone(880, 2);
	green = await makeShot({ color: 'green', frames: 25, fps: 24, tone: 660 });
});

const image = () => ({ bytes: red, name: 'photo.png' });
const clip = () => ({ bytes: green, name: 'clip.mp4' });

const run = async (
	operation: string,
	changes: INodeParameters,
	given: Record<string, InputFile> | Array<Record<string, InputFile>> = {},
	more: Partial<NodeRun> = {},
): Promise<Outcome> => {
	const files = [given].flat();
	return await engine.run({
		parameters: { operation, ...SMALL, ...lengthOf(operation), ...changes },
		items: files.map(() => ({ prompt: 'a fox' })),
		files,
		credential: scene.credential,
		...more,
	});
};

const videoOf = async ({ outputs, error }: Outcome): Promise<Buffer> => {
	expect(error).toBeUndefined();
	return await engine.bytes(outputs[0]![0]!, 'data');
};

const submits = () => calls(scene.fal, 'submit');
const uploads = () => scene.fal.calls.filter(({ path }) => path.startsWith('/storage/upload'));

describe('in the video', () => {
	test('the image is the first frame, the end image the last', async () => {
		const end = { endImageSource: 'binary', endImageBinaryPropertyName: 'end' };
		const made = await run('imageToVideo', end, {
			data: image(),
			end: { bytes: blue, name: 'b.png' },
		});
		const colors = (await colorsOf(await videoOf(made))).map(([color]) => color);
		expect([colors[0], colors.at(-1)]).toEqual(['red', 'blue']);
	});

	test('the sound is the audio, and the length is its own', async () => {
		const made = await run('audioToVideo', {}, { data: { bytes: tone, name: 'speech.wav' } });
		const bytes = await videoOf(made);
		expect(Math.round(await frequencyOf(bytes, 0.2, 1.8))).toBeCloseTo(880, -2);
		expect(made.outputs[0]![0]!.json.video).toMatchObject({ num_frames: 49 });
	});

	test('an extended one begins with the input', async () => {
		const made = await run('extendVideo', {}, { data: clip() });
		const [first] = await colorsOf(await videoOf(made));
		expect(first).toEqual(['green', 25]);
	});
});

describe('the output of one generation is the input of the next, without any expression', () => {
	const chain = async (first: string, next: string, changes: INodeParameters = {}) => {
		const given: Record<string, InputFile> = first === 'textToVideo' ? {} : { data: image() };
		const made = await videoOf(await run(first, {}, given));
		const second = await run(next, changes, { data: { bytes: made, name: 'video.mp4' } });
		expect(second.error).toBeUndefined();
		expect(scene.fal.requests.map(({ resultStatus }) => resultStatus)).toEqual([200, 200]);
	};

	test('Text to Video → Extend Video', async () => await chain('textToVideo', 'extendVideo'));

	test('Image to Video → Audio to Video, which takes its sound', async () =>
		await chain('imageToVideo', 'audioToVideo', { matchAudioLength: false, ...NINE_FRAMES }));
});

describe('before anything is submitted', () => {
	const pdf = Buffer.from('%PDF-1.7\n%âãÏÓ\n1 0 obj');

	test.each<[string, string, Record<string, InputFile>, string]>([
		[
			'a PDF as an image',
			'imageToVideo',
			{ data: { bytes: pdf, name: 'scan.pdf' } },
			'Image Input Binary Field (imageBinaryPropertyName) is "scan.pdf", but must be an image',
		],
		[
			'an empty file',
			'extendVideo',
			{ data: { bytes: Buffer.alloc(0), name: 'clip.mp4' } },
			'but this one is empty',
		],
		[
			'no such field',
			'audioToVideo',
			{ sound: { bytes: pdf } },
			'Audio Input Binary Field (audioBinaryPropertyName) is "data", but must be a binary field of the item, which has sound',
		],
		[
			'an image as a video',
			'videoToVideo',
			{ data: { bytes: pdf, name: 'x.mp4' } },
			'Video Input Binary Field (videoBinaryPropertyName) is "x.mp4", but must be a video',
		],
	])('%s is refused', async (_what, operation, files, message) => {
		const { error } = await run(operation, {}, files);
		expect(error!.message).toContain(message);
		expect(scene.fal.calls).toEqual([]);
	});

	test('one wrong file keeps all items from being submitted', async () => {
		const wrong = { data: { bytes: pdf, name: 'scan.pdf' } };
		const { error } = await run('imageToVideo', {}, [{ data: image() }, wrong]);
		expect(error!.message).toContain('[item 1]');
		expect(scene.fal.calls).toEqual([]);
	});

	test('a link that is empty, and a source that is none', async () => {
		const link = {
			imageSource: '={{ "link" }}',
			imageUrl: '={{ "" }}',
			imageBinaryPropertyName: 'x',
		};
		const { error } = await run('imageToVideo', link);
		expect(error!.message).toContain(
			'Image URL (imageUrl) is empty, but must be the link of a file',
		);
		const other = await run('imageToVideo', { imageSource: '={{ "web" }}', imageUrl: 'x' });
		expect(other.error!.message).toContain(
			'Image Source (imageSource) is "web", but must be one of link, binary',
		);
		expect(scene.fal.calls).toEqual([]);
	});
});

test('what comes along unseen with a pasted link is not sent', async () => {
	const imageUrl = 'https://example.com/photo.png';
	await run('imageToVideo', { imageSource: 'link', imageUrl: `\u200b ${imageUrl}\n\u200b` });
	expect(scene.fal.requests[0]!.input.image_url).toBe(imageUrl);
});

describe('a duration', () => {
	const extend = async (durationSeconds: number, generation: INodeParameters = {}) =>
		await run('extendVideo', { durationSeconds, generation }, { data: clip() });

	test('is good where it is so at the frame rate of the file', async () => {
		const slow = await makeShot({ color: 'green', frames: 25, fps: 12.5 });
		scene.fal.script('a fox', { job: { outcome: ENDED } });
		await run(
			'extendVideo',
			{ durationSeconds: 30, generation: {} },
			{ data: { bytes: slow, name: 'slow.mp4' } },
		);
		expect(scene.fal.requests[0]!.input.num_frames).toBe(377);
	});

	test('is refused in the words of the frame rate of the file', async () => {
		const { error } = await extend(30);
		expect(error!.message).toContain(
			'Duration (Seconds) (durationSeconds) is 30, but must be a number of seconds from 0.38 to 20.04 at 24 frames per second',
		);
		expect(scene.fal.calls).toEqual([]);
	});

	test('is not wrong at a frame rate that is', async () => {
		const { error } = await extend(5, { matchInputFps: false, fps: 100 });
		expect(error!.message).toBe(
			'Frames per Second (fps) is 100, but must be a number from 1 to 60 [item 0]',
		);
	});

	test('is not asked of a file, and frames that are of no use are named once', async () => {
		const { error } = await run(
			'videoToVideo',
			{ durationSeconds: 0, generation: { numFrames: 500 } },
			{ data: clip() },
		);
		expect(error!.message).toBe(
			'Frames (numFrames) is 500, but must be left out while Match Video Length (matchVideoLength) is on [item 0]',
		);
	});
});

describe('an upload', () => {
	test('is made once for each distinct file, with its own content type and extension', async () => {
		const other = { data: { bytes: blue, name: 'no extension' } };
		const { error } = await run('imageToVideo', {}, [{ data: image() }, other, { data: image() }]);
		expect(error).toBeUndefined();
		expect(uploads()).toHaveLength(2);
		const fetched = scene.fal.requests.map(({ media }) => media!.image_url!);
		expect(fetched.map(({ contentType }) => contentType)).toEqual(Array(3).fill('image/png'));
		expect(fetched.map(({ url }) => url.endsWith('.png'))).toEqual([true, true, true]);
	});
});

describe('a retry', () => {
	test('finds its request by the content of the files, wherever they were uploaded to', async () => {
		scene.fal.script('a fox', { job: { runSeconds: 2 } });
		const options = { timeoutSeconds: 1, onStop: 'leave' };
		const first = await run('imageToVideo', { options }, { data: image() });
		expect(first.error!.message).toContain(scene.fal.requests[0]!.request_id);
		const again = await run(
			'imageToVideo',
			{ options: {} },
			{ data: image() },
			{ mode: 'retry', saved: savedData(first), executionId: '2', retryOf: '1' },
		);
		expect(again.error).toBeUndefined();
		expect(submits()).toHaveLength(1);
	});

	test('with another operation is another request: the endpoint is another one', async () => {
		scene.fal.script('a fox', { job: { runSeconds: 60 } });
		const options = { timeoutSeconds: 1, onStop: 'leave' };
		const first = await run('videoToVideo', { options }, { data: clip() });
		const second = await run(
			'referenceVideoToVideo',
			{ options: {} },
			{ data: clip() },
			{ mode: 'retry', saved: savedData(first), executionId: '2', retryOf: '1' },
		);
		expect(second.error).toBeUndefined();
		expect(scene.fal.requests.map(({ endpointId }) => endpointId)).toEqual([
			'fal-ai/ltx-2.3-22b/distilled/video-to-video',
			'fal-ai/ltx-2.3-22b/distilled/reference-video-to-video',
		]);
	});

	test('within an execution keeps its request, with its own endpoint and price', async () => {
		scene.fal.script('a fox', { download: [{ kind: 'status', status: 403 }] });
		const first = await run('imageToVideo', { model: 'full' }, { data: image() });
		const again = await run(
			'imageToVideo',
			{ model: 'distilled' },
			{ data: image() },
			{ saved: savedData(first) },
		);
		expect(again.error).toBeUndefined();
		expect(submits()).toHaveLength(1);
		expect(again.outputs[0]![0]!.json).toMatchObject({
			endpoint_id: 'fal-ai/ltx-2.3-22b/image-to-video',
			cost: { unit_price: 0.001605 },
		});
	});

	test('of a lost submit finds it in the list of its own endpoint', async () => {
		scene.fal.script('a fox', { submit: [{ kind: 'resetAfter' }] });
		const { error } = await run('extendVideo', {}, { data: clip() });
		expect(error).toBeUndefined();
		expect(submits()).toHaveLength(1);
		const listed = scene.fal.calls.filter(({ path }) => path.includes('by-endpoint'));
		expect(listed[0]!.path).toContain(encodeURIComponent('fal-ai/ltx-2.3-22b/extend-video'));
	});
});

describe('the cost', () => {
	const auto = { videoSize: 'auto' };

	test('of an auto size is known from the file, and is what fal bills', async () => {
		const { outputs, hints } = await run('imageToVideo', auto, { data: image() });
		// 320 × 192 × 9 at the price without LoRAs.
		expect(outputs[0]![0]!.json.cost).toMatchObject({
			...{ estimated: 0.0007, actual: 0.0007, unit_price: 0.001205, source: 'billed' },
		});
		expect(hints.join()).not.toContain("can't be known");
	});

	test('of a length that follows a file is known from the file', async () => {
		const { outputs } = await run('videoToVideo', auto, { data: clip() });
		// 64 × 64 × 25.
		expect(outputs[0]![0]!.json.cost).toMatchObject({ estimated: 0.0002, billable_units: 0.1024 });
	});

	const byLink = { ...auto, imageSource: 'link', imageUrl: 'https://example.com/photo.png' };

	test('of an auto size by link is null, with the reason, and billed all the same', async () => {
		const { outputs, hints } = await run('imageToVideo', byLink);
		expect(outputs[0]![0]!.json.cost).toMatchObject({ estimated: null, source: 'billed' });
		expect(hints.join('\n')).toContain(
			"The cost can't be known beforehand. The size follows the image",
		);
		expect(hints.join('\n')).toContain('1 video: cost not known beforehand, actual $');
	});

	test.each([
		[{ maxCostPerItem: 5 }, 'Max Cost per Item (maxCostPerItem) is $5'],
		[{ maxCostPerRun: 5 }, 'Max Cost per Run (maxCostPerRun) is $5'],
	])(
		'that is not known is stopped by a limit that says what to set: %j',
		async (options, limit) => {
			const { error } = await run('imageToVideo', { ...byLink, options });
			expect(error!.message).toContain("can't be known beforehand");
			expect(error!.message).toContain(limit);
			expect(error!.message).toContain('choose another Video Size (videoSize)');
			expect(scene.fal.calls).toEqual([]);
		},
	);

	test('of what was submitted without one does not keep a retry from collecting it', async () => {
		scene.fal.script('a fox', { job: { runSeconds: 2 } });
		const options = { timeoutSeconds: 1, onStop: 'leave' };
		const first = await run('imageToVideo', { ...byLink, options });
		const again = await run(
			'imageToVideo',
			{ ...byLink, options: { maxCostPerRun: 5 } },
			{},
			{
				...{ mode: 'retry', saved: savedData(first), executionId: '2', retryOf: '1' },
			},
		);
		expect(again.error).toBeUndefined();
		expect(submits()).toHaveLength(1);
	});

	test('has the live prices of all endpoints of a run in one call', async () => {
		const changes = {
			model: '={{ $json.prompt === "one" ? "distilled" : "full" }}',
			specifyLoras: 'json',
			lorasJson: '={{ $json.prompt === "three" ? [{ path: "owner/repo" }] : [] }}',
			options: { priceSource: 'live' },
		};
		const { outputs, error } = await engine.run({
			parameters: { operation: 'textToVideo', ...SMALL, ...NINE_FRAMES, ...changes },
			items: ['one', 'two', 'three'].map((prompt) => ({ prompt })),
			credential: scene.credential,
		});
		expect(error).toBeUndefined();
		expect(outputs[0]!.map(({ json }) => (json.cost as { unit_price: number }).unit_price)).toEqual(
			[0.001205, 0.001605, 0.001805],
		);
		const priceCalls = scene.fal.calls.filter(({ path }) => path.includes('pricing'));
		expect(priceCalls).toHaveLength(1);
		expect(scene.fal.requests.map(({ endpointId }) => endpointId).sort()).toEqual([
			'fal-ai/ltx-2.3-22b/distilled/text-to-video',
			'fal-ai/ltx-2.3-22b/text-to-video',
			'fal-ai/ltx-2.3-22b/text-to-video/lora',
		]);
	});
});

describe('Wait Mode None', () => {
	test('hands on the request, and Get Result its video with the price of its endpoint', async () => {
		const submitted = await run(
			'imageToVideo',
			{ options: { waitMode: 'none' } },
			{ data: image() },
		);
		const { json } = submitted.outputs[0]![0]!;
		expect(json.endpoint_id).toBe('fal-ai/ltx-2.3-22b/distilled/image-to-video');
		await until(() => scene.fal.requests[0]?.state === 'COMPLETED');
		const { outputs } = await engine.run({
			parameters: {
				...{ resource: 'request', operation: 'getResult', requestId: String(json.request_id) },
			},
			credential: scene.credential,
		});
		expect(outputs[0]![0]!.json).toMatchObject({
			endpoint_id: 'fal-ai/ltx-2.3-22b/distilled/image-to-video',
			cost: { unit_price: 0.001205, source: 'billed' },
		});
	});
});
