import { ltx23DistilledTextToVideoLora as endpoint } from '../../../nodes/FalLtxVideo/endpoints/ltx23DistilledTextToVideoLora';
import { withoutDefaults } from '../../../nodes/FalLtxVideo/endpoints/withoutDefaults';

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
	{ loras: [{ path: 'owner/repo', scale: 0.5 }] },
	{ loras: [{ path: 'owner/repo', weight_name: 'a' }] },
	{ loras: [] },
	{ num_frames: 17 },
	{ constructor: 'x' },
])('and another one with %j', (changes) => {
	expect(withoutDefaults(endpoint, { ...sent, ...changes })).not.toEqual(sent);
});
