import { randomBytes } from 'node:crypto';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { n8nEnvironment } from '../../scripts/n8n/environment.mts';
import { itemsOf, type Execution } from '../../scripts/n8n/execution.mts';
import { freePorts } from '../../scripts/n8n/freePorts.mts';
import { EDITOR_READY } from '../../scripts/n8n/instance.mts';
import { launchN8n } from '../../scripts/n8n/launch.mts';
import { installationFolder, installationIn } from '../../scripts/n8n/location.mts';
import { N8nClient } from '../../scripts/n8n/rest.mts';
import { nodeNamed } from '../../scripts/n8n/workflow.mts';
import { targetNamed } from '../../scripts/n8n/targets.mts';
import type { ProcessTree } from '../../scripts/processes/processTree.mts';
import { connected, runningHost, startWorkflow, TRIGGER, VIDEO_NODE } from './harness.mts';
import { hintsOf } from './hints.mts';
import { itemsWorkflow } from './itemsWorkflow.mts';
import { until } from './poll.mts';
import { binaryOf, probeBytes } from './savedBinary.mts';
import { useEmulator } from '../useEmulator.mts';

/*
 * An n8n of its own that is killed without a word and started again: what was waiting resumes, and
 * what was being fetched is fetched by a retry. Nothing is submitted twice.
 */

const PROMPTS = ['one', 'two'];

const emulator = useEmulator({
	variants: { webhookRetryMs: Array.from({ length: 60 }, () => 1000) },
});
let folder: string;
let launch: () => Promise<ProcessTree>;
let running: ProcessTree;
let n8n: N8nClient;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'n8n-nodes-fal-ltx-restart-'));
	await mkdir(join(folder, 'files'));
	const { packageFolder, target: name } = runningHost();
	const target = targetNamed(name);
	const installation = installationIn(installationFolder(target), target);
	await cp(dirname(dirname(packageFolder)), join(folder, '.n8n', 'nodes'), { recursive: true });
	const [port, brokerPort] = (await freePorts(2)) as [number, number];
	const encryptionKey = randomBytes(16).toString('hex');
	const url = `http://127.0.0.1:${port}`;
	// Its address and its key stay the same through all its lives.
	launch = async () =>
		await launchN8n({
			...{ installation, folder, command: 'start', readyLine: EDITOR_READY },
			logFile: join(folder, 'n8n.log'),
			env: n8nEnvironment({ installation, folder, port, brokerPort, encryptionKey }),
			readinessUrl: `${url}/healthz/readiness`,
		});
	running = await launch();
	n8n = new N8nClient(url);
	const password = `Video7-${randomBytes(4).toString('hex')}`;
	const owner = { email: 'you@example.com', firstName: 'Video', lastName: 'Maker' };
	await n8n.setUpOwner({ ...owner, password });
});

