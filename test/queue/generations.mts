import { randomUUID } from 'node:crypto';
import type { Emulator, RequestRecord } from '../../emulator/index.mts';
import { isOver, itemsOf, type Item } from '../../scripts/n8n/execution.mts';
import type { ExecutionSummary, N8nClient } from '../../scripts/n8n/rest.mts';
import { withCredential, type Workflow } from '../../scripts/n8n/workflow.mts';
import { credentialData, NODE_TYPE, saveCredential } from '../e2e/harness.mts';
import { until } from '../e2e/poll.mts';
import { latestLogOf, logOf } from './harness.mts';

const TRIGGER = 'Webhook';
const VIDEO_NODE = 'Video';
const ALL_OVER_WITHIN_MS = 150_000;

/** The smallest and shortest video, as fast to make as one can be. */
const TINY_VIDEO = {
	loras: { lora: [{ path: 'someone/a-lora', weightName: '', scale: 1 }] },
	videoSize: 'custom',
	width: 64,
	height: 64,
	generation: { numFrames: 9 },
};

/** A webhook that responds at once, then a video. The prompt shows which execution submitted it. */
function webhookWorkflow(path: string, options: Record<string, unknown>): Workflow {
	return {
		name: 'A video for each call',
		nodes: [
			{
				id: TRIGGER,
				name: TRIGGER,
				type: 'n8n-nodes-base.webhook',
				typeVersion: 2,
				position: [0, 0],
				webhookId: path,
				parameters: { httpMethod: 'POST', path, responseMode: 'onReceived' },
			},
			{
				id: VIDEO_NODE,
				name: VIDEO_NODE,
				type: NODE_TYPE,
				typeVersion: 1,
				position: [240, 0],
				parameters: {
					resource: 'video',
					operation: 'textToVideo',
					...TINY_VIDEO,
					prompt: '={{ $json.body.prompt }}, submitted by execution {{ $execution.id }}.',
					options,
				},
			},
		],
		connections: { [TRIGGER]: { main: [[{ node: VIDEO_NODE, type: 'main', index: 0 }]] } },
	};
}

/** Holds jobs of the local fal until it is opened. */
export class Gate {
	private readonly opened: Promise<void>;
	private release = () => {};

	constructor(private readonly emulator: Emulator) {
		this.opened = new Promise((resolve) => {
			this.release = resolve;
		});
	}

	/** Holds so many requests more, in the order in which they will come. */
	hold(count: number): void {
		for (let held = 0; held < count; held++) {
			this.emulator.script(() => true, { job: { until: this.opened } });
		}
	}

	open(): void {
		this.release();
	}
}

/** The execution that submitted a request. */
export function ordererOf({ input }: RequestRecord): string {
	const [, id] = /submitted by execution (\d+)/.exec(String(input['prompt'])) ?? [];
	if (id === undefined) throw new Error(`No execution submitted ${JSON.stringify(input)}`);
	return id;
}

/** A published workflow that makes a video for each call of its webhook. */
export class Generations {
	private constructor(
		private readonly n8n: N8nClient,
		readonly workflowId: string,
		private readonly path: string,
	) {}

	static async publish(
		n8n: N8nClient,
		emulator: Emulator,
		options: Record<string, unknown> = {},
	): Promise<Generations> {
		// One path starts one workflow only, in all of n8n.
		const path = randomUUID();
		const credential = await saveCredential(n8n, credentialData(emulator));
		const workflow = withCredential(webhookWorkflow(path, options), NODE_TYPE, credential);
		const { id } = await n8n.publishWorkflow(workflow);
		return new Generations(n8n, id, path);
	}

	/** Calls the webhook so many times at once. */
	async submit(count: number): Promise<void> {
		const calls = Array.from({ length: count }, async () => {
			const response = await fetch(`${this.n8n.url}/webhook/${this.path}`, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify({ prompt: 'A paper boat on a pond' }),
			});
			if (!response.ok) throw new Error(`The webhook responded with ${response.status}`);
		});
		await Promise.all(calls);
	}

	async executions(): Promise<ExecutionSummary[]> {
		return await this.n8n.executionsOf(this.workflowId);
	}

	/**
	 * Waits until n8n has said its last word about so many executions. "Crashed" is none while the main
	 * process runs: it is what a worker that was started again says of what it did before.
	 */
	async untilOver(count: number): Promise<ExecutionSummary[]> {
		let executions: ExecutionSummary[] = [];
		const areOver = async () => {
			executions = await this.executions();
			const isSettled = ({ status }: ExecutionSummary) => isOver(status) && status !== 'crashed';
			return executions.length === count && executions.every(isSettled);
		};
		await until(`${count} executions are over`, areOver, ALL_OVER_WITHIN_MS);
		return executions;
	}

	/** The one video of an execution that succeeded. */
	async videoOf({ id }: ExecutionSummary): Promise<Item> {
		const items = itemsOf(await this.n8n.execution(id), VIDEO_NODE);
		expect(items).toHaveLength(1);
		return items[0]!;
	}
}

const BEGUN = /Worker started execution (\d+)/g;
const ENDED = /Worker finished execution (\d+)/g;
const idsIn = (log: string, line: RegExp) => [...log.matchAll(line)].map(([, id]) => id!);

/** Whether an id is one of these executions'. */
function among(executions: ExecutionSummary[]): (id: string) => boolean {
	const ids = new Set(executions.map(({ id }) => id));
	return (id) => ids.has(id);
}

/** Those of the executions that a worker began, in all its runs; one begun twice is there twice. */
export const begunBy = (worker: string, executions: ExecutionSummary[]) =>
	idsIn(logOf(worker), BEGUN).filter(among(executions));

/** Those of the executions that a worker ended, in all its runs. */
export const endedBy = (worker: string, executions: ExecutionSummary[]) =>
	idsIn(logOf(worker), ENDED).filter(among(executions));

/** The executions that a worker works on, or did when it died. */
export function heldBy(worker: string): string[] {
	const log = latestLogOf(worker);
	const ended = new Set(idsIn(log, ENDED));
	return idsIn(log, BEGUN).filter((id) => !ended.has(id));
}
