import type { RequestRecord } from '../../emulator/index.mts';
import { contentPolicyViolation } from '../../emulator/responses.mts';
import { itemsOf, type Execution, type Item } from '../../scripts/n8n/execution.mts';
import { nodeNamed, type Workflow, type WorkflowNode } from '../../scripts/n8n/workflow.mts';
import {
	connected,
	loggedIn,
	SMALL_VIDEO,
	TRIGGER,
	VIDEO_NODE,
	videoWorkflow,
} from './harness.mts';
import { until } from './poll.mts';
import { binaryOf, probeBytes } from './savedBinary.mts';
import { useEmulator } from '../useEmulator.mts';

/*
 * What was paid for is collected, not submitted again: by n8n's Retry On Fail, by a retry from the list
 * of executions, and by each round of a loop for itself. The local fal counts what was submitted.
 */

const emulator = useEmulator();
const n8n = loggedIn();

const REFUSED_DOWNLOAD = { kind: 'status', status: 403 } as const;

/** n8n's own settings of a node: two tries, the second one at once. */
const TWO_TRIES = { retryOnFail: true, maxTries: 2, waitBetweenTries: 10 };

const LOOP = 'Loop';
const LAST = 'Videos';

/** Lets one node follow another; the first output unless another is named. */
function connect(workflow: Workflow, from: string, to: string, output = 0): void {
	const outputs = ((workflow.connections[from] ??= {}).main ??= []);
	while (outputs.length <= output) outputs.push([]);
	outputs[output]!.push({ node: to, type: 'main', index: 0 });
}

function add(workflow: Workflow, name: string, type: string, node: Partial<WorkflowNode>): void {
	const position: [number, number] = [workflow.nodes.length * 240, 240];
	const typed = { id: name, name, type: `n8n-nodes-base.${type}`, typeVersion: 1, position };
	workflow.nodes.push({ ...typed, parameters: {}, ...node });
}

/** A trigger and a list of prompts, one item each; the video node is not connected yet. */
function unconnected(name: string, prompts: string[], settings: object): Workflow {
	const workflow = videoWorkflow(name, { ...SMALL_VIDEO, prompt: '={{ $json.prompt }}' });
	Object.assign(nodeNamed(workflow, VIDEO_NODE), settings);
	workflow.connections = {};
	const jsonOutput = JSON.stringify({ prompt: prompts });
	add(workflow, 'Prompts', 'set', { typeVersion: 3.4, parameters: { mode: 'raw', jsonOutput } });
	add(workflow, 'Items', 'splitOut', { parameters: { fieldToSplitOut: 'prompt' } });
	connect(workflow, TRIGGER, 'Prompts');
	connect(workflow, 'Prompts', 'Items');
	return workflow;
}

/** One run of the video node with an item for each prompt. */
function together(name: string, prompts: string[], settings: object = {}): Workflow {
	const workflow = unconnected(name, prompts, settings);
	connect(workflow, 'Items', VIDEO_NODE);
	return workflow;
}

/** Loop Over Items: one run of the video node for each prompt, then all videos together. */
function oneByOne(name: string, prompts: string[], settings: object = {}): Workflow {
	const workflow = unconnected(name, prompts, settings);
	add(workflow, LOOP, 'splitInBatches', { typeVersion: 3, parameters: { batchSize: 1 } });
	add(workflow, LAST, 'noOp', {});
	connect(workflow, 'Items', LOOP);
	connect(workflow, LOOP, LAST, 0);
	connect(workflow, LOOP, VIDEO_NODE, 1);
	connect(workflow, VIDEO_NODE, LOOP);
	return workflow;
}

const run = async (workflow: Workflow) =>
	await n8n.runWorkflow(await connected(n8n, emulator, workflow), TRIGGER);

/** A call of n8n's REST that the client has no name for. */
async function rest<Result>(method: string, path: string, body: object): Promise<Result> {
	const { url, session } = n8n;
	const response = await fetch(`${url}/rest${path}`, {
		method,
		body: JSON.stringify(body),
		headers: {
			'content-type': 'application/json',
			'browser-id': session.browserId,
			cookie: session.cookie,
		},
	});
	if (!response.ok)
		throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
	return ((await response.json()) as { data: Result }).data;
}

/** The two ways in which the list of executions offers a retry. */
const RETRIES = [
	['the original workflow', false],
	['the currently saved workflow', true],
] as const;

async function retry(execution: Execution, loadWorkflow: boolean): Promise<Execution> {
	const path = `/executions/${execution.id}/retry`;
	const { id } = await rest<{ id: string }>('POST', path, { loadWorkflow });
	return await n8n.untilOver(id);
}

const submits = () =>
	emulator.calls.filter(({ listener, method }) => listener === 'queue' && method === 'POST');

const statusesOf = (method: string, part: string) =>
	emulator.calls
		.filter((call) => call.method === method && call.path.includes(part))
		.map(({ status }) => status);

function requestOf(prompt: string): RequestRecord {
	const found = emulator.requests.filter(({ input }) => input['prompt'] === prompt);
	if (found.length !== 1) throw new Error(`"${prompt}" was submitted ${found.length} times.`);
	return found[0]!;
}

