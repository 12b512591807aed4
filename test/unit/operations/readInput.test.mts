import { InvalidParametersError } from '../../../nodes/FalLtxVideo/operations/video/InvalidParametersError';
import type { InputContext } from '../../../nodes/FalLtxVideo/operations/video/readInput';
import { readInput } from '../../../nodes/FalLtxVideo/operations/video/readInput';

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

const least = { prompt: 'a fox', loras: { lora: [{ path: 'owner/repo' }] } };
const read = (parameters: Record<string, unknown>) =>
	readInput(context({ ...least, ...parameters }), 0).input;

function faults(parameters: Record<string, unknown>): string {
	try {
		return `accepted: ${JSON.stringify(read(parameters))}`;
	} catch (error) {
		if (error instanceof InvalidParametersError) return error.message;
		throw error;
	}
}

test('only what is set is sent', () => {
	expect(read({})).toEqual({ prompt: 'a fox', loras: [{ path: 'owner/repo' }] });
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
			{ loras: { lora: [{ path: ' owner/repo\n' }] } },
			{ loras: [{ path: 'owner/repo' }] },
		],
	])('%s', (_case, parameters, expected) => {
		expect(read(parameters)).toEqual({ ...read({}), ...expected });
	});

	test.each([
		['seed', { generation: { seed: '' } }],
		['enumeration', { generation: { scheduler: '' } }],
		['number', { fps: '' }],
		['null', { generation: { acceleration: null, negativePrompt: null } }],
		['undefined', { numFrames: undefined }],
		[
			'weight name and scale',
			{ loras: { lora: [{ path: 'owner/repo', weightName: '', scale: null }] } },
		],
	])('empty means not set: %s', (_case, parameters) => {
		expect(read(parameters)).toEqual(read({}));
	});
});

test.each([
	[{ numFrames: 500 }, 'Frames (numFrames) is 500, but must be a whole number from 9 to 481'],
	[{ numFrames: 'many' }, 'Frames (numFrames) is "many", but must be a whole number from 9 to 481'],
	[{ fps: 0 }, 'Frames per Second (fps) is 0, but must be a number from 1 to 60'],
	[{ prompt: '' }, 'Prompt (prompt) is empty, but must be text'],
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
		'Seed (seed) is 9007199254740992, but must be a whole number, or as text one of any length',
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

test('a LoRA saved before there was a source is a link', () => {
	const { input, files, hints } = readInput(context(least), 0);
	expect(input.loras).toEqual([{ path: 'owner/repo' }]);
	expect(files.size).toBe(0);
	expect(hints).toEqual([]);
});

test('a page in place of a LoRA is refused together with all else', () => {
	const path = 'https://huggingface.co/o/r/blob/main/x.safetensors';
	expect(faults({ fps: 0, loras: { lora: [{ path: 'a/b' }, { path }] } })).toBe(
		'Frames per Second (fps) is 0, but must be a number from 1 to 60; Path (loras[1].path) is "https://huggingface.co/o/r/blob/main/x.safetensors", but must be the file itself, not the page about it: https://huggingface.co/o/r/resolve/main/x.safetensors',
	);
});

test('a weight name beside a link is hinted at', () => {
	const lora = [{ path: 'https://example.com/x.safetensors', weightName: 'x.safetensors' }];
	const { hints } = readInput(context({ ...least, loras: { lora } }), 0);
	expect(hints).toEqual([expect.stringContaining('Weight Name (loras[0].weightName)')]);
});
