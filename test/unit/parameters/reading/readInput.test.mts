import { defaultEndpoint as endpoint } from '../../../../nodes/FalLtxVideo/endpoints';
import { videoFields } from '../../../../nodes/FalLtxVideo/parameters/fields/videoFields';
import { InvalidParametersError } from '../../../../nodes/FalLtxVideo/parameters/InvalidParametersError';
import {
	type InputContext,
	readInput,
} from '../../../../nodes/FalLtxVideo/parameters/reading/readInput';

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
	} as unknown as InputContext;
}

const least = {
	prompt: 'a fox',
	loras: { lora: [{ path: 'owner/repo' }] },
	...{ videoSize: 'square', numFrames: 9, fps: 24 },
};
const leastSent = {
	prompt: 'a fox',
	loras: [{ path: 'owner/repo' }],
	...{ video_size: 'square', num_frames: 9, fps: 24 },
};
const read = (parameters: Record<string, unknown>) =>
	readInput(context({ ...least, ...parameters }), 0, endpoint, videoFields(endpoint)).input;

function faults(parameters: Record<string, unknown>): string {
	try {
		return `accepted: ${JSON.stringify(read(parameters))}`;
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
		numFrames: 9,
		fps: 12.5,
		generation: {
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
		['numbers as text', { numFrames: ' 97 ', fps: '23.976' }, { num_frames: 97, fps: 23.976 }],
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
			{ numFrames: undefined },
			'Frames (numFrames) is missing, but must be a whole number from 9 to 481',
		],
		[
			{ fps: ' ', numFrames: null },
			'Frames (numFrames) is missing, but must be a whole number from 9 to 481; Frames per Second (fps) is empty, but must be a number from 1 to 60',
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
	[{ numFrames: 500 }, 'Frames (numFrames) is 500, but must be a whole number from 9 to 481'],
	[{ numFrames: 'many' }, 'Frames (numFrames) is "many", but must be a whole number from 9 to 481'],
	[{ fps: 0 }, 'Frames per Second (fps) is 0, but must be a number from 1 to 60'],
	[{ loras: { lora: [{ path: ' \u200b' }] } }, 'Path (loras[0].path) is empty, but must be text'],
	[{ prompt: { a: 1 } }, 'Prompt (prompt) is {"a":1}, but must be text'],
	[{ loras: { lora: [] } }, 'LoRAs (loras) is empty, but must be a list with at least 1 row'],
	[{ loras: {} }, 'LoRAs (loras) is empty, but must be a list with at least 1 row'],
	[
		{ loras: { lora: [{ path: 'a/b' }, { path: 'c/d', scale: 5 }] } },
		'Scale (loras[1].scale) is 5, but must be a number from 0 to 4',
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
		{ numFrames: 1, outputFile: { videoQuality: 'best' } },
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

test('a LoRA saved before there was a source is a link', () => {
	const { input, files, hints } = readInput(context(least), 0, endpoint, videoFields(endpoint));
	expect(input.loras).toEqual([{ path: 'owner/repo' }]);
	expect(files.size).toBe(0);
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
	expect(faults({ fps: 0, loras: { lora: [{ path: 'a/b' }, { path }] } })).toBe(
		'Frames per Second (fps) is 0, but must be a number from 1 to 60; Path (loras[1].path) is "https://huggingface.co/o/r/tree/main", but must be the name of the repository, o/r, or a file in it: https://huggingface.co/o/r/resolve/main/NAME.safetensors',
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
		endpoint,
		videoFields(endpoint),
	);
	expect(input.loras).toEqual([
		{ path: 'https://huggingface.co/o/r/resolve/main/x.safetensors' },
		{ path: 'o/r', weight_name: 'y.safetensors' },
	]);
	expect(hints).toEqual([
		'Path (loras[0].path): https://huggingface.co/o/r/blob/main/x.safetensors is a page about the file, so https://huggingface.co/o/r/resolve/main/x.safetensors is used in its place.',
		'Path (loras[1].path): https://huggingface.co/o/r is the page of a repository, so o/r is used in its place.',
	]);
});

test('a private address is refused where fal is known to be on the internet', () => {
	const path = 'http://127.0.0.1/x.safetensors';
	const reading = (queueIsPublic?: boolean) => () =>
		readInput(
			context({ ...least, loras: { lora: [{ path }] } }),
			0,
			endpoint,
			videoFields(endpoint),
			queueIsPublic,
		);
	expect(reading(true)).toThrow(
		'Path (loras[0].path) is "http://127.0.0.1/x.safetensors", but must',
	);
	expect(reading(false)().hints).toEqual([]);
	expect(reading()().hints).toEqual([expect.stringContaining("fal.ai can't reach it")]);
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
		const { hints } = readInput(
			context({ ...least, loras: { lora: [{ path }] } }),
			0,
			endpoint,
			videoFields(endpoint),
		);
		expect(hints).toHaveLength(1);
		expect(hints.join()).not.toContain('SECRET');
	},
);

test('a weight name with a link gives a hint', () => {
	const lora = [{ path: 'https://example.com/x.safetensors', weightName: 'x.safetensors' }];
	const { hints } = readInput(
		context({ ...least, loras: { lora } }),
		0,
		endpoint,
		videoFields(endpoint),
	);
	expect(hints).toEqual([expect.stringContaining('Weight Name (loras[0].weightName)')]);
});
