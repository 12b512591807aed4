import { responses, type RequestRecord, type WebhookFault } from '../../emulator/index.mts';
import { contentPolicyViolation } from '../../emulator/responses.mts';
import { itemsOf, type Execution, type Item } from '../../scripts/n8n/execution.mts';
import { nodeNamed, withCredential, type Workflow } from '../../scripts/n8n/workflow.mts';
import {
	connected,
	credentialData,
	loggedIn,
	NODE_TYPE,
	saveCredential,
	startWorkflow,
	TRIGGER,
	VIDEO_NODE,
} from './harness.mts';
import { hintsOf } from './hints.mts';
import { itemsWorkflow, type ItemsWorkflow } from './itemsWorkflow.mts';
import { until } from './poll.mts';
import { binaryOf, probeBytes } from './savedBinary.mts';
import { useEmulator } from '../useEmulator.mts';

/*
 * Wait Mode "Webhook": the execution waits in n8n's database and resumes when fal calls the webhook. The
 * local fal signs its calls, plays their faults and counts what was submitted.
 */

/** A request that is still running when its execution is put to wait. */
const LONG_ENOUGH = { job: { runSeconds: 1.5 } };

/** Between a webhook call that was refused and the next one there is time to look at the execution. */
const CALLS_AGAIN_AFTER_MS = 1500;

const emulator = useEmulator({
	variants: { webhookRetryMs: Array.from({ length: 31 }, () => CALLS_AGAIN_AFTER_MS) },
});
const n8n = loggedIn();

const waitingWorkflow = (asked: Omit<ItemsWorkflow, 'name'>) =>
	itemsWorkflow({
		...asked,
		name: expect.getState().currentTestName ?? '',
		options: { ...asked.options, waitMode: 'webhook' },
	});

async function start(workflow: Workflow): Promise<string> {
	return await startWorkflow(n8n, await connected(n8n, emulator, workflow));
}

async function startWaiting(workflow: Workflow): Promise<string> {
	const id = await start(workflow);
	expect(await n8n.untilOver(id)).toMatchObject({ status: 'waiting' });
	return id;
}

async function untilResumed(id: string, withinMs?: number): Promise<Execution> {
	const isResumed = async () => (await n8n.untilOver(id)).status !== 'waiting';
	await until('the execution resumes', isResumed, withinMs);
	return await n8n.untilOver(id);
}

function requestOf(prompt: string): RequestRecord {
	const found = emulator.requests.filter(({ input }) => input['prompt'] === prompt);
	expect(found).toHaveLength(1);
	return found[0]!;
}

const webhookStatuses = (prompt: string) =>
	requestOf(prompt).webhookDeliveries.map(({ status }) => status);

/** The videos of these prompts in this order, each a whole file in n8n's store. */
async function expectVideos(items: Item[], prompts: string[]): Promise<void> {
	const ids = prompts.map((prompt) => requestOf(prompt).request_id);
	expect(items.map(({ json }) => json['request_id'])).toEqual(ids);
	for (const item of items) {
		const { bytes } = await binaryOf(n8n, item);
		expect(await probeBytes(bytes)).toMatchObject({ width: 320, height: 192, frames: 25 });
	}
}

async function expectSuccess(execution: Execution, prompts: string[]): Promise<void> {
	expect(execution).toMatchObject({ status: 'success' });
	await expectVideos(itemsOf(execution, VIDEO_NODE), prompts);
}

