import { randomUUID } from 'node:crypto';
import { contentPolicyViolation } from '../../emulator/responses.mts';
import {
	type RequestScript,
	type SignedWebhook,
	type WebhookFault,
} from '../../emulator/index.mts';
import { itemsOf, type Execution } from '../../scripts/n8n/execution.mts';
import { withCredential, type Workflow } from '../../scripts/n8n/workflow.mts';
import {
	connected,
	credentialData,
	loggedIn,
	NODE_TYPE,
	saveCredential,
	SMALL_VIDEO,
	TRIGGER,
	VIDEO_NODE,
	videoWorkflow,
} from './harness.mts';
import { until } from './poll.mts';
import { binaryOf, probeBytes } from './savedBinary.mts';
import { useEmulator } from '../useEmulator.mts';

/* Submitting in one workflow and receiving in another, which fal's webhook call starts. */

const RECEIVER = 'Video finished';

const JSON_BODY = { 'content-type': 'application/json' };

/** Shorter than the slow download below: a later response would be called again. */
const ANSWER_WITHIN_MS = 1500;
const SLOW_DOWNLOAD_MS = 3000;

const emulator = useEmulator({
	variants: { webhookTimeoutMs: [ANSWER_WITHIN_MS, ANSWER_WITHIN_MS] },
});
const n8n = loggedIn();

/** Publishes a workflow that starts with the trigger, and gives its id and the trigger's address. */
async function publishReceiver(options: object = {}): Promise<{ id: string; url: string }> {
	const webhookId = randomUUID();
	const workflow: Workflow = {
		name: 'Receive',
		nodes: [
			{
				id: RECEIVER,
				name: RECEIVER,
				type: `${NODE_TYPE}Trigger`,
				typeVersion: 1,
				position: [0, 0],
				parameters: { options },
				webhookId,
			},
		],
		connections: {},
	};
	const credential = await saveCredential(n8n, credentialData(emulator));
	const { id } = await n8n.publishWorkflow(
		withCredential(workflow, `${NODE_TYPE}Trigger`, credential),
	);
	return { id, url: `${n8n.url}/webhook/${webhookId}/fal-ltx` };
}

/** Submits a video whose end is reported to an address; gives the request's id. */
async function submitTo(webhookUrl: string): Promise<string> {
	const parameters = { ...SMALL_VIDEO, options: { waitMode: 'none', webhookUrl } };
	const workflow = await connected(n8n, emulator, videoWorkflow('Submit', parameters));
	const execution = await n8n.runWorkflow(workflow, TRIGGER);
	return String(itemsOf(execution, VIDEO_NODE)[0]!.json['request_id']);
}

async function startedBy(workflowId: string): Promise<Execution> {
	const list = async () => await n8n.executionsOf(workflowId);
	await until('the workflow was started', async () => (await list()).length > 0);
	const [started] = await list();
	return await n8n.untilOver(started!.id);
}

const webhookStatuses = () => emulator.requests[0]!.webhookDeliveries.map(({ status }) => status);

/** Publishes, submits with a script, and gives what was started. */
async function receive(script: RequestScript, options?: object) {
	emulator.script(SMALL_VIDEO.prompt, script);
	const { id, url } = await publishReceiver(options);
	const requestId = await submitTo(url);
	return { workflowId: id, requestId, execution: await startedBy(id) };
}

test('a finished video starts the workflow, as the item that generate gives', async () => {
	const { execution, requestId } = await receive({});
	expect(execution).toMatchObject({ status: 'success' });
	const [item] = itemsOf(execution, RECEIVER);
	const made = await connected(n8n, emulator, videoWorkflow('Generate', SMALL_VIDEO));
	const [generated] = itemsOf(await n8n.runWorkflow(made, TRIGGER), VIDEO_NODE);
	expect(Object.keys(item!.json)).toEqual(Object.keys(generated!.json));
	expect(item!.json).toMatchObject({ request_id: requestId, cost: { actual: 0.0022 } });
	const { bytes } = await binaryOf(n8n, item);
	expect(await probeBytes(bytes)).toMatchObject({ width: 320, height: 192, frames: 25 });
});

test('fal gets its response before the file is fetched', async () => {
	const slow = { kind: 'slow', milliseconds: SLOW_DOWNLOAD_MS } as const;
	const { execution } = await receive({ download: [slow] });
	expect(execution).toMatchObject({ status: 'success' });
	expect(webhookStatuses()).toEqual([200]);
	await binaryOf(n8n, itemsOf(execution, RECEIVER)[0]);
});

test('only the link is handed on where the file is not asked for', async () => {
	const { execution } = await receive({}, { downloadVideo: false });
	const [item] = itemsOf(execution, RECEIVER);
	expect(item!.binary).toBeUndefined();
	expect(item!.json).toMatchObject({ video: { url: expect.stringContaining('http') } });
});

test('a request that failed starts the workflow too, with its error', async () => {
	const outcome = contentPolicyViolation(SMALL_VIDEO.prompt);
	const { execution, requestId } = await receive({ job: { outcome } });
	expect(itemsOf(execution, RECEIVER)[0]!.json).toMatchObject({
		request_id: requestId,
		error: expect.stringContaining('flagged by a content checker'),
		detail: [{ type: 'content_policy_violation' }],
	});
});

test('the same end reported twice starts the workflow once', async () => {
	const { workflowId } = await receive({ webhook: [{ kind: 'duplicate' }] });
	await until(
		'both calls have their response',
		() => webhookStatuses().length === 2 && !webhookStatuses().includes(null),
	);
	expect(webhookStatuses()).toEqual([200, 200]);
	const next = await n8n.executionsOf(workflowId);
	expect(next).toHaveLength(1);
});

test.each<WebhookFault>([
	{ kind: 'wrongKey' },
	{ kind: 'stale', secondsAgo: 301 },
	{ kind: 'altered' },
	{ kind: 'unsigned' },
])("a call that is not fal's ($kind) starts nothing", async (fault) => {
	const { workflowId } = await receive({ webhook: [fault] });
	// A call that n8n was too busy to respond in time is made again, and starts nothing more.
	expect(webhookStatuses().filter((status) => status !== null)).toEqual([401, 200]);
	expect(await n8n.executionsOf(workflowId)).toHaveLength(1);
});

/** Calls the trigger as fal would. */
const post = async (url: string, { headers, body }: SignedWebhook) =>
	(await fetch(url, { method: 'POST', headers: { ...JSON_BODY, ...headers }, body })).status;

describe('webhooks that fal signs for another account', () => {
	const foreign = () => emulator.webhookOf(randomUUID(), 'another-account');

	test('start nothing', async () => {
		const { id, url } = await publishReceiver();
		const webhook = foreign();
		expect([await post(url, webhook), await post(url, webhook)]).toEqual([200, 200]);
		// Its look-up in the queue and in the history of each endpoint, once.
		const asked = emulator.calls.filter(({ listener }) => listener !== 'rest');
		const listeners = asked.map(({ listener }) => listener);
		expect(listeners).toEqual(['queue', ...Array<string>(22).fill('platform')]);
		expect(await n8n.executionsOf(id)).toEqual([]);
	});

	test('are refused where the account is named, and its own start the workflow', async () => {
		const { id, url } = await publishReceiver({ falUserId: emulator.userId });
		expect(await post(url, foreign())).toBe(401);
		expect(emulator.calls).toEqual([]);
		const requestId = await submitTo(url);
		const execution = await startedBy(id);
		expect(execution.status).toBe('success');
		const [item] = itemsOf(execution, RECEIVER);
		expect(item!.json).toMatchObject({ request_id: requestId });
	});
});