afterAll(async () => {
	await running.end();
	await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** As a power cut ends it. */
async function kill(): Promise<void> {
	process.kill(-running.pid!, 'SIGKILL');
	await running.exited;
}

async function start(options: Record<string, unknown>): Promise<string> {
	const asked = { name: 'Killed', prompts: PROMPTS, options };
	const workflow = await connected(n8n, emulator, itemsWorkflow(asked));
	return await startWorkflow(n8n, workflow);
}

async function startWaiting(): Promise<string> {
	const executionId = await start({ waitMode: 'webhook' });
	expect(await n8n.untilOver(executionId)).toMatchObject({ status: 'waiting' });
	return executionId;
}

/** Until n8n knows that it was killed while it ran this execution. */
async function killAndRestart(executionId: string): Promise<void> {
	await kill();
	running = await launch();
	const hasNoticed = async () => (await n8n.untilOver(executionId)).status === 'crashed';
	await until('n8n has noticed', hasNoticed);
}

async function expectVideos(execution: Execution): Promise<void> {
	expect(execution).toMatchObject({ status: 'success' });
	const items = itemsOf(execution, VIDEO_NODE);
	const submitted = emulator.requests.map(({ request_id: id }) => id);
	expect(items.map(({ json }) => json['request_id']).sort()).toEqual(submitted.sort());
	expect(submitted).toHaveLength(PROMPTS.length);
	for (const item of items) {
		const { bytes } = await binaryOf(n8n, item);
		expect(await probeBytes(bytes)).toMatchObject({ frames: 25 });
	}
}

test('a waiting execution survives the end of its n8n', async () => {
	// While n8n starts there is a moment in which it responds with 200 to any call. Webhook calls half a
	// second apart can't both meet it, and either of them is enough.
	emulator.script('one', { job: { runSeconds: 2 } });
	emulator.script('two', { job: { runSeconds: 2.5 } });
	const id = await startWaiting();
	await kill();
	const haveEnded = () => emulator.requests.every(({ state }) => state === 'COMPLETED');
	await until('all requests have ended while n8n is gone', haveEnded);
	running = await launch();
	await until('it resumes', async () => (await n8n.untilOver(id)).status !== 'waiting');
	await expectVideos(await n8n.untilOver(id));
});

test('one that was killed while it fetched is collected by a retry', async () => {
	const never = { kind: 'hang' } as const;
	for (const prompt of PROMPTS) {
		emulator.script(prompt, { job: { runSeconds: 2 }, download: [never] });
	}
	const id = await startWaiting();
	const isFetching = () => emulator.calls.some(({ listener }) => listener === 'cdn');
	await until('it fetches a video', isFetching);
	await killAndRestart(id);
	await expectVideos(await n8n.retryExecution(id));
});

describe('one that was killed while it waited with the status stream', () => {
	/** Of a retry too: it ends soon, however long fal's list gives no response. */
	const options = { maxConcurrency: PROMPTS.length, timeoutSeconds: 10 };

	/**
	 * n8n has the data of a production execution from its start; one that was started by hand can't be
	 * retried then.
	 */
	async function startInProduction(path: string): Promise<{ id: string; workflowId: string }> {
		const workflow = itemsWorkflow({ name: path, prompts: PROMPTS, options });
		Object.assign(nodeNamed(workflow, TRIGGER), {
			...{ type: 'n8n-nodes-base.webhook', typeVersion: 2, webhookId: path },
			parameters: { path, httpMethod: 'POST', options: {} },
		});
		const { id } = await n8n.publishWorkflow(await connected(n8n, emulator, workflow));
		expect((await fetch(`${n8n.url}/webhook/${path}`, { method: 'POST' })).ok).toBe(true);
		const [execution] = await n8n.executionsOf(id);
		return { id: execution!.id, workflowId: id };
	}

	async function startAndKill(path: string): Promise<string> {
		for (const prompt of PROMPTS) emulator.script(prompt, { job: { runSeconds: 2 } });
		const { id } = await startInProduction(path);
		const run = () => emulator.requests.filter(({ state }) => state === 'IN_PROGRESS').length;
		await until('all run on fal', () => run() === PROMPTS.length);
		await killAndRestart(id);
		return id;
	}

	test('is given the videos of its requests by a retry, which names them', async () => {
		const retried = await n8n.retryExecution(await startAndKill('killed'));
		await expectVideos(retried);
		const hints = hintsOf(retried, VIDEO_NODE).join('\n');
		for (const { request_id: id } of emulator.requests) expect(hints).toContain(id);
	});

	test("submits nothing in a retry that can't read fal's list of requests", async () => {
		const id = await startAndKill('killed-with-fal-away');
		const unreadable = { kind: 'status', status: 503 } as const;
		emulator.fault(
			'requests',
			Array.from({ length: 100 }, () => unreadable),
		);
		expect(await n8n.retryExecution(id)).toMatchObject({ status: 'error' });
		expect(emulator.requests).toHaveLength(PROMPTS.length);
	});

	// Older versions of n8n don't show a node which execution is retried.
	const testWhereTold = runningHost().target === 'newest' ? test : test.skip;

	testWhereTold('and was a retry itself is not submitted again by the next one', async () => {
		const refused = { kind: 'status', status: 400, json: { detail: 'Not now' } } as const;
		for (const prompt of PROMPTS)
			emulator.script(prompt, { submit: [refused], job: { runSeconds: 2 } });
		const { id, workflowId } = await startInProduction('killed-retry');
		expect(await n8n.untilOver(id)).toMatchObject({ status: 'error' });
		const retrying = n8n.retryExecution(id).catch(() => undefined);
		const run = () => emulator.requests.filter(({ state }) => state === 'IN_PROGRESS').length;
		await until('all run on fal', () => run() === PROMPTS.length);
		const [retry] = await n8n.executionsOf(workflowId);
		expect(retry!.id).not.toBe(id);
		await killAndRestart(retry!.id);
		await retrying;
		await expectVideos(await n8n.retryExecution(retry!.id));
	});
});
