import { itemCost } from '../../../nodes/FalLtxVideo/cost/itemCost';
import { unknownCost } from '../../../nodes/FalLtxVideo/cost/unknownCost';
import { endpointFor, tasks } from '../../../nodes/FalLtxVideo/endpoints';
import { shapeOf } from '../../../nodes/FalLtxVideo/endpoints/videoShape';

const taskOf = (name: string) => tasks.find((task) => task.name === name)!;

/** Why the cost of an input is not known; what is not set has fal's default. */
function reasons(name: string, input: Record<string, unknown> = {}): string[] {
	const task = taskOf(name);
	return unknownCost(task, shapeOf(endpointFor(task, 'full', false), input));
}

const size = (medium: string) =>
	expect.stringMatching(
		new RegExp(
			`^The size follows the ${medium}, .*: choose another Video Size \\(videoSize\\), or give the ${medium} as a Binary File$`,
		),
	);

const length = (medium: string, match: string) =>
	expect.stringMatching(
		new RegExp(
			`^The length follows the ${medium}, .*: turn off ${match} and set Duration \\(Seconds\\) \\(durationSeconds\\)`,
		),
	);

test.each([
	['text-to-video', []],
	['image-to-video', [size('image')]],
	['audio-to-video', [length('audio', 'Match Audio Length \\(matchAudioLength\\)')]],
	['video-to-video', [size('video'), length('video', 'Match Video Length \\(matchVideoLength\\)')]],
	[
		'reference-video-to-video',
		[size('video'), length('video', 'Match Video Length \\(matchVideoLength\\)')],
	],
	['extend-video', [size('video')]],
])('%s: each reason says what to set', (name, expected) => {
	expect(reasons(name)).toEqual(expected);
});

const OWN = { video_size: 'square', num_frames: 25 };

test.each([
	['image-to-video', OWN],
	['audio-to-video', { ...OWN, match_audio_length: false }],
	['video-to-video', { ...OWN, match_video_length: false }],
	['reference-video-to-video', { ...OWN, match_video_length: false }],
	['extend-video', OWN],
])('%s: with a size and a length of its own nothing is unknown', (name, input) => {
	expect(reasons(name, input)).toEqual([]);
});

test('an automatic size of audio follows its image', () => {
	const input = { video_size: 'auto', match_audio_length: false };
	expect(reasons('audio-to-video', input)).toEqual([size('image')]);
});

describe('the cost of an item', () => {
	test.each(tasks.map((task) => [task.name, task] as const))(
		'%s: is known exactly when there is no reason that it is not',
		(_name, task) => {
			const endpoint = endpointFor(task, 'full', false);
			for (const own of [{}, { ...OWN, match_audio_length: false, match_video_length: false }]) {
				const { cost, unknown } = itemCost(task, shapeOf(endpoint, own), endpoint.price);
				expect(cost === null).toBe(unknown.length > 0);
			}
		},
	);

	test('is that of its own endpoint', () => {
		const task = taskOf('text-to-video');
		const costOf = (model: 'distilled' | 'full', takesLoras: boolean) => {
			const endpoint = endpointFor(task, model, takesLoras);
			return itemCost(task, shapeOf(endpoint, {}), endpoint.price).cost?.toString();
		};
		// 1024 × 576 × 121 are 71.368704 megapixels.
		expect([costOf('distilled', false), costOf('distilled', true)]).toEqual(['0.086', '0.1003']);
		expect([costOf('full', false), costOf('full', true)]).toEqual(['0.1146', '0.1289']);
	});
});