describe('a waiting execution', () => {
	test('gives all videos in the order of its items, in whatever order they end', async () => {
		const prompts = ['ends last', 'ends first', 'ends second'];
		emulator.script('ends last', { job: { runSeconds: 3 } });
		emulator.script('ends first', LONG_ENOUGH);
		emulator.script('ends second', { job: { runSeconds: 2 } });
		const id = await startWaiting(waitingWorkflow({ prompts }));
		const execution = await untilResumed(id);
		await expectSuccess(execution, prompts);
		const pairs = itemsOf(execution, VIDEO_NODE).map(({ pairedItem }) => pairedItem);
		expect(pairs).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
		expect(prompts.flatMap(webhookStatuses)).toEqual([200, 200, 200]);
		expect(JSON.stringify(execution)).not.toContain('signature=');
		expect(hintsOf(execution, VIDEO_NODE)).toEqual([
			'3 videos: estimated $0.0066, actual $0.0066.',
		]);
	});

	test('shows meanwhile what it has submitted', async () => {
		emulator.script('a fox', LONG_ENOUGH);
		const id = await startWaiting(waitingWorkflow({ prompts: ['a fox'] }));
		const [item] = itemsOf(await n8n.execution(id), VIDEO_NODE);
		expect(item!.json).toMatchObject({
			request_id: requestOf('a fox').request_id,
			cost: { estimated: 0.0022 },
		});
		await expectSuccess(await untilResumed(id), ['a fox']);
	});

	test('gives the video of an image, at the price of its endpoint', async () => {
		emulator.script('a photo', LONG_ENOUGH);
		const parameters = {
			...{ operation: 'imageToVideo', loras: {}, model: 'full' },
			...{ imageSource: 'link', imageUrl: 'https://example.com/photo.png' },
		};
		const execution = await untilResumed(
			await startWaiting(waitingWorkflow({ prompts: ['a photo'], parameters })),
		);
		await expectSuccess(execution, ['a photo']);
		expect(requestOf('a photo').endpointId).toBe('fal-ai/ltx-2.3-22b/image-to-video');
		expect(itemsOf(execution, VIDEO_NODE)[0]!.json['cost']).toMatchObject({
			...{ unit_price: 0.001605, estimated: 0.0025, actual: 0.0025 },
		});
	});

	test('is none where all has ended already', async () => {
		emulator.script('a fox', { status: [{ kind: 'slow', milliseconds: 2000 }] });
		const execution = await n8n.untilOver(await start(waitingWorkflow({ prompts: ['a fox'] })));
		await expectSuccess(execution, ['a fox']);
	});

	test('continues round by round in a loop', async () => {
		const prompts = ['one', 'two'];
		for (const prompt of prompts) emulator.script(prompt, LONG_ENOUGH);
		const workflow = waitingWorkflow({ prompts });
		const loop = 'Loop';
		const to = (node: string) => [{ node, type: 'main', index: 0 }];
		workflow.nodes.push({
			...workflow.nodes[0]!,
			id: loop,
			name: loop,
			type: 'n8n-nodes-base.splitInBatches',
			typeVersion: 3,
			parameters: { batchSize: 1 },
		});
		workflow.connections['Items'] = { main: [to(loop)] };
		workflow.connections[loop] = { main: [[], to(VIDEO_NODE)] };
		workflow.connections[VIDEO_NODE] = { main: [to(loop)] };
		const id = await startWaiting(workflow);
		await until('both rounds have ended', async () => {
			const { status } = await n8n.untilOver(id);
			return status === 'success';
		});
		const runs = (await n8n.untilOver(id)).runs[VIDEO_NODE]!;
		await expectVideos(
			runs.flatMap(({ data }) => data!.main[0] ?? []),
			prompts,
		);
	});
});

describe('a waiting sub-workflow', () => {
	test('hands its videos to the workflow that called it', async () => {
		const prompts = ['one', 'two'];
		for (const prompt of prompts) emulator.script(prompt, LONG_ENOUGH);
		const id = await startWaiting(await callerOf(prompts));
		await expectSuccess(await untilResumed(id), prompts);
	});

	/** A workflow whose items are made into videos by another one. */
	async function callerOf(prompts: string[]): Promise<Workflow> {
		const workflow = waitingWorkflow({ prompts });
		const called = await connected(n8n, emulator, workflow);
		const start = {
			...nodeNamed(called, TRIGGER),
			type: 'n8n-nodes-base.executeWorkflowTrigger',
			typeVersion: 1.1,
			parameters: { inputSource: 'passthrough' },
		};
		const { id } = await n8n.createWorkflow({
			...called,
			nodes: [start, nodeNamed(called, VIDEO_NODE)],
			connections: { [TRIGGER]: { main: [[{ node: VIDEO_NODE, type: 'main', index: 0 }]] } },
		});
		Object.assign(nodeNamed(workflow, VIDEO_NODE), {
			type: 'n8n-nodes-base.executeWorkflow',
			typeVersion: 1.2,
			parameters: { workflowId: { __rl: true, mode: 'id', value: id }, mode: 'once', options: {} },
		});
		return workflow;
	}
});

