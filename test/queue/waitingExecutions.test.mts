import type { RequestRecord } from '../../emulator/index.mts';
import type { ExecutionSummary } from '../../scripts/n8n/rest.mts';
import { until } from '../e2e/poll.mts';
import { begunBy, Gate, Generations, heldBy, ordererOf } from './generations.mts';
import { end, runCount, loggedIn, untilRestarted } from './harness.mts';
import { expectFiles } from './videos.mts';
import { useEmulator } from '../useEmulator.mts';

/*
 * Generations that n8n's database waits for: fal's webhook call reaches the main process, and whichever
 * worker is free fetches the video.
 */

const WORKERS = ['worker-1', 'worker-2'] as const;
const [KILLED] = WORKERS;
const COUNT = 40;
const HALF = COUNT / 2;

const emulator = useEmulator({
	queueSeconds: 0,
	runSeconds: 0,
	concurrency: COUNT,
	// While the main process is being started again.
	variants: { webhookRetryMs: Array.from({ length: 31 }, () => 5_000) },
});
const n8n = loggedIn();

const idsOf = (executions: ExecutionSummary[]) => executions.map(({ id }) => id).sort();
const withStatus = (executions: ExecutionSummary[], wanted: string) =>
	executions.filter(({ status }) => status === wanted);

/** Whether fal called while the main process was not there. */
const calledInVain = ({ webhookDeliveries }: RequestRecord) =>
	webhookDeliveries.some(({ status }) => status === 503);

test('a worker and the main process are killed: all that waits arrives', async () => {
	const [firstHalf, secondHalf] = [new Gate(emulator), new Gate(emulator)];
	firstHalf.hold(HALF);
	secondHalf.hold(HALF);
	const generations = await Generations.publish(n8n, emulator, { waitMode: 'webhook' });
	await generations.submit(COUNT);
	const countWith = async (status: string) =>
		withStatus(await generations.executions(), status).length;
	await until('all are waiting', async () => (await countWith('waiting')) === COUNT, 120_000);
	firstHalf.open();
	await until('one half has arrived', async () => (await countWith('success')) === HALF, 120_000);
	expect(await countWith('waiting')).toBe(HALF);
	// What waits keeps no worker busy.
	await until('the workers are free', () => WORKERS.every((name) => heldBy(name).length === 0));
	const [worker, main] = [runCount(KILLED), runCount('main')];
	end(KILLED, 'SIGKILL');
	end('main', 'SIGKILL');
	secondHalf.open();

	await untilRestarted('main', main);
	await until('all have arrived', async () => (await countWith('success')) === COUNT, 150_000);
	const executions = await generations.executions();
	expect(emulator.requests.map(ordererOf).sort()).toEqual(idsOf(executions));
	expect(emulator.requests.filter(calledInVain)).not.toEqual([]);
	await expectFiles(
		n8n,
		await Promise.all(executions.map(async (execution) => await generations.videoOf(execution))),
	);
	const [first, second] = WORKERS.map((name) => new Set(begunBy(name, executions)));
	const moved = [...first!].filter((id) => second!.has(id));
	// Some went on at another worker than the one that they began at.
	expect(moved).not.toEqual([]);
	await untilRestarted(KILLED, worker);
});
