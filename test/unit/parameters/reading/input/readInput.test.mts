import { tasks } from '../../../../../nodes/FalLtxVideo/endpoints';
import { audioToVideo } from '../../../../../nodes/FalLtxVideo/endpoints/tasks/audioToVideo';
import { extendVideo } from '../../../../../nodes/FalLtxVideo/endpoints/tasks/extendVideo';
import { imageToVideo } from '../../../../../nodes/FalLtxVideo/endpoints/tasks/imageToVideo';
import { referenceVideoToVideo } from '../../../../../nodes/FalLtxVideo/endpoints/tasks/referenceVideoToVideo';
import type { Task } from '../../../../../nodes/FalLtxVideo/endpoints/tasks/Task';
import { textToVideo } from '../../../../../nodes/FalLtxVideo/endpoints/tasks/textToVideo';
import { videoToVideo } from '../../../../../nodes/FalLtxVideo/endpoints/tasks/videoToVideo';
import { videoFields } from '../../../../../nodes/FalLtxVideo/parameters/fields/videoFields';
import { InvalidParametersError } from '../../../../../nodes/FalLtxVideo/parameters/InvalidParametersError';
import {
	type InputContext,
	readInput,
} from '../../../../../nodes/FalLtxVideo/parameters/reading/input/readInput';

/** The files of the item. */
const binary: Record<string, { data: string; mimeType: string; fileName?: string }> = {
	data: { data: 'AAAA', mimeType: 'image/png', fileName: 'fox.png' },
	sound: { data: 'BBBB', mimeType: 'audio/mpeg', fileName: 'fox.mp3' },
	style: { data: 'CCCC', mimeType: 'application/octet-stream', fileName: 'a.safetensors' },
	nameless: { data: 'DDDD', mimeType: 'video/mp4' },
};

/** Parameters as n8n resolves them; dots reach into them, as in n8n. */
function context(parameters: Record<string, unknown>): InputContext {
	return {
		getNodeParameter: (name: string, _itemIndex: number, fallback?: unknown) => {
			const value = name
				.split('.')
				.reduce<unknown>(
					(at, key) => (at as Record<string, unknown> | undefined)?.[key],
					parameters,
				);
			return value === undefined ? fallback : value;
		},
		getInputData: () => [{ binary }],
		helpers: {
			assertBinaryData: (_itemIndex: number, given: string | { data: string }) => {
				if (typeof given === 'object' && given.data) return given;
				const found = binary[String(given)];
				if (!found) throw new Error('no such field');
				return found;
			},
		},
	} as unknown as InputContext;
}

const least = {
	...{ prompt: 'a fox', model: 'distilled' },
	loras: { lora: [{ path: 'owner/repo' }] },
	...{ videoSize: 'square', durationSeconds: 5 },
};
const leastSent = {
	prompt: 'a fox',
	loras: [{ path: 'owner/repo' }],
	...{ video_size: 'square', num_frames: 121 },
};

const readAll = (parameters: Record<string, unknown>, task: Task = textToVideo) =>
	readInput(context({ ...least, ...parameters }), 0, task, videoFields(task), true);
const read = (parameters: Record<string, unknown>, task?: Task) => readAll(parameters, task).input;

function faults(parameters: Record<string, unknown>, task?: Task): string {
	try {
		return `accepted: ${JSON.stringify(read(parameters, task))}`;
	} catch (error) {
		if (error instanceof InvalidParametersError) return error.message;
		throw error;
	}
}

test('only what is in view or was added is sent', () => {
	expect(read({})).toEqual(leastSent);
	expect(read({ generation: {}, outputFile: {} })).toEqual(read({}));
});

