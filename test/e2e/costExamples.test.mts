import Big from 'big.js';
import { itemsOf, type Execution } from '../../scripts/n8n/execution.mts';
import type { Credential } from '../../scripts/n8n/rest.mts';
import type { Workflow } from '../../scripts/n8n/workflow.mts';
import { readWorkflow, withFields, withNode } from './exampleWorkflow.mts';
import { credentialData, loggedIn, runningHost, saveCredential } from './harness.mts';
import { until } from './poll.mts';
import { binaryOf, probeBytes } from './savedBinary.mts';
import { useSharedEmulator } from '../useEmulator.mts';

const START = 'Start';
/** The oldest n8n does not sign the links that answer a waiting execution. */
const SIGNED_LINKS = runningHost().target === 'newest';

const emulator = useSharedEmulator({ runSeconds: 0.1, delivered: 'enlarged' });
const n8n = loggedIn();
let credential: Credential;

beforeAll(async () => {
	credential = await saveCredential(n8n, credentialData(emulator));
});

/** What a person does after importing: chooses the credential in the one node that needs it. */
const withCredentialIn = (workflow: Workflow, node: string) =>
	withNode(workflow, node, {
		credentials: { [credential.type]: { id: credential.id, name: credential.name } },
	});

describe('the example "estimate, ask for approval, generate"', () => {
	const GENERATE = 'Generate';
	const ASK = 'Ask for approval';
	/** 512 × 512 × 9 is 2.359296 megapixels, $0.0029. */
	const ESTIMATE = 0.0029;
	const video = { video_size: 'square', duration_seconds: 0.4 };
	const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';
	const SLACK = 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)';

	let workflow: Workflow;

	beforeAll(async () => {
		const example = await readWorkflow('estimate-approve-generate.json');
		workflow = withFields(withCredentialIn(example, GENERATE), 'The video', video);
	});

	const runWithLimit = async (limit: number) =>
		await n8n.runWorkflow(withFields(workflow, 'The video', { limit }), START);

	/** Runs until it waits for a person, and gives the two links. */
	async function untilAsked() {
		const submitted = emulator.requests.length;
		const execution = await runWithLimit(0.001);
		expect({ status: execution.status, error: execution.error }).toEqual({ status: 'waiting' });
		expect(emulator.requests).toHaveLength(submitted);
		const [asked] = itemsOf(execution, ASK);
		const { question, approve_link, reject_link } = asked?.json as Record<string, string>;
		expect(question).toContain(`about ${ESTIMATE} USD, the limit is 0.001`);
		return { id: execution.id, approve: String(approve_link), reject: String(reject_link) };
	}

	const open = async (link: string, userAgent = FIREFOX) =>
		await fetch(link, { headers: { 'user-agent': userAgent } });

	async function untilEnded(id: string): Promise<Execution> {
		const isWaiting = async () => (await n8n.execution(id)).status === 'waiting';
		await until('the execution resumes', async () => !(await isWaiting()));
		return await n8n.untilOver(id);
	}

	async function expectVideo(execution: Execution): Promise<void> {
		expect({ status: execution.status, error: execution.error }).toEqual({ status: 'success' });
		const [made] = itemsOf(execution, GENERATE);
		expect(made?.json).toMatchObject({ cost: { estimated: ESTIMATE } });
		expect(await probeBytes((await binaryOf(n8n, made)).bytes)).toMatchObject({ frames: 9 });
	}

	test('goes straight through up to the limit', async () => {
		const execution = await runWithLimit(ESTIMATE);
		await expectVideo(execution);
		expect(execution.runs[ASK]).toBeUndefined();
		expect(emulator.requests).toHaveLength(1);
	});

	test('waits above it, and makes the video when the link says yes', async () => {
		const { id, approve } = await untilAsked();
		const response = await open(approve);
		expect({ status: response.status, text: await response.text() }).toEqual({
			status: 200,
			text: expect.stringContaining('is being made'),
		});
		await expectVideo(await untilEnded(id));
		expect(emulator.requests).toHaveLength(2);
	});

	test('makes none when the link says no', async () => {
		const { id, reject } = await untilAsked();
		expect((await open(reject)).status).toBe(200);
		const execution = await untilEnded(id);
		expect(execution).toMatchObject({
			status: 'success',
			lastNodeExecuted: 'No: there is no video',
		});
		expect(execution.runs[GENERATE]).toBeUndefined();
		expect(emulator.requests).toHaveLength(2);
	});

	test('takes no preview of a link for an answer, nor a link without its signature', async () => {
		const { id, approve } = await untilAsked();
		expect((await open(approve, SLACK)).status).toBe(403);
		const otherSignature = approve.replace(/signature=\w+/, 'signature=x');
		expect(otherSignature === approve).toBe(!SIGNED_LINKS);
		if (SIGNED_LINKS) expect((await open(otherSignature)).status).toBe(401);
		expect((await n8n.execution(id)).status).toBe('waiting');
		await n8n.stopExecution(id);
		expect(emulator.requests).toHaveLength(2);
	});

	test('refuses a video that is not the one that was estimated', async () => {
		const submitted = emulator.requests.length;
		const other = withNode(workflow, GENERATE, { parameters: { generation: { numFrames: 17 } } });
		const execution = await n8n.runWorkflow(withFields(other, 'The video', { limit: 1 }), START);
		expect(execution).toMatchObject({ status: 'error', lastNodeExecuted: GENERATE });
		expect(execution.error?.message).toContain(`(maxCostPerItem) is $${ESTIMATE}`);
		expect(emulator.requests).toHaveLength(submitted);
	});
});

