import { itemsOf } from '../scripts/n8n/execution.mts';
import type { Bench, Benchmark, Findings } from './benchmark.mts';
import { mebibytes, median, spread } from './figures.mts';
import { memoryRise } from './processFacts.mts';
import { itemsWorkflow, TRIGGER, VIDEO_NODE } from './workflows.mts';

const MIB = 1024 ** 2;
const FILE_BYTES = 40 * MIB;
const QUICK_BYTES = 20 * MIB;
const ITEMS = [1, 10] as const;
const ROUNDS = 3;
const GOAL_TIMES = 1.5;

/** Of each number of items, how far the memory rose in each round, in bytes. */
type Rises = Map<number, number[]>;

async function measureRounds({ lab, isQuick, report, signal }: Bench): Promise<Rises> {
	const opened = await lab();
	const preparedBytes = isQuick ? QUICK_BYTES : FILE_BYTES;
	const rises: Rises = new Map();
	for (let round = 1; round <= (isQuick ? 1 : ROUNDS); round++) {
		for (const items of ITEMS) {
			report(`round ${round}: ${items} at once`);
			// One of its own for each: what an earlier run left would not rise again.
			const running = await opened.startN8n();
			const { emulator, credential } = await opened.startFal(running, { preparedBytes });
			const outputFile = { syncMode: true };
			const options = { maxConcurrency: items };
			const workflow = itemsWorkflow(credential, items, options, { outputFile });
			const { result: execution, riseBytes } = await memoryRise(
				running.pid,
				async () => await running.n8n.runWorkflow(workflow, TRIGGER, { signal }),
			);
			const given = itemsOf(execution, VIDEO_NODE).filter(({ binary }) => binary).length;
			if (given !== items)
				throw new Error(`${given} of ${items} files: ${execution.error?.message}`);
			rises.set(items, [...(rises.get(items) ?? []), riseBytes]);
			await running.stop();
			await emulator.close();
		}
	}
	return rises;
}

export const benchmark: Benchmark = {
	title: 'Files inside results',
	about: `With Sync Mode a file comes as text inside of fal's result, and all of it has to be in memory. Each file has ${mebibytes(FILE_BYTES)}, and all items are asked for at once; an n8n of its own for each run. Memory is that of n8n's process (RSS): how far it rises above where it was before the run.`,
	async run(bench): Promise<Findings> {
		const rises = await measureRounds(bench);
		const [one, many] = ITEMS.map((items) => rises.get(items)!);
		const ratio = median(many!) / median(one!);
		return {
			tables: [
				{
					columns: ['Items', "rise of n8n's memory, median (range)"],
					rows: ITEMS.map((items) => [String(items), spread(rises.get(items)!, mebibytes)]),
				},
			],
			goals: [
				{
					what: `${ITEMS[1]} items at once rise by at most ${GOAL_TIMES} times as much as one`,
					measured: `${ratio.toFixed(2)} times`,
					isMet: ratio <= GOAL_TIMES,
				},
			],
			notes: [`${rises.get(1)!.length} rounds. Files inside results are held one at a time.`],
		};
	},
};