test('all twenty, under the names of fal', () => {
	const input = read({
		prompt: 'a fox',
		loras: { lora: [{ path: 'owner/repo', weightName: 'w.safetensors', scale: 0.5 }] },
		videoSize: 'custom',
		width: 640,
		height: 352,
		generation: {
			numFrames: 9,
			fps: 12.5,
			acceleration: 'high',
			cameraLora: 'jib_up',
			cameraLoraScale: 0.5,
			distillLoraSecondPassScale: 0.25,
			enablePromptExpansion: false,
			enableSafetyChecker: false,
			generateAudio: false,
			negativePrompt: '',
			scheduler: 'ltx2',
			seed: '42',
			useMultiscale: false,
		},
		outputFile: {
			syncMode: true,
			videoOutputType: 'VP9 (.webm)',
			videoQuality: 'low',
			videoWriteMode: 'fast',
		},
	});
	expect(input).toEqual({
		prompt: 'a fox',
		loras: [{ path: 'owner/repo', weight_name: 'w.safetensors', scale: 0.5 }],
		video_size: { width: 640, height: 352 },
		num_frames: 9,
		fps: 12.5,
		acceleration: 'high',
		camera_lora: 'jib_up',
		camera_lora_scale: 0.5,
		distill_lora_second_pass_scale: 0.25,
		enable_prompt_expansion: false,
		enable_safety_checker: false,
		generate_audio: false,
		negative_prompt: '',
		scheduler: 'ltx2',
		seed: 42,
		use_multiscale: false,
		sync_mode: true,
		video_output_type: 'VP9 (.webm)',
		video_quality: 'low',
		video_write_mode: 'fast',
	});
	expect(Object.keys(input)).toHaveLength(20);
});

describe('an expression brings any type', () => {
	test.each([
		['a number as prompt stays text', { prompt: 2049 }, { prompt: '2049' }],
		[
			'numbers as text',
			{ generation: { numFrames: ' 97 ', fps: '23.976' } },
			{ num_frames: 97, fps: 23.976 },
		],
		['a duration as text', { durationSeconds: ' 10 ' }, { num_frames: 241 }],
		['a model with blanks', { model: 'distilled' }, {}],
		['booleans as text', { generation: { generateAudio: 'false' } }, { generate_audio: false }],
		['booleans of a spreadsheet', { outputFile: { syncMode: 'TRUE' } }, { sync_mode: true }],
		[
			'other spellings of them',
			{ generation: { useMultiscale: ' False\n', generateAudio: 'True' } },
			{ use_multiscale: false, generate_audio: true },
		],
		[
			'a size as an object',
			{ videoSize: { width: 64, height: 64 } },
			{ video_size: { width: 64, height: 64 } },
		],
		['the ratio of a preset', { videoSize: '9:16' }, { video_size: 'portrait_16_9' }],
		['another name of one', { videoSize: 'portrait_9_16' }, { video_size: 'portrait_16_9' }],
		[
			'a size that fal has no preset for',
			{ videoSize: 'portrait_1080p' },
			{ video_size: { width: 1080, height: 1920 } },
		],
		['a seed as a number', { generation: { seed: 7 } }, { seed: 7 }],
		[
			'a seed beyond 2^53',
			{ generation: { seed: '9007199254740993' } },
			{ seed: 9007199254740993n },
		],
		[
			'a pasted path',
			{ loras: { lora: [{ path: ' \u200bowner/repo\u00a0\n' }] } },
			{ loras: [{ path: 'owner/repo' }] },
		],
	])('%s', (_case, parameters, expected) => {
		expect(read(parameters)).toEqual({ ...read({}), ...expected });
	});

	test.each([
		['seed', { generation: { seed: '' } }],
		['negative prompt', { generation: { negativePrompt: null } }],
		[
			'weight name and scale',
			{ loras: { lora: [{ path: 'owner/repo', weightName: '', scale: null }] } },
		],
		['weight name of blanks', { loras: { lora: [{ path: 'owner/repo', weightName: ' ' }] } }],
	])('empty means not set: %s', (_case, parameters) => {
		expect(read(parameters)).toEqual(leastSent);
	});

	test.each([
		[
			{ durationSeconds: undefined },
			'Duration (Seconds) (durationSeconds) is missing, but must be a number of seconds from 0.38 to 20.04 at 24 frames per second',
		],
		[
			{ durationSeconds: ' ', generation: { fps: 48 } },
			'Duration (Seconds) (durationSeconds) is missing, but must be a number of seconds from 0.19 to 10.02 at 48 frames per second',
		],
		[
			{ generation: { fps: ' ', numFrames: null } },
			'Frames (numFrames) was added, but its expression gives nothing: it must be a whole number from 9 to 481, or be removed; Frames per Second (fps) was added, but is empty: it must be a number from 1 to 60, or be removed',
		],
		[{ videoSize: '' }, /^Video Size \(videoSize\) is empty, but must be one of square_hd, /],
		[
			{ generation: { useMultiscale: undefined } },
			'Use Multi-Scale (useMultiscale) was added, but its expression gives nothing: it must be true or false, or be removed',
		],
		[
			{ generation: { scheduler: ' ' }, outputFile: { syncMode: null } },
			'Scheduler (scheduler) was added, but is empty: it must be one of ltx2, linear_quadratic, beta, or be removed; Sync Mode (syncMode) was added, but its expression gives nothing: it must be true or false, or be removed',
		],
	])("fal's default doesn't stand in for %j", (parameters, message) => {
		expect(faults(parameters)).toEqual(
			typeof message === 'string' ? message : expect.stringMatching(message),
		);
	});
});