describe('the example "sum up the month"', () => {
	const VIDEO = 'fal LTX Video';
	const WRITE = 'Write it down';

	/** The example under another name, making a small video. */
	const named = (example: Workflow, name: string, prompt: string, numFrames: number) =>
		withNode({ ...withCredentialIn(example, VIDEO), name }, VIDEO, {
			parameters: {
				prompt,
				videoSize: 'custom',
				width: 320,
				height: 192,
				generation: { numFrames },
			},
		});

	test("gives each workflow's exact sum of what fal billed", async () => {
		const example = await readWorkflow('monthly-cost.json');
		emulator.script('refused', {
			job: {
				outcome: { status: 422, body: { detail: 'Flagged' }, billableUnits: '100' },
			},
		});
		const runs = [
			named(example, 'Boats', 'a boat', 25),
			named(example, 'Boats', 'a boat', 33),
			named(example, 'Boats', 'a boat', 41),
			named(example, 'Foxes', 'a fox', 25),
			named(example, 'Foxes', 'a fox that is refused', 25),
		];
		const billed: Record<string, Big[]> = {};
		for (const workflow of runs) {
			const execution = await n8n.runWorkflow(workflow, START);
			expect({ status: execution.status, error: execution.error }).toEqual({ status: 'success' });
			const [made] = itemsOf(execution, VIDEO);
			const { cost } = made?.json as { cost: { actual: number } };
			(billed[workflow.name] ??= []).push(new Big(cost.actual));
			expect(itemsOf(execution, WRITE)).toHaveLength(1);
			expect(itemsOf(execution, WRITE)[0]?.json).toMatchObject({
				workflow: workflow.name,
				request_id: emulator.requests.at(-1)?.request_id,
				cost: cost.actual,
				currency: 'USD',
			});
		}
		expect(billed['Foxes']?.map(Number)).toEqual([0.003, 0.1205]);

		const summed = await n8n.runWorkflow(example, 'On the first of the month');
		expect({ status: summed.status, error: summed.error }).toEqual({ status: 'success' });
		const sums = itemsOf(summed, 'Cost of the month').map(({ json }) => json);
		expect(sums).toEqual(
			Object.entries(billed).map(([workflow, costs]) => ({
				month: expect.stringMatching(/^\d{4}-\d\d$/),
				workflow,
				requests: costs.length,
				cost: costs.reduce((sum, cost) => sum.plus(cost)).toNumber(),
				currency: 'USD',
			})),
		);
	});
});
