import type { Emulator } from '../../emulator/index.mts';
import type { Workflow } from '../../scripts/n8n/workflow.mts';
import {
	connected,
	loggedIn,
	SMALL_VIDEO,
	startWorkflow,
	TRIGGER,
	VIDEO_NODE,
	videoWorkflow,
} from './harness.mts';
import { until } from './poll.mts';
import { useEmulator } from '../useEmulator.mts';

/** How soon fal must have the cancel, in milliseconds. */
const CANCELLED_WITHIN_MS = 1000;

const emulator = useEmulator({ runSeconds: 60 });
const n8n = loggedIn();

/** The first video is made in no time, two are being made, and two wait for a place. */
const PROMPTS = ['made', 'under way', 'under way too', 'waiting', 'waiting too'];
const SUBMITTED = PROMPTS.slice(0, 3);
const AT_A_TIME = 2;

const NODES = { prompts: 'Prompts', items: 'Items' };

/** A run of five items, two at a time. */
function fiveItems(name: string, nodeSettings: object, settings = {}): Workflow {
	const parameters = { prompt: '={{ $json.prompt }}', options: { maxConcurrency: AT_A_TIME } };
	const workflow = videoWorkflow(name, { ...SMALL_VIDEO, ...parameters });
	const nodes = workflow.nodes.map((node) =>
		node.name === VIDEO_NODE ? { ...node, ...nodeSettings } : node,
	);
	const { prompts, items } = NODES;
	nodes.push(
		{
			id: prompts,
			name: prompts,
			type: 'n8n-nodes-base.set',
			typeVersion: 3.4,
			position: [0, 240],
			parameters: { mode: 'raw', jsonOutput: JSON.stringify({ prompt: PROMPTS }) },
		},
		{
			id: items,
			name: items,
			type: 'n8n-nodes-base.splitOut',
			typeVersion: 1,
			position: [240, 240],
			parameters: { fieldToSplitOut: 'prompt' },
		},
	);
	const then = (node: string) => ({ main: [[{ node, type: 'main', index: 0 }]] });
	const connections = {
		[TRIGGER]: then(prompts),
		[prompts]: then(items),
		[items]: then(VIDEO_NODE),
	};
	return { ...workflow, nodes, connections, settings };
}

async function start(workflow: Workflow): Promise<string> {
	return await startWorkflow(n8n, await connected(n8n, emulator, workflow));
}

const submitted = () => emulator.requests.map(({ input }) => input['prompt']);
const requestOf = (prompt: string) =>
	emulator.requests.find(({ input }) => input['prompt'] === prompt);

/** Until one video has arrived and two requests run on fal. */
async function untilMidway(): Promise<void> {
	const isServed = () =>
		emulator.calls.some(({ listener, status }) => listener === 'cdn' && status);
	await until('a video is downloaded', isServed);
	const isUnderWay = (prompt: string) => requestOf(prompt)?.state === 'IN_PROGRESS';
	await until('two run on fal', () => SUBMITTED.slice(1).every(isUnderWay));
}

/** When the two that were under way were cancelled on fal. */
async function cancellations(): Promise<number[]> {
	const times = () => SUBMITTED.slice(1).map((prompt) => requestOf(prompt)?.cancelledAt?.getTime());
	await until('fal has the cancellations', () => !times().includes(undefined));
	return times() as number[];
}

/** Whatever was still to come of an execution is over once n8n has made another video. */
async function expectNoMoreSubmits(): Promise<void> {
	const prompt = 'afterwards';
	emulator.script(prompt, { job: { runSeconds: 0 } });
	const next = await connected(n8n, emulator, videoWorkflow('Next', { ...SMALL_VIDEO, prompt }));
	expect(await n8n.runWorkflow(next, TRIGGER)).toMatchObject({ status: 'success' });
	expect(submitted().sort()).toEqual([...SUBMITTED, prompt].sort());
	expect(requestOf(PROMPTS[0]!)?.cancelledAt).toBeUndefined();
}

/** n8n tries a stopped node again, too. */
const NODE_SETTINGS = [
	['one try', {}],
	['Retry On Fail', { retryOnFail: true, maxTries: 2, waitBetweenTries: 10 }],
] as const;