test.each([
	[
		{ generation: { numFrames: 500 } },
		'Frames (numFrames) is 500, but must be a whole number from 9 to 481',
	],
	[
		{ generation: { numFrames: 'many' } },
		'Frames (numFrames) is "many", but must be a whole number from 9 to 481',
	],
	[
		{ generation: { numFrames: 9, fps: 0 } },
		'Frames per Second (fps) is 0, but must be a number from 1 to 60',
	],
	[{ prompt: { a: 1 } }, 'Prompt (prompt) is {"a":1}, but must be text'],
	[{ model: 'large' }, 'Model (model) is "large", but must be one of distilled, full'],
	[{ model: '' }, 'Model (model) is missing, but must be one of distilled, full'],
	[
		{ loras: { lora: [{ path: 'a/b' }, { path: 'c/d', scale: 5 }] } },
		'Strength (loras[1].scale) is 5, but must be a number from 0 to 4',
	],
	[
		{ loras: { lora: 'owner/repo' } },
		'LoRAs (loras) is "owner/repo", but must be a list with at least 1 row',
	],
	[
		{ loras: { lora: [{ path: 'a/b', source: 'ftp' }] } },
		'Source (loras[0].source) is "ftp", but must be one of link, binary',
	],
	[
		{ loras: { lora: [{ source: 'binary', binaryPropertyName: 'lost' }] } },
		'Input Binary Field (loras[0].binaryPropertyName) is "lost", but must be a binary field of the item, which has data, sound, style, nameless',
	],
	[
		{ videoSize: '4k' },
		/^Video Size \(videoSize\) is "4k", but must be one of square_hd, .*, or an object with width and height$/,
	],
	[
		{ videoSize: 'custom', width: 0, height: 'x' },
		'Width (width) is 0, but must be a whole number from 1 to 14142; Height (height) is "x", but must be a whole number from 1 to 14142',
	],
	[
		{ generation: { seed: 2 ** 53 } },
		'Seed (seed) is 9007199254740992, but must be a whole number, or as text one of up to 64 digits',
	],
	[
		{ generation: { useMultiscale: 'maybe' } },
		'Use Multi-Scale (useMultiscale) is "maybe", but must be true or false',
	],
	[
		{ generation: { numFrames: 1 }, outputFile: { videoQuality: 'best' } },
		'Frames (numFrames) is 1, but must be a whole number from 9 to 481; Quality (videoQuality) is "best", but must be one of low, medium, high, maximum',
	],
])('%j is refused in words', (parameters, message) => {
	expect(faults(parameters)).toEqual(
		typeof message === 'string' ? message : expect.stringMatching(message),
	);
});

test.each(['', ' ', '\n\t', '\u00a0', '\u200b\u200d', '\ufeff\u2800\u3164', '\u0000'])(
	'a prompt of nothing that can be seen is empty: %j',
	(prompt) => expect(faults({ prompt })).toBe('Prompt (prompt) is empty, but must be text'),
);

test('a LoRA without a source is a link', () => {
	const { input, files, hints } = readAll({});
	expect(input.loras).toEqual([{ path: 'owner/repo' }]);
	expect(files).toEqual([]);
	expect(hints).toEqual([]);
});

test.each([
	['no text can be made of', { toString: 1 }, '{"toString":1}'],
	['JSON has no words for', { at: [1n] }, 'something that cannot be shown'],
])('a source of a LoRA that %s is refused in words', (_what, source, shown) => {
	expect(faults({ loras: { lora: [{ source, path: 'a/b' }] } })).toBe(
		`Source (loras[0].source) is ${shown}, but must be one of link, binary`,
	);
});