describe('a webhook call', () => {
	/** What proves nothing: refused, and called again with a good signature. */
	const INVALID: WebhookFault[] = [
		{ kind: 'wrongKey' },
		{ kind: 'stale', secondsAgo: 301 },
		{ kind: 'altered' },
		{ kind: 'unsigned' },
	];

	test.each(INVALID)("that is not fal's ($kind) resumes nothing", async (fault) => {
		emulator.script('a fox', { ...LONG_ENOUGH, webhook: [fault] });
		const id = await startWaiting(waitingWorkflow({ prompts: ['a fox'] }));
		await until('it was called', () => webhookStatuses('a fox')[0] !== undefined);
		await until('it has its response', () => webhookStatuses('a fox')[0] !== null);
		expect(await n8n.untilOver(id)).toMatchObject({ status: 'waiting' });
		await expectSuccess(await untilResumed(id), ['a fox']);
		expect(webhookStatuses('a fox')).toEqual([401, 200]);
	});

	test.each<WebhookFault>([{ kind: 'payloadError' }, { kind: 'duplicate' }])(
		'with $kind resumes it once, and the video is read from fal',
		async (fault) => {
			emulator.script('a fox', { ...LONG_ENOUGH, webhook: [fault] });
			const id = await startWaiting(waitingWorkflow({ prompts: ['a fox'] }));
			await expectSuccess(await untilResumed(id), ['a fox']);
			expect(emulator.requests).toHaveLength(1);
		},
	);

	test('that was lost is replaced by a later one', async () => {
		emulator.script('lost', { ...LONG_ENOUGH, webhook: [{ kind: 'lost' }] });
		emulator.script('later', { job: { runSeconds: 2.5 } });
		const id = await startWaiting(waitingWorkflow({ prompts: ['lost', 'later'] }));
		await expectSuccess(await untilResumed(id), ['lost', 'later']);
		expect(webhookStatuses('lost')).toEqual([]);
	});

	test('that comes before the execution waits is called again', async () => {
		emulator.script('early', { job: { queueSeconds: 0, runSeconds: 0 } });
		emulator.script('late', {
			submit: [{ kind: 'slow', milliseconds: 2000 }],
			...LONG_ENOUGH,
		});
		const id = await startWaiting(waitingWorkflow({ prompts: ['early', 'late'] }));
		await expectSuccess(await untilResumed(id), ['early', 'late']);
		expect(webhookStatuses('early')[0]).toBeGreaterThanOrEqual(400);
	});

	test('of a request that is none of this execution resumes nothing', async () => {
		emulator.script('a fox', { job: { runSeconds: 4 } });
		const id = await startWaiting(waitingWorkflow({ prompts: ['a fox'] }));
		const { query } = requestOf('a fox');
		await submitElsewhere('foreign', query['fal_webhook']!);
		await until('the foreign one has called', () => webhookStatuses('foreign')[0] === 200);
		expect(await n8n.untilOver(id)).toMatchObject({ status: 'waiting' });
		await expectSuccess(await untilResumed(id), ['a fox']);
	});

	test("is called again while it is unknown whether it is fal's", async () => {
		emulator.fault('jwks', [{ kind: 'status', status: 500 }]);
		emulator.script('a fox', LONG_ENOUGH);
		const id = await startWaiting(waitingWorkflow({ prompts: ['a fox'] }));
		// A failure to fetch the keys is kept for half a minute.
		await expectSuccess(await untilResumed(id, 60_000), ['a fox']);
		const statuses = webhookStatuses('a fox');
		expect(new Set(statuses.slice(0, -1))).toEqual(new Set([503]));
		expect(statuses.at(-1)).toBe(200);
	});

	test("is called again while fal can't be asked about the others", async () => {
		const refused = { kind: 'status', status: 502, html: '<h1>Bad Gateway</h1>' } as const;
		emulator.script('ends first', {
			...LONG_ENOUGH,
			webhook: [{ kind: 'lost' }],
			status: [refused],
		});
		emulator.script('ends last', { job: { runSeconds: 2.5 } });
		const id = await startWaiting(waitingWorkflow({ prompts: ['ends first', 'ends last'] }));
		await expectSuccess(await untilResumed(id), ['ends first', 'ends last']);
		expect(webhookStatuses('ends last')).toEqual([503, 200]);
	});

	test('that comes late does not resume a node further down', async () => {
		emulator.script('a fox', LONG_ENOUGH);
		const wait = {
			name: 'Wait',
			type: 'n8n-nodes-base.wait',
			typeVersion: 1.1,
			parameters: { resume: 'webhook', httpMethod: 'POST', options: {} },
		};
		const id = await startWaiting(waitingWorkflow({ prompts: ['a fox'], after: [wait] }));
		await until('it waits at the next node', async () => {
			const { runs, status } = await n8n.untilOver(id);
			return status === 'waiting' && runs['Wait'] !== undefined;
		});
		const again = await fetch(requestOf('a fox').query['fal_webhook']!, { method: 'POST' });
		expect(again.status).toBe(404);
		expect(await n8n.untilOver(id)).toMatchObject({ status: 'waiting' });
	});

	test.each([
		['nothing', 'undefined.key'],
		['another one', '"no:key-at-all"'],
	])('resumes it when the key is an expression that gives %s without an item', async (_, none) => {
		for (const prompt of ['ends first', 'ends last']) emulator.script(prompt, LONG_ENOUGH);
		const workflow = waitingWorkflow({ prompts: ['ends first', 'ends last'] });
		const apiKey = `={{ $json?.prompt ? ${JSON.stringify(emulator.apiKey)} : ${none} }}`;
		const credential = await saveCredential(n8n, { ...credentialData(emulator), apiKey });
		const ready = withCredential(workflow, NODE_TYPE, credential);
		const execution = await untilResumed(await startWorkflow(n8n, ready));
		await expectSuccess(execution, ['ends first', 'ends last']);
	});

	/** Somebody's request, with this execution's address as its webhook. */
	async function submitElsewhere(prompt: string, webhook: string): Promise<void> {
		const url = new URL(`${emulator.hosts.queue}/fal-ai/ltx-2.3-22b/distilled/text-to-video/lora`);
		url.searchParams.set('fal_webhook', webhook);
		const body = JSON.stringify({ prompt, loras: [{ path: 'a/b' }], num_frames: 9 });
		const headers = { authorization: `Key ${emulator.apiKey}` };
		expect((await fetch(url, { method: 'POST', headers, body })).ok).toBe(true);
	}
});

