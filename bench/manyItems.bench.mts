import type { Execution } from '../scripts/n8n/execution.mts';
import type { Bench, Benchmark, Findings } from './benchmark.mts';
import { seconds, times } from './figures.mts';
import { itemsWorkflow, TRIGGER, VIDEO_NODE } from './workflows.mts';

const JOB_SECONDS = 2;
const FILE_BYTES = 64 * 1024;
const GOAL_TIMES = 1.15;

/** Items, and how many of them at once. */
const RUNS = [
	[1, 1],
	[10, 1],
	[10, 10],
	[50, 10],
	[50, 50],
	[200, 10],
	[200, 50],
	[200, 200],
] as const;
const QUICK_RUNS = [
	[1, 1],
	[10, 10],
	[50, 50],
] as const;

interface Run {
	items: number;
	atOnce: number;
	tookMs: number;
	idealMs: number;
}

/** How long the node itself ran. */
function nodeMs(execution: Execution, items: number): number {
	const [run] = execution.runs[VIDEO_NODE] ?? [];
	const given = run?.data?.main[0]?.length;
	if (execution.status === 'success' && run && given === items) return run.executionTime;
	throw new Error(`${execution.status}, ${given} of ${items} items: ${execution.error?.message}`);
}

async function measureRuns({ lab, isQuick, report, signal }: Bench): Promise<Run[]> {
	const opened = await lab();
	const running = await opened.startN8n();
	const fal = { preparedBytes: FILE_BYTES, runSeconds: JOB_SECONDS };
	const { credential } = await opened.startFal(running, fal);
	const measure = async (items: number, atOnce: number): Promise<Run> => {
		report(`${items} items, ${atOnce} at once`);
		const workflow = itemsWorkflow(credential, items, { maxConcurrency: atOnce });
		const execution = await running.n8n.runWorkflow(workflow, TRIGGER, { signal });
		const idealMs = Math.ceil(items / atOnce) * JOB_SECONDS * 1000;
		return { items, atOnce, idealMs, tookMs: nodeMs(execution, items) };
	};
	// The first run of a node loads it.
	await measure(1, 1);
	const runs: Run[] = [];
	for (const [items, atOnce] of isQuick ? QUICK_RUNS : RUNS) {
		runs.push(await measure(items, atOnce));
	}
	return runs;
}

export const benchmark: Benchmark = {
	title: 'Many items',
	about: `One run of the node with jobs of ${JOB_SECONDS} s each, all of which fal works on at once. Ideal is the time that the jobs alone take: items / Max Concurrency, rounded up, times ${JOB_SECONDS} s. One after another is ${JOB_SECONDS} s for each item, as a loop over the items would take at best.`,
	async run(bench): Promise<Findings> {
		const runs = await measureRuns(bench);
		const ratio = ({ tookMs, idealMs }: Run) => tookMs / idealMs;
		return {
			tables: [
				{
					columns: ['Items', 'Max Concurrency', 'took', 'ideal', 'of ideal', 'one after another'],
					rows: runs.map((run) => [
						String(run.items),
						String(run.atOnce),
						seconds(run.tookMs),
						seconds(run.idealMs),
						times(ratio(run)),
						seconds(run.items * JOB_SECONDS * 1000),
					]),
				},
			],
			goals: runs.map((run) => ({
				what: `${run.items} item${run.items === 1 ? '' : 's'}, ${run.atOnce} at once: within ${GOAL_TIMES} of the ideal`,
				measured: times(ratio(run)),
				isMet: ratio(run) <= GOAL_TIMES,
				why: `n8n works on one thread, and each item takes ${((run.tookMs - run.idealMs) / run.items).toFixed(1)} ms of it: its parameters, four calls to fal, its file`,
			})),
		};
	},
};