test('a page in place of a LoRA is refused together with all else', () => {
	const path = 'https://huggingface.co/o/r/tree/main';
	expect(
		faults({ generation: { fps: 0, numFrames: 9 }, loras: { lora: [{ path: 'a/b' }, { path }] } }),
	).toBe(
		'Frames per Second (fps) is 0, but must be a number from 1 to 60; LoRA (loras[1].path) is "https://huggingface.co/o/r/tree/main", but must be the name of the repository, o/r, or a file in it: https://huggingface.co/o/r/resolve/main/NAME.safetensors',
	);
});

test('the file behind a page is sent in its place, and a hint says so', () => {
	const lora = [
		{ path: ' https://huggingface.co/o/r/blob/main/x.safetensors' },
		{ path: 'https://huggingface.co/o/r', weightName: 'y.safetensors' },
	];
	const { input, hints } = readInput(
		context({ ...least, loras: { lora } }),
		0,
		textToVideo,
		videoFields(textToVideo),
		true,
	);
	expect(input.loras).toEqual([
		{ path: 'https://huggingface.co/o/r/resolve/main/x.safetensors' },
		{ path: 'o/r', weight_name: 'y.safetensors' },
	]);
	expect(hints).toEqual([
		'LoRA (loras[0].path): https://huggingface.co/o/r/blob/main/x.safetensors is a page about the file, so https://huggingface.co/o/r/resolve/main/x.safetensors is used in its place.',
		'LoRA (loras[1].path): https://huggingface.co/o/r is the page of a repository, so o/r is used in its place.',
	]);
});

test('a private address is refused where fal is known to be on the internet', () => {
	const path = 'http://127.0.0.1/x.safetensors';
	const reading = (queueIsPublic: boolean) => () =>
		readInput(
			context({ ...least, loras: { lora: [{ path }] } }),
			0,
			textToVideo,
			videoFields(textToVideo),
			queueIsPublic,
		);
	expect(reading(true)).toThrow(
		'LoRA (loras[0].path) is "http://127.0.0.1/x.safetensors", but must',
	);
	expect(reading(false)().hints).toEqual([]);
});

test.each([
	'civitai.com/models/1?token=SECRET',
	'//civitai.com/x.ckpt?token=SECRET',
	'https://example.com/x.ckpt?name=a b&token=SECRET',
	"huggingface.co/o/r/blob/main/x.safetensors?a='SECRET",
	'/loras/x.safetensors?SECRET/x.safetensors',
])('a token in the path %s is in no error and no hint', (path) => {
	const lora = [{ path, weightName: 'w', scale: 9 }];
	const message = faults({ loras: { lora } });
	expect(message).toContain('loras[0].scale');
	expect(message).not.toContain('SECRET');
});

test.each(['civitai.com/api/download/models/1?token=SECRET', 'a-style?token=SECRET'])(
	'a token in the doubtful path %s is in no hint',
	(path) => {
		const { hints } = readAll({ loras: { lora: [{ path }] } });
		expect(hints).toHaveLength(1);
		expect(hints.join()).not.toContain('SECRET');
	},
);

test('a weight name with a link gives a hint', () => {
	const lora = [{ path: 'https://example.com/x.safetensors', weightName: 'x.safetensors' }];
	const { hints } = readAll({ loras: { lora } });
	expect(hints).toEqual([expect.stringContaining('Weight Name (loras[0].weightName)')]);
});