describe('the stop button', () => {
	test('ends the execution, and the request on fal with it', async () => {
		const execution = await start(videoWorkflow('Stopped', SMALL_VIDEO));
		const running = () => emulator.requests[0]?.state === 'IN_PROGRESS';
		await until('the request runs on fal', running);
		await n8n.stopExecution(execution);
		expect(await n8n.untilOver(execution)).toMatchObject({ status: 'canceled' });
		await until('fal has the cancellation', () => emulator.requests[0]?.cancelledAt !== undefined);
		expect(emulator.requests).toHaveLength(1);
	});

	test.each(NODE_SETTINGS)('cancels all that is under way, with %s', async (_name, settings) => {
		emulator.script(PROMPTS[0]!, { job: { runSeconds: 0 } });
		const execution = await start(fiveItems('Stopped midway', settings));
		await untilMidway();
		const stoppedAt = Date.now();
		await n8n.stopExecution(execution);
		for (const at of await cancellations())
			expect(at - stoppedAt).toBeLessThan(CANCELLED_WITHIN_MS);
		expect(await n8n.untilOver(execution)).toMatchObject({ status: 'canceled' });
		await expectNoMoreSubmits();
	});

	test('cancels what fal accepts after it was pressed', async () => {
		emulator.script(SMALL_VIDEO.prompt, { submit: [{ kind: 'slow', milliseconds: 1500 }] });
		const execution = await start(videoWorkflow('Stopped early', SMALL_VIDEO));
		await until('the submit is on its way', () => emulator.calls.length > 0);
		await n8n.stopExecution(execution);
		expect(emulator.requests).toHaveLength(0);
		await until('fal has the cancellation', () => emulator.requests[0]?.cancelledAt !== undefined);
		const [{ submittedAt, cancelledAt }] = emulator.requests as [Emulator['requests'][0]];
		expect(Number(cancelledAt) - Number(submittedAt)).toBeLessThan(CANCELLED_WITHIN_MS);
	});
});

describe('a request whose status is polled, as its stream is refused', () => {
	beforeEach(() => emulator.script(SMALL_VIDEO.prompt, { stream: [{ kind: 'refuse' }] }));

	const isPolled = () =>
		emulator.calls.some(({ path, status }) => /\/status\b(?!\/)/.test(path) && status);

	test('is cancelled on fal by the stop button', async () => {
		const execution = await start(videoWorkflow('Stopped while polling', SMALL_VIDEO));
		await until('fal is asked for its status', isPolled);
		const stoppedAt = Date.now();
		await n8n.stopExecution(execution);
		await until('fal has the cancellation', () => emulator.requests[0]?.cancelledAt !== undefined);
		expect(Number(emulator.requests[0]?.cancelledAt) - stoppedAt).toBeLessThan(CANCELLED_WITHIN_MS);
		expect(await n8n.untilOver(execution)).toMatchObject({ status: 'canceled' });
		expect(emulator.requests).toHaveLength(1);
	});

	test("is cancelled on fal at the node's timeout", async () => {
		const parameters = { ...SMALL_VIDEO, options: { timeoutSeconds: 2 } };
		const execution = await start(videoWorkflow('Timeout while polling', parameters));
		expect(await n8n.untilOver(execution)).toMatchObject({
			status: 'error',
			error: { message: expect.stringContaining('There was no video within 2 s') },
		});
		expect(isPolled()).toBe(true);
		const [{ submittedAt, cancelledAt }] = emulator.requests as [Emulator['requests'][0]];
		expect(Number(cancelledAt) - Number(submittedAt)).toBeLessThan(2000 + CANCELLED_WITHIN_MS);
	});
});

describe("n8n's own execution timeout", () => {
	const executionTimeout = 5;

	test.each(NODE_SETTINGS)('cancels all that is under way, with %s', async (_name, settings) => {
		emulator.script(PROMPTS[0]!, { job: { runSeconds: 0 } });
		const startedAfter = Date.now();
		const execution = await start(fiveItems('Too long', settings, { executionTimeout }));
		await untilMidway();
		const startedBefore = emulator.requests[0]!.submittedAt.getTime();
		for (const at of await cancellations()) {
			expect(at - startedAfter).toBeGreaterThanOrEqual(executionTimeout * 1000);
			expect(at - startedBefore).toBeLessThan(executionTimeout * 1000 + CANCELLED_WITHIN_MS);
		}
		expect(await n8n.untilOver(execution)).toMatchObject({ status: 'canceled' });
		await expectNoMoreSubmits();
	});
});
