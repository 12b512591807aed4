import { endpointFor } from '../../../nodes/FalLtxVideo/endpoints';
import { audioToVideo } from '../../../nodes/FalLtxVideo/endpoints/tasks/audioToVideo';
import { extendVideo } from '../../../nodes/FalLtxVideo/endpoints/tasks/extendVideo';
import { imageToVideo } from '../../../nodes/FalLtxVideo/endpoints/tasks/imageToVideo';
import { referenceVideoToVideo } from '../../../nodes/FalLtxVideo/endpoints/tasks/referenceVideoToVideo';
import { textToVideo } from '../../../nodes/FalLtxVideo/endpoints/tasks/textToVideo';
import { videoToVideo } from '../../../nodes/FalLtxVideo/endpoints/tasks/videoToVideo';
import { framesOf, offGrid, shapeOf } from '../../../nodes/FalLtxVideo/endpoints/videoShape';

const text = endpointFor(textToVideo, 'distilled', true);
const image = endpointFor(imageToVideo, 'distilled', false);
const audio = endpointFor(audioToVideo, 'full', false);
const video = endpointFor(videoToVideo, 'distilled', false);
const reference = endpointFor(referenceVideoToVideo, 'full', true);
const extend = endpointFor(extendVideo, 'full', false);

const landscape = { width: 1024, height: 576 };

test("what is not set has fal's default", () => {
	const shape = { size: landscape, frames: 121, fps: 24, isMultiscale: true };
	expect(shapeOf(text, {})).toEqual(shape);
});

test('a preset and a custom size become pixels', () => {
	const preset = { video_size: 'portrait_4_3', num_frames: 9, fps: 60, use_multiscale: false };
	expect(shapeOf(text, preset)).toEqual({
		...{ size: { width: 768, height: 1024 }, frames: 9, fps: 60, isMultiscale: false },
	});
	const custom = { video_size: { width: 640, height: 352 } };
	expect(shapeOf(text, custom)).toMatchObject({ size: { width: 640, height: 352 } });
});

describe('what follows a file that is not at hand is not known', () => {
	test.each([
		['an image', image, { size: null, frames: 121, fps: 24 }],
		['audio', audio, { size: landscape, frames: null, fps: 24 }],
		['a video', video, { size: null, frames: null, fps: null }],
		['a reference', reference, { size: null, frames: null, fps: null }],
		['a video to extend', extend, { size: null, frames: 121, fps: null }],
	])('%s', (_what, endpoint, shape) => {
		expect(shapeOf(endpoint, {})).toMatchObject(shape);
	});

	test('an automatic size of audio follows the image', () => {
		expect(shapeOf(audio, { video_size: 'auto' }).size).toBeNull();
		const facts = { image_url: { width: 640, height: 480 } };
		expect(shapeOf(audio, { video_size: 'auto' }, facts).size).toEqual({ width: 640, height: 480 });
	});

	test('a size of its own is known', () => {
		expect(shapeOf(video, { video_size: 'landscape_16_9' }).size).toEqual(landscape);
	});

	test('a length of its own needs no file', () => {
		const own = { match_video_length: false, num_frames: 25 };
		expect(shapeOf(video, own)).toMatchObject({ frames: 25, fps: null });
		expect(shapeOf(video, { ...own, match_input_fps: false })).toMatchObject({ fps: 24 });
		expect(shapeOf(audio, { match_audio_length: false })).toMatchObject({ frames: 121 });
	});

	test('frames and frame rate that are set count for nothing while a file is followed', () => {
		expect(shapeOf(video, { num_frames: 25, fps: 30 })).toMatchObject({ frames: null, fps: null });
	});
});

describe('what follows a file that is at hand', () => {
	const facts = { video_url: { width: 640, height: 360, seconds: 2, fps: 30 } };

	test('has its size, its frame rate, and its length up to the next frames that can be made', () => {
		const shape = { size: { width: 640, height: 360 }, frames: 65, fps: 30, isMultiscale: true };
		expect(shapeOf(video, {}, facts)).toEqual(shape);
		expect(shapeOf(reference, {}, facts)).toEqual(shape);
		expect(shapeOf(extend, {}, facts)).toEqual({ ...shape, frames: 121 });
	});

	test('has more frames at a higher rate of its own', () => {
		const own = { match_input_fps: false, fps: 60 };
		expect(shapeOf(video, own, facts)).toMatchObject({ frames: 121, fps: 60 });
	});

	test.each([
		[{ seconds: 5 }, 121],
		[{ seconds: 5.04 }, 121],
		[{ seconds: 5.05 }, 129],
		[{ seconds: 1 }, 25],
	])('audio of %j makes %d frames', (audio_url, frames) => {
		expect(shapeOf(audio, {}, { audio_url }).frames).toBe(frames);
	});

	test('is not known where the facts say nothing about it', () => {
		const some = { video_url: { width: 640, seconds: 2 } };
		expect(shapeOf(video, {}, some)).toMatchObject({ size: null, frames: null, fps: null });
	});
});

test.each([
	[5, 24, 121],
	[10, 24, 241],
	[20, 24, 481],
	[0.3, 24, 9],
	[5, 30, 153],
	[1, 12.5, 9],
	[1.1, 12.5, 17],
	// Of two that are as near, the longer one.
	[5, 25, 129],
])('%d s at %d frames per second are %d frames', (seconds, fps, frames) => {
	expect(framesOf(seconds, fps)).toBe(frames);
});

test.each([
	[undefined, []],
	[9, []],
	[121, []],
	[481, []],
	[120, [expect.stringContaining('113 and 121 fit')]],
	[122, [expect.stringContaining('121 and 129 fit')]],
])('%s frames', (num_frames, remarks) => {
	expect(offGrid({ num_frames }).map(({ message }) => message)).toEqual(remarks);
});

test('sides off the grid are remarked on with sides that fit', () => {
	const video_size = { width: 1280, height: 728 };
	expect(offGrid({ video_size })).toEqual([
		{ field: 'video_size', message: expect.stringContaining('1280 × 736 fits') },
	]);
	const low = offGrid({ video_size: { ...video_size, height: 1 } });
	expect(low[0]?.message).toContain('1280 × 32 fits');
});

test.each(['auto', 'square', { width: 640, height: 352 }, { width: 1280, height: 720 }])(
	'the size %j is on the grid',
	(size) => {
		expect(offGrid({ video_size: size })).toEqual([]);
	},
);
