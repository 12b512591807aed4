import { itemsOf } from '../../scripts/n8n/execution.mts';
import { readWorkflow, withFields } from './exampleWorkflow.mts';
import { connected, loggedIn } from './harness.mts';
import { until } from './poll.mts';
import { binaryOf } from './savedBinary.mts';
import { useSharedEmulator } from '../useEmulator.mts';

const emulator = useSharedEmulator({ runSeconds: 0.1 });

/** Submits a video as an n8n does that is ended before the response comes. */
async function submitAndForget(prompt: string): Promise<void> {
	const { queue } = emulator.hosts;
	const video = { num_frames: 9, video_size: { width: 64, height: 64 } };
	await fetch(`${queue}/fal-ai/ltx-2.3-22b/distilled/text-to-video/lora`, {
		method: 'POST',
		headers: { authorization: `Key ${emulator.apiKey}`, 'content-type': 'application/json' },
		body: JSON.stringify({ prompt, loras: [{ path: 'owner/repo' }], ...video }),
	});
}

test('the example "collect videos that never arrived" fetches what was not received', async () => {
	for (const prompt of ['one', 'two', 'known']) await submitAndForget(prompt);
	await until('all are made', () => emulator.requests.every(({ state }) => state === 'COMPLETED'));
	const known = emulator.requests.find(({ input }) => input['prompt'] === 'known');
	const n8n = loggedIn();
	const example = await connected(n8n, emulator, await readWorkflow('collect-lost-videos.json'));
	const workflow = withFields(example, 'Since', {
		known_request_ids: `=${JSON.stringify([known?.request_id])}`,
	});
	const submitted = emulator.requests.length;
	const execution = await n8n.runWorkflow(workflow, 'Start');
	expect({ status: execution.status, error: execution.error }).toEqual({ status: 'success' });
	const items = itemsOf(execution, 'Fetch the video');
	expect(items.map(({ json }) => json['prompt']).sort()).toEqual(['one', 'two']);
	for (const item of items) {
		const { reference } = await binaryOf(n8n, item);
		expect(reference).toMatchObject({ mimeType: 'video/mp4' });
	}
	expect(emulator.requests).toHaveLength(submitted);
});