describe('which endpoint', () => {
	const FAMILY = 'fal-ai/ltx-2.3-22b';

	test.each([
		['distilled', [{ path: 'owner/repo' }], `${FAMILY}/distilled/text-to-video/lora`],
		['distilled', [], `${FAMILY}/distilled/text-to-video`],
		['distilled', undefined, `${FAMILY}/distilled/text-to-video`],
		['full', [{ path: 'owner/repo' }], `${FAMILY}/text-to-video/lora`],
		['full', [{}, { path: ' \u200b' }, null], `${FAMILY}/text-to-video`],
		['full', [{ source: 'binary', binaryPropertyName: '' }], `${FAMILY}/text-to-video`],
	])('%s with the LoRAs %j', (model, lora, id) => {
		const { endpoint, input } = readAll({ model, loras: lora ? { lora } : {} });
		expect(endpoint.id).toBe(id);
		expect('loras' in input).toBe(id.endsWith('/lora'));
	});

	test.each(tasks.map((task) => [task.name, task] as const))('%s by its own task', (name, task) => {
		const files = { imageSource: 'binary', audioSource: 'binary', videoSource: 'binary' };
		const names = ['image', 'audio', 'video'].map((one) => [`${one}BinaryPropertyName`, 'data']);
		const parameters = { ...files, ...Object.fromEntries(names), endImageSource: 'none' };
		const own = { matchAudioLength: true, matchVideoLength: true };
		const others = { extendDirection: 'forward', preprocessor: 'none' };
		const { endpoint } = readAll(
			{ ...parameters, ...own, ...others, loras: {}, model: 'full' },
			task,
		);
		expect(endpoint.id).toBe(`${FAMILY}/${name}`);
	});

	test('a task with one model has no parameter for it', () => {
		const parameters = { ...least, model: 'distilled', loras: {}, videoSource: 'link' };
		const video = { videoUrl: 'https://example.com/a.mp4', extendDirection: 'backward' };
		const extended = { ...parameters, ...video, endImageSource: 'none' };
		expect(readAll(extended, extendVideo).endpoint.id).toBe(`${FAMILY}/extend-video`);
	});
});

describe('LoRA rows', () => {
	test('empty ones are left out, and the others keep their places in errors', () => {
		const lora = [{ path: '' }, { path: 'a/b' }, null, { path: 'c/d', scale: 9 }];
		expect(faults({ loras: { lora } })).toBe(
			'Strength (loras[3].scale) is 9, but must be a number from 0 to 4',
		);
		const fitting = [{ path: '' }, { path: 'a/b' }, {}, { path: 'c/d', scale: 2 }];
		expect(read({ loras: { lora: fitting } })).toMatchObject({
			loras: [{ path: 'a/b' }, { path: 'c/d', scale: 2 }],
		});
	});

	test('a page or a lost file behind an empty row is named by its own place', () => {
		const path = 'https://civitai.com/models/1';
		expect(faults({ loras: { lora: [{}, { path }] } })).toContain('LoRA (loras[1].path)');
		const lost = { source: 'binary', binaryPropertyName: 'lost' };
		expect(faults({ loras: { lora: [{}, {}, lost] } })).toContain(
			'Input Binary Field (loras[2].binaryPropertyName)',
		);
	});

	test('a file belongs where its row is sent', () => {
		const lora = [{}, { path: 'a/b' }, { source: 'binary', binaryPropertyName: 'style' }];
		const { files, input } = readAll({ loras: { lora } });
		expect(files).toEqual([
			{
				...{ path: ['loras', 1, 'path'], field: ['loras', 2, 'binary_property_name'] },
				...{ kind: 'lora', binary: binary['style'] },
			},
		]);
		expect(input.loras?.[1]?.path).toBe('a.safetensors');
	});

	test('an expression may give the whole list', () => {
		const given = [
			{ path: 'a/b', scale: '0.5' },
			{ path: 'c/d', weightName: 'w.safetensors' },
		];
		expect(read({ loras: { lora: given } })).toMatchObject({
			loras: [
				{ path: 'a/b', scale: 0.5 },
				{ path: 'c/d', weight_name: 'w.safetensors' },
			],
		});
	});
});

