import { contentPolicyViolation } from '../../../emulator/responses.mts';
import { itemsOf, type Execution } from '../../../scripts/n8n/execution.mts';
import { nodeNamed } from '../../../scripts/n8n/workflow.mts';
import { readWorkflow, withFields, withNode } from '../exampleWorkflow.mts';
import { connected, loggedIn } from '../harness.mts';
import { until } from '../poll.mts';
import { useSharedEmulator } from '../../useEmulator.mts';

/* The example of two workflows: one submits, and fal's webhook call starts the other. */

const TRIGGER = 'A video is finished';
const REFUSED = 'a prompt that is refused';

const emulator = useSharedEmulator({ runSeconds: 0.5 });
const n8n = loggedIn();
let receiver: { id: string; url: string };

beforeAll(async () => {
	emulator.script(REFUSED, { job: { outcome: contentPolicyViolation(REFUSED) } });
	const receive = await readWorkflow('receive-video.json');
	const { id } = await n8n.publishWorkflow(await connected(n8n, emulator, receive));
	const webhookId = String(nodeNamed(receive, TRIGGER)['webhookId']);
	receiver = { id, url: `${n8n.url}/webhook/${webhookId}/fal-ltx` };
});

/** Submits a video; gives the request and the execution that its end started. */
async function submit(prompt: string): Promise<{ requestId: unknown; received: Execution }> {
	const before = (await n8n.executionsOf(receiver.id)).map(({ id }) => id);
	const parameters = { videoSize: 'custom', width: 64, height: 64, generation: { numFrames: 9 } };
	const small = withNode(await readWorkflow('submit-video.json'), 'Submit', { parameters });
	const fields = { prompt, receive_url: receiver.url };
	const workflow = await connected(n8n, emulator, withFields(small, 'The video', fields));
	const execution = await n8n.runWorkflow(workflow, 'Start');
	expect({ status: execution.status, error: execution.error }).toEqual({ status: 'success' });
	const [remembered] = itemsOf(execution, 'Remember it');
	expect(remembered?.json).toMatchObject({ prompt, estimated: 0.0001 });

	let started: string | undefined;
	await until('the other workflow was started', async () => {
		const all = await n8n.executionsOf(receiver.id);
		started = all.find(({ id }) => !before.includes(id))?.id;
		return started !== undefined;
	});
	return { requestId: remembered?.json['request_id'], received: await n8n.untilOver(started!) };
}

test('the example as it is leads to its own trigger', async () => {
	const { assignments } = nodeNamed(await readWorkflow('submit-video.json'), 'The video')
		.parameters['assignments'] as { assignments: Array<{ name: string; value: string }> };
	const { value } = assignments.find(({ name }) => name === 'receive_url')!;
	expect(new URL(value).pathname).toBe(new URL(receiver.url).pathname);
});

test('the second workflow has the video', async () => {
	const { requestId, received } = await submit('a boat');
	expect(received).toMatchObject({ status: 'success', lastNodeExecuted: 'It went well' });
	const [item] = itemsOf(received, 'It went well');
	expect(item?.json).toMatchObject({ request_id: requestId, prompt: 'a boat' });
	// Its bytes are the trigger's own test: n8n 2.8 moves a webhook's file when the execution is over,
	// once for each node that has it, and reports it only to the first one.
	expect(item?.binary?.['data']).toMatchObject({ mimeType: 'video/mp4', fileExtension: 'mp4' });
});

test('the second workflow has the reason when there is none', async () => {
	const { requestId, received } = await submit(REFUSED);
	expect(received).toMatchObject({ status: 'success', lastNodeExecuted: 'It failed' });
	expect(itemsOf(received, 'It failed')[0]?.json).toMatchObject({
		request_id: requestId,
		error: expect.stringContaining('content_policy_violation'),
	});
});