const promptsOf = (requests: readonly RequestRecord[]) =>
	requests.map(({ input }) => input['prompt']);
const idsOf = (items: Item[]) => items.map(({ json }) => json['request_id']);

/** The videos of these requests, in this order, each a whole file in n8n's store. */
async function expectVideos(items: Item[], requests: readonly RequestRecord[]): Promise<void> {
	expect(idsOf(items)).toEqual(requests.map(({ request_id }) => request_id));
	for (const item of items) {
		const { bytes } = await binaryOf(n8n, item);
		const { url } = item.json['video'] as { url: string };
		expect(bytes.equals(Buffer.from(await (await fetch(url)).arrayBuffer()))).toBe(true);
		expect(await probeBytes(bytes)).toMatchObject({ width: 320, height: 192, frames: 25 });
	}
}

const well = ({ status, error }: Execution) =>
	expect({ status, error }).toEqual({ status: 'success' });

describe('Retry On Fail', () => {
	test('collects the video whose download was refused at first', async () => {
		emulator.script('a fox', { download: [REFUSED_DOWNLOAD] });
		const execution = await run(together('Second try', ['a fox'], TWO_TRIES));
		well(execution);
		expect(statusesOf('GET', '.mp4')).toEqual([403, 200]);
		expect(submits()).toHaveLength(1);
		await expectVideos(itemsOf(execution, VIDEO_NODE), emulator.requests);
	});
});

describe.each(RETRIES)('a retry from the list of executions, with %s', (_name, loadWorkflow) => {
	const prompts = ['one', 'two', 'three'];

	test('collects all that was submitted, once the cause is gone', async () => {
		emulator.script('two', { download: [REFUSED_DOWNLOAD, REFUSED_DOWNLOAD] });
		const failed = await run(together('Twice refused', prompts, TWO_TRIES));
		expect(failed).toMatchObject({ status: 'error', lastNodeExecuted: VIDEO_NODE });
		expect(failed.error?.message).toContain(requestOf('two').request_id);
		expect(submits()).toHaveLength(3);

		const retried = await retry(failed, loadWorkflow);
		well(retried);
		expect(submits()).toHaveLength(3);
		await expectVideos(itemsOf(retried, VIDEO_NODE), prompts.map(requestOf));
	});

	test('gives the same error at once for what fal refused, and submits nothing', async () => {
		emulator.script('two', { job: { outcome: contentPolicyViolation('two') } });
		const failed = await run(together('Flagged', prompts));
		expect(failed).toMatchObject({ status: 'error', lastNodeExecuted: VIDEO_NODE });
		expect(failed.error?.message).toContain('content_policy_violation');
		expect(submits()).toHaveLength(3);

		let again = failed;
		for (let times = 0; times < 2; times++) {
			again = await retry(again, loadWorkflow);
			const { message, description } = failed.error!;
			expect(again).toMatchObject({ status: 'error', error: { message, description } });
		}
		expect(submits()).toHaveLength(3);
		const { request_id: refused } = requestOf('two');
		expect(statusesOf('GET', refused).filter((status) => status === 422)).toHaveLength(1);
		for (const prompt of prompts) {
			expect(again.error?.description).toContain(requestOf(prompt).request_id);
		}
	});
});

describe('a retry after the workflow was corrected', () => {
	const corrected = '={{ $json.prompt.replace("bad", "good") }}';
	const prompts = ['one', 'bad', 'three'];

	test.each(RETRIES)('with %s, submits only what the correction changed', async (_name, saved) => {
		emulator.script('bad', { job: { outcome: contentPolicyViolation('bad') } });
		const workflow = await connected(n8n, emulator, together('Corrected', prompts));
		const { id } = await n8n.createWorkflow(workflow);
		const failed = await n8n.untilOver(await n8n.startWorkflow(id, workflow, TRIGGER));
		expect(failed.status).toBe('error');

		nodeNamed(workflow, VIDEO_NODE).parameters['prompt'] = corrected;
		const { nodes, connections } = workflow;
		await rest('PATCH', `/workflows/${id}?forceSave=true`, { nodes, connections });
		const retried = await retry(failed, saved);
		if (!saved) {
			expect(retried).toMatchObject({ status: 'error', error: { message: failed.error?.message } });
			expect(submits()).toHaveLength(3);
			return;
		}
		well(retried);
		expect(submits()).toHaveLength(4);
		expect(promptsOf(emulator.requests.slice(3))).toEqual(['good']);
		const videos = ['one', 'good', 'three'].map(requestOf);
		await expectVideos(itemsOf(retried, VIDEO_NODE), videos);
	});
});

