import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { Emulator } from '../emulator/index.mts';
import type { Credential } from '../scripts/n8n/rest.mts';
import type { Bench, Benchmark, Findings } from './benchmark.mts';
import { kibibytes } from './figures.mts';
import type { LocalFal, RunningN8n } from './lab.mts';
import { Probe, type Held } from './probe.mts';
import {
	itemsWorkflow,
	type Step,
	TRIGGER,
	videoStep,
	waitStep,
	webhookWorkflow,
} from './workflows.mts';

const COUNTS = [1, 100, 1000];
const QUICK_COUNTS = [1, 50];

/** Waited for before anything is measured: what the first ones load, the later ones have. */
const WARM_UP = 100;

/** Nothing ends by itself while it is measured. */
const JOB_SECONDS = 24 * 3600;

const SUBMITS_AT_ONCE = 20;
const WITHIN_MS = 600_000;
const POLL_MS = 500;

/** Connections that were kept for the next call are closed by then, and n8n's own work is done. */
const SETTLE_MS = 8_000;

/** How generations wait. */
interface Way {
	name: string;
	/** Starts so many, and settles when all of them wait. */
	start(setup: Setup, count: number): Promise<Started>;
}

interface Setup extends RunningN8n {
	emulator: Emulator;
	credential: Credential;
	signal: AbortSignal;
}

interface Started {
	/** Ends them. */
	stop(): Promise<void>;
}

async function until({ signal }: Setup, what: string, isSo: () => Promise<boolean>): Promise<void> {
	const deadline = Date.now() + WITHIN_MS;
	while (!(await isSo())) {
		if (Date.now() > deadline) throw new Error(`${what}: not within ${WITHIN_MS / 1000} s`);
		await wait(POLL_MS, undefined, { signal });
	}
}

/** Runs a workflow by hand; all that it waits for is stopped with it. */
async function startItems(setup: Setup, count: number, options: object): Promise<Started> {
	const { n8n } = setup;
	const workflow = itemsWorkflow(setup.credential, count, options);
	const { id } = await n8n.createWorkflow(workflow);
	const executionId = await n8n.startWorkflow(id, workflow, TRIGGER);
	const forWebhook = 'waitMode' in options;
	await until(setup, `${count} items wait`, async () =>
		forWebhook
			? (await n8n.countExecutions(id, 'waiting')) === 1
			: streamsOf(setup.emulator) === count,
	);
	return {
		async stop() {
			await n8n.stopExecution(executionId);
			if (forWebhook) return;
			const { requests } = setup.emulator;
			await until(setup, 'all are cancelled', async () =>
				requests.every(({ cancelledAt }) => cancelledAt),
			);
		},
	};
}

/** Requests that are followed by a stream and have not ended. */
function streamsOf({ calls, requests }: Emulator): number {
	const streamed = new Set(
		calls.map(({ path }) => /\/requests\/([^/]+)\/status\/stream/.exec(path)?.[1]),
	);
	return requests.filter(({ request_id: id, cancelledAt }) => !cancelledAt && streamed.has(id))
		.length;
}

/** One execution for each, begun by a webhook as it comes. */
async function startExecutions(setup: Setup, count: number, step: Step): Promise<Started> {
	const { n8n } = setup;
	const path = randomUUID();
	const { id } = await n8n.publishWorkflow(webhookWorkflow(path, step));
	const limit = pLimit(SUBMITS_AT_ONCE);
	const call = async () => {
		const { ok, status } = await fetch(`${n8n.url}/webhook/${path}`, { method: 'POST' });
		if (!ok) throw new Error(`The webhook responded with ${status}`);
	};
	await Promise.all(Array.from({ length: count }, async () => await limit(call)));
	await until(
		setup,
		`${count} executions wait`,
		async () => (await n8n.countExecutions(id, 'waiting')) === count,
	);
	// They end with their n8n.
	return { stop: async () => await Promise.resolve() };
}

const WEBHOOK = { waitMode: 'webhook', maxConcurrency: SUBMITS_AT_ONCE };

