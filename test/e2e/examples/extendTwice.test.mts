import { itemsOf } from '../../../scripts/n8n/execution.mts';
import { sha256 } from '../../integration/loraFile.mts';
import { useSharedEmulator } from '../../useEmulator.mts';
import { readWorkflow, withFields, withNode } from '../exampleWorkflow.mts';
import { connected, loggedIn } from '../harness.mts';
import { binaryOf, probeBytes } from '../savedBinary.mts';

/* The example "Extend a clip twice". */

const emulator = useSharedEmulator({ runSeconds: 0.1 });
const n8n = loggedIn();

/** 9 frames. */
const fields = { beginning: 'It begins', second: 'It goes on', third: 'It ends', seconds: 0.4 };

test('hands each file to the next node, and has all request IDs at the end', async () => {
	const example = withFields(await readWorkflow('extend-twice.json'), 'The story', fields);
	const parameters = { videoSize: 'custom', width: 64, height: 96 };
	const ready = withNode(example, 'The clip', { parameters });
	const execution = await n8n.runWorkflow(await connected(n8n, emulator, ready), 'Start');
	expect({ status: execution.status, error: execution.error }).toEqual({ status: 'success' });

	const clip = await binaryOf(n8n, itemsOf(execution, 'The clip')[0]);
	const longer = await binaryOf(n8n, itemsOf(execution, 'What comes next')[0]);
	const [end] = itemsOf(execution, 'The whole clip');
	const whole = await binaryOf(n8n, end);
	const estimates = ['The clip', 'What comes next', 'How it ends'].map(
		(name) => (itemsOf(execution, name)[0]!.json['cost'] as { estimated: number }).estimated,
	);
	expect(estimates).toEqual([0.0001, 0.0001, 0.0001]);
	const extendVideo = 'fal-ai/ltx-2.3-22b/extend-video';
	expect(emulator.requests).toMatchObject([
		{
			endpointId: 'fal-ai/ltx-2.3-22b/distilled/text-to-video',
			input: { prompt: 'It begins', num_frames: 9 },
		},
		{
			endpointId: extendVideo,
			input: { prompt: 'It goes on', num_frames: 9, extend_direction: 'forward' },
			media: { video_url: { sha256: sha256(clip.bytes) } },
		},
		{
			endpointId: extendVideo,
			input: { prompt: 'It ends', num_frames: 9, extend_direction: 'forward' },
			media: { video_url: { sha256: sha256(longer.bytes) } },
		},
	]);
	expect(end?.json).toMatchObject({
		request_ids: emulator.requests.map(({ request_id }) => request_id).join(', '),
		costs: [0.0001, 0.0001, 0.0001],
	});
	const sizes = { width: 64, height: 96 };
	expect(await probeBytes(clip.bytes)).toMatchObject({ ...sizes, frames: 9 });
	expect(await probeBytes(longer.bytes)).toMatchObject({ ...sizes, frames: 18 });
	expect(await probeBytes(whole.bytes)).toMatchObject({ ...sizes, frames: 27 });
});