describe('a request that fails', () => {
	const refusal = contentPolicyViolation('bad');
	const PROMPTS = ['good', 'bad'];
	const WORDS = 'flagged by a content checker';

	beforeEach(() => {
		emulator.script('bad', { job: { runSeconds: 1.5, outcome: refusal } });
		emulator.script('good', LONG_ENOUGH);
	});

	test("ends the run with generate's error", async () => {
		const id = await startWaiting(waitingWorkflow({ prompts: PROMPTS }));
		const execution = await untilResumed(id);
		expect(execution).toMatchObject({ status: 'error', lastNodeExecuted: VIDEO_NODE });
		expect(execution.error!.message).toContain(WORDS);
		expect(execution.error!.message).toContain('[item 1]');
		expect(execution.error!.description).toContain(requestOf('bad').request_id);
		expect(execution.error!.description).toContain(requestOf('good').request_id);
	});

	test('is an error item where the node continues on fail', async () => {
		const settings = { onError: 'continueRegularOutput' };
		const id = await startWaiting(waitingWorkflow({ prompts: PROMPTS, settings }));
		const execution = await untilResumed(id);
		expect(execution).toMatchObject({ status: 'success' });
		const [good, bad] = itemsOf(execution, VIDEO_NODE);
		await expectVideos([good!], ['good']);
		expect(bad!.json).toMatchObject({
			error: expect.stringContaining(WORDS),
			request_id: requestOf('bad').request_id,
			detail: [{ type: 'content_policy_violation' }],
		});
	});

	test('goes to the error output, with its input, where the node has one', async () => {
		const settings = { onError: 'continueErrorOutput' };
		const id = await startWaiting(waitingWorkflow({ prompts: PROMPTS, settings }));
		const execution = await untilResumed(id);
		const [good, bad] = execution.runs[VIDEO_NODE]!.at(-1)!.data!.main;
		await expectVideos(good!, ['good']);
		expect(bad!.map(({ json }) => json)).toMatchObject([
			{ prompt: 'bad', error: expect.stringContaining(WORDS) },
		]);
	});

	test('at the submit is an error item next to the videos', async () => {
		emulator.script('refused', {
			submit: [{ kind: 'status', status: 403, json: { detail: 'no' } }],
		});
		const settings = { onError: 'continueErrorOutput' };
		const id = await startWaiting(waitingWorkflow({ prompts: ['refused', 'good'], settings }));
		const execution = await untilResumed(id);
		const [good, bad] = execution.runs[VIDEO_NODE]!.at(-1)!.data!.main;
		await expectVideos(good!, ['good']);
		expect(bad!.map(({ json }) => json)).toMatchObject([
			{ prompt: 'refused', error: expect.stringContaining('fal answered 403: no') },
		]);
	});
});

