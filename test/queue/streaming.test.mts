import { itemsOf, type Item } from '../../scripts/n8n/execution.mts';
import type { ExecutionSummary } from '../../scripts/n8n/rest.mts';
import { readWorkflow, withFields } from '../e2e/exampleWorkflow.mts';
import { connected } from '../e2e/harness.mts';
import { until } from '../e2e/poll.mts';
import { begunBy, endedBy, Gate, Generations, heldBy, ordererOf } from './generations.mts';
import { end, runCount, loggedIn, untilRestarted } from './harness.mts';
import { expectFiles } from './videos.mts';
import { useEmulator } from '../useEmulator.mts';

/*
 * Generations that a worker waits for. Whatever ends: fal is asked for each video once, no execution
 * is begun twice, and every video that was submitted can be fetched.
 */

const WORKERS = ['worker-1', 'worker-2'] as const;
const [KILLED] = WORKERS;
/** n8n's default. */
const AT_ONCE_PER_WORKER = 10;
const AT_ONCE = WORKERS.length * AT_ONCE_PER_WORKER;
/** Two rounds. */
const COUNT = 2 * AT_ONCE;

const emulator = useEmulator({ queueSeconds: 0, runSeconds: 0, concurrency: COUNT });
const n8n = loggedIn();

const succeeded = ({ status }: ExecutionSummary) => status === 'success';
const idsOf = (executions: ExecutionSummary[]) => executions.map(({ id }) => id).sort();
const requestIds = (items: Item[]) => items.map(({ json }) => String(json['request_id']));

const begun = (executions: ExecutionSummary[]) =>
	WORKERS.flatMap((worker) => begunBy(worker, executions));

/** Exactly these executions submitted a video, each of them once, and were begun by one worker. */
function expectOrderedOnce(executions: ExecutionSummary[]): void {
	const ids = idsOf(executions);
	expect(emulator.requests.map(ordererOf).sort()).toEqual(ids);
	expect(begun(executions).sort()).toEqual(ids);
}

const videosOf = async (generations: Generations, executions: ExecutionSummary[]) =>
	await Promise.all(executions.map(async (execution) => await generations.videoOf(execution)));

/** The example that collects what never arrived, with what did. */
async function collectAllBut(known: string[]): Promise<Item[]> {
	const example = await connected(n8n, emulator, await readWorkflow('collect-lost-videos.json'));
	const workflow = withFields(example, 'Since', { known_request_ids: `=${JSON.stringify(known)}` });
	const execution = await n8n.runWorkflow(workflow, 'Start');
	expect({ status: execution.status, error: execution.error }).toEqual({ status: 'success' });
	return itemsOf(execution, 'Fetch the video');
}

const hasOrdered = (id: string) => emulator.requests.map(ordererOf).includes(id);

/** Waits until the workers have begun so many, do all that they can at once, and have submitted it. */
async function untilAllWait(generations: Generations, count: number): Promise<void> {
	const waits = (worker: string) => {
		const held = heldBy(worker);
		return held.length === AT_ONCE_PER_WORKER && held.every(hasOrdered);
	};
	const allWait = async () =>
		WORKERS.every(waits) && begun(await generations.executions()).length === count;
	await until('the workers wait for all that they can', allWait, 120_000);
}

test('a killed worker: the others continue, and what it had submitted is collected', async () => {
	const [firstRound, secondRound] = [new Gate(emulator), new Gate(emulator)];
	firstRound.hold(AT_ONCE);
	secondRound.hold(AT_ONCE);
	const generations = await Generations.publish(n8n, emulator);
	await generations.submit(COUNT);
	await untilAllWait(generations, AT_ONCE);
	firstRound.open();
	await untilAllWait(generations, COUNT);
	const runs = runCount(KILLED);
	end(KILLED, 'SIGKILL');
	const lost = heldBy(KILLED);
	secondRound.open();

	const executions = await generations.untilOver(COUNT);
	expectOrderedOnce(executions);
	expect(endedBy(KILLED, executions)).toHaveLength(AT_ONCE_PER_WORKER);
	expect(lost).toHaveLength(AT_ONCE_PER_WORKER);
	const received = executions.filter(succeeded);
	const missing = executions.filter((execution) => !succeeded(execution));
	expect(idsOf(missing)).toEqual(lost.sort());
	const videos = await videosOf(generations, received);
	await expectFiles(n8n, videos);

	// n8n has failed them and keeps nothing that could run again: a retry submits nothing.
	expect(missing.map(({ status }) => status)).toEqual(missing.map(() => 'error'));
	const retried = await n8n.retryExecution(missing[0]!.id);
	expect(retried).toMatchObject({ status: 'error', runs: {} });

	const collected = await collectAllBut(requestIds(videos));
	await expectFiles(n8n, collected);
	const all = [...requestIds(videos), ...requestIds(collected)].sort();
	expect(all).toEqual(emulator.requests.map(({ request_id }) => request_id).sort());
	expect(all).toHaveLength(COUNT);
	await untilRestarted(KILLED, runs);
});

test('a worker that is asked to end, and a killed main process, lose nothing', async () => {
	const gate = new Gate(emulator);
	gate.hold(AT_ONCE);
	const generations = await Generations.publish(n8n, emulator);
	await generations.submit(AT_ONCE);
	await untilAllWait(generations, AT_ONCE);
	const [ended, main] = [runCount(KILLED), runCount('main')];
	end(KILLED, 'SIGTERM');
	end('main', 'SIGKILL');
	gate.open();

	await untilRestarted('main', main);
	const executions = await generations.untilOver(AT_ONCE);
	expect(executions.filter((execution) => !succeeded(execution))).toEqual([]);
	expectOrderedOnce(executions);
	await expectFiles(n8n, await videosOf(generations, executions));
	await untilRestarted(KILLED, ended);
});