describe('files', () => {
	const image = { loras: {}, videoSize: 'auto', endImageSource: 'none' };
	const link = { imageSource: 'link', imageUrl: ' https://example.com/a.png\n' };
	const file = { imageSource: 'binary', imageBinaryPropertyName: ' data ' };

	test('a link is sent as it is, without blanks around it', () => {
		const { input, files } = readAll({ ...image, ...link }, imageToVideo);
		expect(input).toMatchObject({ image_url: 'https://example.com/a.png' });
		expect(input).not.toHaveProperty('end_image_url');
		expect(files).toEqual([]);
	});

	test('a file of the item stands in the input by its name until it is uploaded', () => {
		const { input, files } = readAll({ ...image, ...file }, imageToVideo);
		expect(input['image_url']).toBe('fox.png');
		expect(files).toEqual([
			{
				...{ path: ['image_url'], field: ['image_binary_property_name'], kind: 'image' },
				binary: binary['data'],
			},
		]);
	});

	test('an expression may give the file itself', () => {
		const given = { ...file, imageBinaryPropertyName: binary['sound'] };
		const { files } = readAll({ ...image, ...given }, imageToVideo);
		expect(files.map((one) => one.binary)).toEqual([binary['sound']]);
	});

	test('a file without a name is a file all the same', () => {
		const given = { ...file, imageBinaryPropertyName: 'nameless' };
		const { input, files } = readAll({ ...image, ...given }, imageToVideo);
		expect(input['image_url']).toBe('file');
		expect(files).toHaveLength(1);
	});

	test('each file goes to its own input, with its own kind', () => {
		const { input, files } = readAll(
			{
				...{ loras: {}, matchVideoLength: true, preprocessor: 'pose', videoSize: 'auto' },
				...{ videoSource: 'binary', videoBinaryPropertyName: 'nameless' },
				...{ audioSource: 'binary', audioBinaryPropertyName: 'sound' },
				...{ imageSource: 'link', imageUrl: 'https://example.com/a.png' },
				...{ endImageSource: 'binary', endImageBinaryPropertyName: 'data' },
			},
			referenceVideoToVideo,
		);
		expect(files.map(({ path, kind }) => [path, kind])).toEqual([
			[['video_url'], 'video'],
			[['end_image_url'], 'image'],
			[['audio_url'], 'audio'],
		]);
		expect(input).toMatchObject({ image_url: 'https://example.com/a.png', preprocessor: 'pose' });
	});

	test.each([
		[{ ...link, imageUrl: '' }, 'Image URL (imageUrl) is empty, but must be the link of a file'],
		[
			{ ...link, imageUrl: 7 },
			'Image URL (imageUrl) is "7", but must be the link of an image file, such as .png or .jpg, that starts with https://',
		],
		[{ ...link, imageUrl: { a: 1 } }, 'Image URL (imageUrl) is {"a":1}, but must be text'],
		[
			{ ...file, imageBinaryPropertyName: 'lost' },
			'Image Input Binary Field (imageBinaryPropertyName) is "lost", but must be a binary field of the item, which has data, sound, style, nameless',
		],
		[
			{ imageSource: 'none' },
			'Image Source (imageSource) is "none", but must be one of link, binary',
		],
		[
			{ imageSource: 'ftp' },
			'Image Source (imageSource) is "ftp", but must be one of link, binary',
		],
		[{}, 'Image Source (imageSource) is missing, but must be one of link, binary'],
		[
			{ ...link, endImageSource: 'web' },
			'End Image Source (endImageSource) is "web", but must be one of none, link, binary',
		],
		[
			{ ...link, endImageSource: 'link', endImageUrl: '\u200b' },
			'End Image URL (endImageUrl) is empty, but must be the link of a file',
		],
	])('%j: %s', (parameters, message) => {
		const found = faults({ ...image, ...parameters }, imageToVideo);
		expect(message === 'accepted: ' ? found.slice(0, message.length) : found).toBe(message);
	});
});

