import { endpointFor, endpoints } from '../../../nodes/FalLtxVideo/endpoints';
import { imageToVideo } from '../../../nodes/FalLtxVideo/endpoints/tasks/imageToVideo';
import { referenceVideoToVideo } from '../../../nodes/FalLtxVideo/endpoints/tasks/referenceVideoToVideo';
import { textToVideo } from '../../../nodes/FalLtxVideo/endpoints/tasks/textToVideo';
import { videoToVideo } from '../../../nodes/FalLtxVideo/endpoints/tasks/videoToVideo';
import { withoutDefaults } from '../../../nodes/FalLtxVideo/endpoints/withoutDefaults';

const endpoint = endpointFor(textToVideo, 'distilled', true);
const sent = { prompt: 'a fox', loras: [{ path: 'owner/repo' }], num_frames: 9 };

test.each(['beta', 'ltx2'])(
	'an input is the same with all defaults in it, scheduler %s',
	(scheduler) => {
		const filled = {
			...endpoint.defaults,
			...sent,
			scheduler,
			seed: null,
			loras: [{ path: 'owner/repo', scale: 1, weight_name: null }],
		};
		expect(withoutDefaults(endpoint, filled)).toEqual(sent);
		expect(withoutDefaults(endpoint, sent)).toEqual(sent);
	},
);

test.each<Record<string, unknown>>([
	{ fps: 25 },
	{ seed: 7 },
	{ negative_prompt: '' },
	{ generate_audio: false },
	{ scheduler: 'linear_quadratic' },
	{ loras: [{ path: 'owner/repo', scale: 0.5 }] },
	{ loras: [{ path: 'owner/repo', weight_name: 'a' }] },
	{ loras: [] },
	{ num_frames: 17 },
	{ constructor: 'x' },
])('and another one with %j', (changes) => {
	expect(withoutDefaults(endpoint, { ...sent, ...changes })).not.toEqual(sent);
});

const others = endpoints.filter((one) => one !== endpoint);

test.each(others.map((one) => [one.id, one] as const))(
	'%s: one scheduler is the default',
	(_id, one) => {
		expect(withoutDefaults(one, { ...one.defaults, ...sent })).toEqual(sent);
		expect(withoutDefaults(one, { ...sent, scheduler: 'ltx2' })).toEqual(sent);
		expect(withoutDefaults(one, { ...sent, scheduler: 'beta' })).not.toEqual(sent);
	},
);

test('what one model uses by itself is a choice for the other', () => {
	const acceleration = (value: string) => ({ ...sent, acceleration: value });
	for (const takesLoras of [true, false]) {
		const distilled = endpointFor(textToVideo, 'distilled', takesLoras);
		const full = endpointFor(textToVideo, 'full', takesLoras);
		expect(withoutDefaults(distilled, acceleration('none'))).toEqual(sent);
		expect(withoutDefaults(distilled, acceleration('regular'))).not.toEqual(sent);
		expect(withoutDefaults(full, acceleration('regular'))).toEqual(sent);
		expect(withoutDefaults(full, acceleration('none'))).not.toEqual(sent);
	}
});

describe('files', () => {
	const image = endpointFor(imageToVideo, 'full', false);
	const video = { prompt: 'a fox', video_url: 'https://example.com/a.mp4' };

	test('a file that is null is not there', () => {
		const start = { prompt: 'a fox', image_url: 'https://example.com/a.png' };
		expect(withoutDefaults(image, { ...start, end_image_url: null })).toEqual(start);
	});

	test('each file counts', () => {
		const start = { prompt: 'a fox', image_url: 'https://example.com/a.png' };
		const other = { ...start, end_image_url: 'https://example.com/b.png' };
		expect(withoutDefaults(image, other)).toEqual(other);
		const sha256 = { image_url: { sha256: 'a' } };
		expect(withoutDefaults(image, { ...start, ...sha256 })).toEqual({ ...start, ...sha256 });
	});

	test('the strength that a task uses by itself is a choice for another', () => {
		const weak = { ...video, video_strength: 0.01, audio_strength: 0.01 };
		const own = endpointFor(videoToVideo, 'distilled', false);
		const reference = endpointFor(referenceVideoToVideo, 'distilled', false);
		expect(withoutDefaults(own, weak)).toEqual(video);
		expect(withoutDefaults(reference, weak)).toEqual(weak);
	});
});
