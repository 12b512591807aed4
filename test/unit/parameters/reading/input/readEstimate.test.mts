import { InvalidParametersError } from '../../../../../nodes/FalLtxVideo/parameters/InvalidParametersError';
import { readEstimate } from '../../../../../nodes/FalLtxVideo/parameters/reading/input/readEstimate';

const FAMILY = 'fal-ai/ltx-2.3-22b';

const least: Record<string, unknown> = {
	...{ model: 'distilled', withLoras: false, videoSize: 'landscape_16_9', durationSeconds: 5 },
};

function read(parameters: Record<string, unknown>) {
	const all = { ...least, ...parameters };
	const { endpoint, input } = readEstimate({ getNodeParameter: (name) => all[name] ?? null }, 0);
	return { id: endpoint.id, input };
}

function faults(parameters: Record<string, unknown>): string {
	try {
		return `accepted: ${JSON.stringify(read(parameters))}`;
	} catch (error) {
		if (error instanceof InvalidParametersError) return error.message;
		throw error;
	}
}

test.each([
	['distilled', false, `${FAMILY}/distilled/text-to-video`],
	['distilled', true, `${FAMILY}/distilled/text-to-video/lora`],
	['full', 'false', `${FAMILY}/text-to-video`],
	['full', 'TRUE', `${FAMILY}/text-to-video/lora`],
	['full', null, `${FAMILY}/text-to-video`],
])('the %s model, with LoRAs: %j', (model, withLoras, id) => {
	expect(read({ model, withLoras }).id).toBe(id);
});

test('neither a prompt nor LoRAs are asked for', () => {
	expect(read({ withLoras: true }).input).toEqual({
		...{ video_size: 'landscape_16_9', num_frames: 121 },
	});
});

test.each([
	[{ durationSeconds: '10' }, { num_frames: 241 }],
	[{ generation: { numFrames: 33 } }, { num_frames: 33 }],
	[{ generation: { fps: '30' } }, { num_frames: 153, fps: 30 }],
	[{ generation: { useMultiscale: 'false' } }, { use_multiscale: false }],
	[{ videoSize: 'custom', width: '640', height: 352 }, { video_size: { width: 640, height: 352 } }],
])('%j', (parameters, expected) => expect(read(parameters).input).toMatchObject(expected));

test('what else a video has may be given, as the price does not depend on it', () => {
	expect(read({ generation: { seed: 7, cameraLora: 'static', fps: 24 } }).input).toEqual({
		...{ video_size: 'landscape_16_9', num_frames: 121, fps: 24 },
	});
});

test.each([
	[{ model: 'large' }, 'Model (model) is "large", but must be one of distilled, full'],
	[{ withLoras: 'two' }, 'With LoRAs (withLoras) is "two", but must be true or false'],
	[{ videoSize: 'auto' }, /^Video Size \(videoSize\) is "auto", but must be one of square_hd, /],
	[{ videoSize: null }, /^Video Size \(videoSize\) is missing, but must be one of square_hd, /],
	[
		{ videoSize: 'custom', width: 0, height: 1 },
		'Width (width) is 0, but must be a whole number from 1 to 14142',
	],
	[
		{ durationSeconds: 21 },
		'Duration (Seconds) (durationSeconds) is 21, but must be a number of seconds from 0.38 to 20.04 at 24 frames per second',
	],
	[
		{ generation: { numFrames: 8, fps: 61 } },
		'Frames (numFrames) is 8, but must be a whole number from 9 to 481; Frames per Second (fps) is 61, but must be a number from 1 to 60',
	],
	[
		{ generation: { fps: '' } },
		'Frames per Second (fps) was added, but is empty: it must be a number from 1 to 60, or be removed',
	],
	[
		{ generation: { numFrams: 9 } },
		'generation.numFrams is 9, but must be left out: Generation has no such setting',
	],
	[
		{ generation: { matchVideoLength: true } },
		'Match Video Length (generation.matchVideoLength) is true, but must be left out: only Video to Video and Reference Video to Video take it',
	],
])('%j is refused in words', (parameters, message) => {
	const found = faults(parameters);
	if (typeof message === 'string') expect(found).toBe(message);
	else expect(found).toMatch(message);
});