describe('length', () => {
	const video = {
		...{ loras: {}, videoSource: 'link', videoUrl: 'https://example.com/a.mp4' },
		...{ videoSize: 'auto' },
	};
	const audio = {
		...{ loras: {}, audioSource: 'link', audioUrl: 'https://example.com/a.mp3' },
		...{ imageSource: 'none', endImageSource: 'none' },
	};

	test.each([
		[0.375, 24, 9],
		[5, 24, 121],
		[5.1, 24, 121],
		[5.25, 24, 129],
		[20, 24, 481],
		[5, 30, 153],
		[10, 48, 481],
		[1, 12.5, 9],
		[200, 2, 401],
	])('%d s at %d frames per second are sent as %d frames', (durationSeconds, fps, frames) => {
		const sent = read({ durationSeconds, generation: { fps } });
		expect(sent).toMatchObject({ num_frames: frames, fps });
		expect((sent.num_frames! - 1) % 8).toBe(0);
	});

	test.each([
		[20.5, 24, 'from 0.38 to 20.04 at 24 frames per second'],
		[0.1, 24, 'from 0.38 to 20.04 at 24 frames per second'],
		[-5, 24, 'from 0.38 to 20.04 at 24 frames per second'],
		[9, 60, 'from 0.15 to 8.01 at 60 frames per second'],
		[20, 25, 'from 0.36 to 19.24 at 25 frames per second'],
		[3, 1, 'from 9 to 481 at 1 frames per second'],
		['long', 24, 'from 0.38 to 20.04 at 24 frames per second'],
		[NaN, 24, 'from 0.38 to 20.04 at 24 frames per second'],
		[Infinity, 24, 'from 0.38 to 20.04 at 24 frames per second'],
	])('%s s at %d frames per second are refused', (durationSeconds, fps, range) => {
		const shown = typeof durationSeconds === 'string' ? `"${durationSeconds}"` : durationSeconds;
		expect(faults({ durationSeconds, generation: { fps } })).toBe(
			`Duration (Seconds) (durationSeconds) is ${shown}, but must be a number of seconds ${range}`,
		);
	});

	test.each([0.38, 20.04])(
		'what an error names as a limit is accepted: %d s',
		(durationSeconds) => {
			expect(read({ durationSeconds }).num_frames).toBe(durationSeconds < 1 ? 9 : 481);
		},
	);

	test('frames win over the duration, which is not looked at then', () => {
		const { input, durationSeconds } = readAll({
			...{ durationSeconds: 'anything', generation: { numFrames: 20 } },
		});
		expect(input.num_frames).toBe(20);
		expect(durationSeconds).toBeUndefined();
	});

	test('that of a file leaves nothing to send but that it is followed', () => {
		const sent = read({ ...video, matchVideoLength: true }, videoToVideo);
		expect(sent).toEqual({
			...{ prompt: 'a fox', video_url: video.videoUrl, video_size: 'auto' },
			match_video_length: true,
		});
		expect(read({ ...audio, matchAudioLength: 'true' }, audioToVideo)).toMatchObject({
			match_audio_length: true,
		});
	});

	test('a length of its own is the duration, at the rate that is set or the usual one', () => {
		const own = { ...video, matchVideoLength: false };
		const { input, durationSeconds } = readAll(own, videoToVideo);
		expect(input).toMatchObject({ match_video_length: false, num_frames: 121 });
		expect(durationSeconds).toBe(5);
		const generation = { matchInputFps: false, fps: 30 };
		expect(read({ ...own, generation }, videoToVideo)).toMatchObject({
			...{ match_input_fps: false, fps: 30, num_frames: 153 },
		});
		const sound = { ...audio, matchAudioLength: false, generation: { fps: 12 } };
		expect(read(sound, audioToVideo)).toMatchObject({ num_frames: 57, fps: 12 });
	});

	test.each([
		[
			{ ...video, matchVideoLength: true, generation: { numFrames: 25 } },
			videoToVideo,
			'Frames (numFrames) is 25, but must be left out while Match Video Length (matchVideoLength) is on',
		],
		[
			{ ...video, matchVideoLength: true, generation: { fps: 30 } },
			videoToVideo,
			'Frames per Second (fps) is 30, but must be left out while Match Input FPS (matchInputFps) is on',
		],
		[
			{ ...video, matchVideoLength: false, generation: { fps: 30, matchInputFps: true } },
			referenceVideoToVideo,
			/Frames per Second \(fps\) is 30, but must be left out while Match Input FPS \(matchInputFps\) is on/,
		],
		[
			{ ...audio, matchAudioLength: true, generation: { numFrames: 25 } },
			audioToVideo,
			'Frames (numFrames) is 25, but must be left out while Match Audio Length (matchAudioLength) is on',
		],
		[
			{ ...video, extendDirection: 'forward', generation: { fps: 30 } },
			extendVideo,
			/Frames per Second \(fps\) is 30, but must be left out while Match Input FPS \(matchInputFps\) is on/,
		],
	])('what a followed file makes useless is refused: %j', (parameters, task, message) => {
		const found = faults(parameters, task);
		if (typeof message === 'string') expect(found).toBe(message);
		else expect(found).toMatch(message);
	});

	test.each(['', null, 'maybe'])(
		'to follow or not is chosen in view, so %j is refused',
		(value) => {
			expect(faults({ ...video, matchVideoLength: value }, videoToVideo)).toMatch(
				/^Match Video Length \(matchVideoLength\) is .+, but must be true or false/,
			);
		},
	);

	test('the frame rate of audio is its own', () => {
		const sent = read({ ...audio, matchAudioLength: true, generation: { fps: 30 } }, audioToVideo);
		expect(sent).toMatchObject({ fps: 30, match_audio_length: true });
	});
});