describe('a submit whose response was lost', () => {
	/** A run ends soon, however long fal's list gives no response. */
	const options = { timeoutSeconds: 4 };
	const optionsOf = (workflow: Workflow, changes: object) => {
		nodeNamed(workflow, VIDEO_NODE).parameters['options'] = changes;
		return workflow;
	};
	const MAYBE = 'fal may have accepted the request';

	test.each(['resetBefore', 'resetAfter'] as const)(
		'(%s) and that no list can show is never sent again',
		async (kind) => {
			emulator.script('a fox', { submit: [{ kind }] });
			const workflow = together(`Lost: ${kind}`, ['a fox'], TWO_TRIES);
			const failed = await run(optionsOf(workflow, { ...options, keepPayload: false }));
			expect(failed).toMatchObject({ status: 'error', lastNodeExecuted: VIDEO_NODE });
			expect(failed.error?.message).toContain(MAYBE);
			expect(submits()).toHaveLength(1);

			const error = { message: expect.stringContaining(MAYBE) };
			for (const [, saved] of RETRIES) {
				expect(await retry(failed, saved)).toMatchObject({ status: 'error', error });
			}
			expect(submits()).toHaveLength(1);
		},
	);

	test('takes no request of another execution with the same input', async () => {
		emulator.script('a fox', { submit: [{ kind: 'resetBefore' }] });
		const losing = run(optionsOf(together('Loses its response', ['a fox']), options));
		await until('its submit is on its way', () => submits().length === 1);
		const other = { ...options, timeoutSeconds: 60 };
		const delivered = await run(optionsOf(together('The other', ['a fox']), other));
		expect((await losing).error?.message).toContain(MAYBE);
		well(delivered);
		await expectVideos(itemsOf(delivered, VIDEO_NODE), emulator.requests);
		expect(emulator.requests).toHaveLength(1);
		expect(submits()).toHaveLength(2);
	});

	test("is taken from fal's list by Retry On Fail", async () => {
		emulator.script('a fox', { submit: [{ kind: 'resetAfter' }] });
		emulator.fault('requests', [{ kind: 'hang' }]);
		const workflow = together('Listed for the second try', ['a fox'], TWO_TRIES);
		const execution = await run(optionsOf(workflow, options));
		well(execution);
		expect(submits()).toHaveLength(1);
		await expectVideos(itemsOf(execution, VIDEO_NODE), emulator.requests);
	});

	test.each(RETRIES)("is taken from fal's list by a retry with %s", async (_name, saved) => {
		emulator.script('a fox', { submit: [{ kind: 'resetAfter' }] });
		// The search, and the last look once the timeout has passed.
		emulator.fault('requests', [{ kind: 'hang' }, { kind: 'hang' }]);
		const failed = await run(optionsOf(together('Listed for the retry', ['a fox']), options));
		expect(failed.error?.message).toContain(MAYBE);

		const retried = await retry(failed, saved);
		well(retried);
		expect(submits()).toHaveLength(1);
		await expectVideos(itemsOf(retried, VIDEO_NODE), emulator.requests);
	});
});

describe("a result that only fal's history keeps, while the history can't be read", () => {
	test.each(RETRIES)('is fetched by a retry with %s, not submitted again', async (_name, saved) => {
		emulator.script('a fox', { output: { expired: true } });
		const unreadable = { kind: 'status', status: 503 } as const;
		emulator.fault('requests', [unreadable, unreadable, unreadable]);
		let execution = await run(together('Expired', ['a fox']));
		// Each retry asks the history once, or more often.
		for (let retries = 0; execution.status === 'error' && retries < 3; retries++) {
			expect(execution.error?.description).toContain(emulator.requests[0]?.request_id);
			execution = await retry(execution, saved);
		}
		well(execution);
		expect(submits()).toHaveLength(1);
		await expectVideos(itemsOf(execution, VIDEO_NODE), emulator.requests);
	});
});

describe('a loop', () => {
	const prompts = ['a fox', 'a fox', 'an owl'];

	test('makes a video in each round, although two ask for the same', async () => {
		const execution = await run(oneByOne('Rounds', prompts));
		well(execution);
		expect(submits()).toHaveLength(3);
		expect(promptsOf(emulator.requests)).toEqual(prompts);
		await expectVideos(itemsOf(execution, LAST), emulator.requests);
	});

	test.each(RETRIES)('retried in its last round with %s, submits nothing', async (_name, saved) => {
		emulator.script('an owl', { download: [REFUSED_DOWNLOAD] });
		const failed = await run(oneByOne('Last round', prompts));
		expect(failed).toMatchObject({ status: 'error', lastNodeExecuted: VIDEO_NODE });
		expect(submits()).toHaveLength(3);

		const retried = await retry(failed, saved);
		well(retried);
		expect(submits()).toHaveLength(3);
		await expectVideos(itemsOf(retried, LAST), emulator.requests);
	});

	test.each(RETRIES)(
		'retried in the middle with %s, submits what is to come',
		async (_name, saved) => {
			emulator.script('a fox', {});
			emulator.script('a fox', { download: [REFUSED_DOWNLOAD] });
			const failed = await run(oneByOne('Second round', prompts));
			expect(failed).toMatchObject({ status: 'error', lastNodeExecuted: VIDEO_NODE });
			expect(promptsOf(emulator.requests)).toEqual(['a fox', 'a fox']);

			const retried = await retry(failed, saved);
			well(retried);
			expect(submits()).toHaveLength(3);
			expect(promptsOf(emulator.requests)).toEqual(prompts);
			await expectVideos(itemsOf(retried, LAST), emulator.requests);
		},
	);
});