const streamItems: Way = {
	name: 'Stream, items of one execution',
	start: async (setup, count) => await startItems(setup, count, { maxConcurrency: count }),
};

const webhookItems: Way = {
	name: 'Webhook, items of one execution',
	start: async (setup, count) => await startItems(setup, count, WEBHOOK),
};

const webhookExecutions: Way = {
	name: 'Webhook, an execution each',
	start: async (setup, count) =>
		await startExecutions(setup, count, videoStep(setup.credential, WEBHOOK)),
};

const waitNode: Way = {
	name: "n8n's own Wait node, an execution each",
	start: async (setup, count) => await startExecutions(setup, count, waitStep),
};

interface Measured {
	way: Way;
	count: number;
	before: Held;
	waiting: Held;
}

async function measureWay(bench: Bench, way: Way): Promise<Measured[]> {
	const probe = new Probe();
	const lab = await bench.lab();
	const running = await lab.startN8n(probe.env);
	const fal: LocalFal = await lab.startFal(running, {
		preparedBytes: 1024,
		runSeconds: JOB_SECONDS,
	});
	const setup: Setup = { ...running, ...fal, signal: bench.signal };
	const settled = async () => {
		await wait(SETTLE_MS, undefined, { signal: bench.signal });
		return await probe.held(running.pid);
	};
	bench.report(`${way.name}: warming up`);
	await (await way.start(setup, bench.isQuick ? 2 : WARM_UP)).stop();
	const measured: Measured[] = [];
	for (const count of bench.isQuick ? QUICK_COUNTS : COUNTS) {
		bench.report(`${way.name}: ${count}`);
		const before = await settled();
		const { stop } = await way.start(setup, count);
		const waiting = await settled();
		measured.push({ way, count, before, waiting });
		await stop();
	}
	return measured;
}

/** Less cannot be distinguished from what n8n does by itself. */
const LEAST_BYTES = 1024;
const FEW_SOCKETS = 2;

const more = ({ before, waiting }: Measured) => ({
	memory: waiting.memory - before.memory,
	sockets: waiting.sockets - before.sockets,
});

export const benchmark: Benchmark = {
	title: 'Waiting: Wait Mode Stream against Webhook',
	about:
		"What n8n's process holds more while so many generations wait for fal than just before: memory (JavaScript's heap and what hangs on it, all garbage collected) and open sockets. With Wait Mode Stream, Max Concurrency is the number of items.",
	async run(bench): Promise<Findings> {
		const measured: Measured[] = [];
		for (const way of [streamItems, webhookItems, webhookExecutions, waitNode]) {
			measured.push(...(await measureWay(bench, way)));
		}
		const each = (one: Measured) => more(one).memory / one.count;
		const largest = (way: Way) => measured.filter((one) => one.way === way).at(-1)!;
		const known = kibibytes(each(largest(waitNode)));
		return {
			tables: [
				{
					columns: ['', 'generations', 'memory', 'for each', 'sockets'],
					rows: measured.map((one) => [
						one.way.name,
						String(one.count),
						kibibytes(more(one).memory),
						kibibytes(each(one)),
						String(more(one).sockets),
					]),
				},
			],
			goals: [webhookItems, webhookExecutions].map(largest).map((one) => ({
				what: `${one.way.name}: nothing for each of ${one.count} that can be measured (less than ${kibibytes(LEAST_BYTES)}, no sockets)`,
				measured: `${kibibytes(each(one))}, ${more(one).sockets} sockets in all`,
				isMet: each(one) < LEAST_BYTES && more(one).sockets <= FEW_SOCKETS,
				why: `n8n keeps an entry of every waiting execution in the process that began it, with what its nodes gave; of one that waits at its own Wait node that is ${known}`,
			})),
			notes: [
				'A single generation is lost among what n8n itself begins to hold or lets go of meanwhile, some megabytes; so are 100 with Wait Mode Webhook. Below nothing means that it let go of more.',
			],
		};
	},
};