describe('guidance', () => {
	const guidance = { videoCfgScale: 4, numInferenceSteps: '30', useRestartSampling: 'true' };

	test('goes to the full model', () => {
		expect(read({ model: 'full', guidance })).toEqual({
			...leastSent,
			...{ video_cfg_scale: 4, num_inference_steps: 30, use_restart_sampling: true },
		});
	});

	test('is refused with the distilled model, where it would do nothing', () => {
		expect(faults({ guidance: { videoCfgScale: 4, audioStgScale: '' } })).toBe(
			'Video CFG Scale (guidance.videoCfgScale) is 4, but must be left out: only the full model (model) takes it; Audio STG Scale (guidance.audioStgScale) is empty, but must be left out: only the full model (model) takes it',
		);
		expect(read({ guidance: {} })).toEqual(leastSent);
	});

	test('has its limits', () => {
		expect(faults({ model: 'full', guidance: { videoCfgScale: 0, numInferenceSteps: 8.5 } })).toBe(
			'Inference Steps (numInferenceSteps) is 8.5, but must be a whole number from 8 to 50; Video CFG Scale (videoCfgScale) is 0, but must be a number from 1 to 20',
		);
	});
});

describe('a setting that there is none of', () => {
	test.each([
		[
			{ generation: { numFrams: 9 } },
			'generation.numFrams is 9, but must be left out: Generation has no such setting',
		],
		[
			{ generation: { num_frames: 9 } },
			'generation.num_frames is 9, but must be left out: its name in the node is numFrames',
		],
		[
			{ generation: { matchAudioLength: true } },
			'Match Audio Length (generation.matchAudioLength) is true, but must be left out: only Audio to Video takes it',
		],
		[
			{ generation: { matchInputFps: false } },
			'Match Input FPS (generation.matchInputFps) is false, but must be left out: only Video to Video and Reference Video to Video and Extend Video take it',
		],
		[
			{ generation: { videoQuality: 'low' } },
			'Quality (generation.videoQuality) is "low", but must be left out: it belongs to Output File (outputFile)',
		],
		[
			{ generation: { durationSeconds: 9 } },
			'Duration (Seconds) (generation.durationSeconds) is 9, but must be left out: it is a field of its own, outside the collections',
		],
		[
			{ outputFile: { fps: 9 } },
			'Frames per Second (outputFile.fps) is 9, but must be left out: it belongs to Generation (generation)',
		],
		[
			{ outputFile: { format: undefined } },
			'outputFile.format is missing, but must be left out: Output File has no such setting',
		],
		[
			{ guidance: { cfg: 3 } },
			'guidance.cfg is 3, but must be left out: Guidance has no such setting',
		],
		[
			{ model: 'full', guidance: { cfg: 3 } },
			'guidance.cfg is 3, but must be left out: Guidance has no such setting',
		],
		[
			{ generation: { constructor: 1 } },
			'generation.constructor is 1, but must be left out: Generation has no such setting',
		],
	])('%j', (parameters, message) => expect(faults(parameters)).toBe(message));

	test('is named together with all else that is wrong', () => {
		expect(faults({ generation: { fps: 99, numFrams: 9, numFrames: 9 } })).toBe(
			'Frames per Second (fps) is 99, but must be a number from 1 to 60; generation.numFrams is 9, but must be left out: Generation has no such setting',
		);
	});

	test.each(['generation', 'outputFile', 'guidance'])('%s is an object, or nothing', (name) => {
		for (const value of ['', null, undefined]) expect(read({ [name]: value })).toEqual(leastSent);
		for (const value of ['fast', 7, ['fps']]) {
			expect(faults({ [name]: value })).toMatch(
				/\(\w+\) is .+, but must be an object with settings$/,
			);
		}
	});
});