describe('what was submitted', () => {
	test('is collected by a retry, not submitted again', async () => {
		emulator.script('a fox', { ...LONG_ENOUGH, download: [{ kind: 'status', status: 403 }] });
		const id = await startWaiting(waitingWorkflow({ prompts: ['a fox'] }));
		const failed = await untilResumed(id);
		expect(failed).toMatchObject({ status: 'error' });
		await expectSuccess(await n8n.retryExecution(failed.id), ['a fox']);
	});

	test('is collected by a retry although the prompt is made of the whole item', async () => {
		emulator.script(() => true, { ...LONG_ENOUGH, download: [{ kind: 'status', status: 403 }] });
		const workflow = waitingWorkflow({ prompts: ['a fox'] });
		const whole = '={{ JSON.stringify($json) }}';
		workflow.nodes.find(({ name }) => name === VIDEO_NODE)!.parameters['prompt'] = whole;
		const failed = await untilResumed(await startWaiting(workflow));
		expect(failed).toMatchObject({ status: 'error' });
		await expectSuccess(await n8n.retryExecution(failed.id), ['{"prompt":"a fox"}']);
	});

	test('is collected by Retry On Fail', async () => {
		const settings = { retryOnFail: true, maxTries: 2, waitBetweenTries: 10 };
		emulator.script('a fox', { ...LONG_ENOUGH, download: [{ kind: 'status', status: 403 }] });
		const id = await startWaiting(waitingWorkflow({ prompts: ['a fox'], settings }));
		await expectSuccess(await untilResumed(id), ['a fox']);
	});

	test('is delivered by the second try where all has ended before it could wait', async () => {
		const settings = { retryOnFail: true, maxTries: 2, waitBetweenTries: 10 };
		// The first status call, which finds out whether there is anything to wait for, comes late.
		const ended = { status: [{ kind: 'slow', milliseconds: 2000 } as const] };
		emulator.script('a fox', { ...ended, download: [{ kind: 'status', status: 403 }] });
		emulator.script('an owl', ended);
		const prompts = ['a fox', 'an owl'];
		const execution = await n8n.untilOver(await start(waitingWorkflow({ prompts, settings })));
		await expectSuccess(execution, prompts);
		expect(emulator.requests).toHaveLength(prompts.length);
	});

	test('and that fal itself failed is submitted again by a retry, and waits again', async () => {
		const timedOut = {
			status: 504,
			body: { detail: 'Generation timed out', error_type: 'generation_timeout' },
			headers: { 'x-fal-error-type': 'generation_timeout' },
			billableUnits: null,
		};
		emulator.script('a fox', { job: { runSeconds: 1.5, outcome: timedOut } });
		const failed = await untilResumed(await startWaiting(waitingWorkflow({ prompts: ['a fox'] })));
		expect(failed.error!.message).toContain('Generation timed out');
		emulator.script('a fox', LONG_ENOUGH);
		const retry = await n8n.retryExecution(failed.id);
		expect(retry).toMatchObject({ status: 'waiting' });
		const execution = await untilResumed(retry.id);
		expect(execution).toMatchObject({ status: 'success' });
		const [item] = itemsOf(execution, VIDEO_NODE);
		expect(item!.json['request_id']).toBe(emulator.requests[1]!.request_id);
	});

	test('is kept while Retry On Fail submits what was refused, and the execution waits for all', async () => {
		const running = { job: { runSeconds: 6 } };
		emulator.script('refused', {
			...running,
			submit: [{ kind: 'status', status: 403, json: { detail: 'no' } }],
		});
		emulator.script('good', running);
		const settings = {
			onError: 'continueRegularOutput',
			retryOnFail: true,
			maxTries: 2,
			waitBetweenTries: 10,
		};
		const id = await startWaiting(waitingWorkflow({ prompts: ['refused', 'good'], settings }));
		expect(emulator.requests.map(({ state }) => state)).not.toContain('COMPLETED');
		await expectSuccess(await untilResumed(id), ['refused', 'good']);
	});

	test.each([
		['with an error_type', responses.infrastructureError(504, 'generation_timeout', 'Too long')],
		['as a list', responses.modelFailure(500, 'downstream_service_error', 'Broken upstream')],
	])('and that fal failed %s is submitted again by Retry On Fail', async (_form, outcome) => {
		emulator.script('a fox', { job: { runSeconds: 1.5, outcome } });
		emulator.script('a fox', LONG_ENOUGH);
		const settings = { retryOnFail: true, maxTries: 2, waitBetweenTries: 10 };
		const id = await startWaiting(waitingWorkflow({ prompts: ['a fox'], settings }));
		await until('the second one waits, or is there', () => emulator.requests.length === 2);
		await until('it has ended', async () => (await n8n.untilOver(id)).status === 'success');
		const [item] = itemsOf(await n8n.untilOver(id), VIDEO_NODE);
		expect(item!.json['request_id']).toBe(emulator.requests[1]!.request_id);
		expect(emulator.requests).toHaveLength(2);
	});

	test('keeps its price and place though an expression would give another value by now', async () => {
		emulator.script(() => true, LONG_ENOUGH);
		const workflow = waitingWorkflow({ prompts: ['a fox'] });
		const random = '={{ $json.prompt + Math.random() }}';
		workflow.nodes.find(({ name }) => name === VIDEO_NODE)!.parameters['prompt'] = random;
		const execution = await untilResumed(await startWaiting(workflow));
		expect(emulator.requests).toHaveLength(1);
		await expectSuccess(execution, [String(emulator.requests[0]!.input['prompt'])]);
	});

	test("is read from fal's history when fal's queue keeps it no longer", async () => {
		emulator.script('a fox', { ...LONG_ENOUGH, output: { expired: true } });
		const id = await startWaiting(waitingWorkflow({ prompts: ['a fox'] }));
		await expectSuccess(await untilResumed(id), ['a fox']);
	});

	test('continues as request ids when no webhook call ever comes', async () => {
		emulator.script('a fox', { ...LONG_ENOUGH, webhook: [{ kind: 'lost' }] });
		const id = await startWaiting(
			waitingWorkflow({ prompts: ['a fox'], options: { timeoutSeconds: 3 } }),
		);
		// n8n looks once a minute for executions whose time has come.
		const execution = await untilResumed(id, 90_000);
		expect(execution).toMatchObject({ status: 'success' });
		const [item] = itemsOf(execution, VIDEO_NODE);
		expect(item!.json).toMatchObject({
			prompt: 'a fox',
			request_id: requestOf('a fox').request_id,
			cost: { estimated: 0.0022 },
		});
		expect(item!.binary).toBeUndefined();
	});
});

test("an n8n that fal can't call is an error before anything is sent", async () => {
	const credential = await saveCredential(n8n, { apiKey: 'a:b', customHosts: false });
	const workflow = waitingWorkflow({ prompts: ['a fox'] });
	const execution = await n8n.runWorkflow(withCredential(workflow, NODE_TYPE, credential), TRIGGER);
	expect(execution).toMatchObject({ status: 'error' });
	expect(execution.error!.message).toContain(`fal can't call back to ${n8n.url}`);
	expect(execution.error!.description).toContain('N8N_WEBHOOK_URL');
	expect(JSON.stringify(execution)).not.toContain('signature=');
});
