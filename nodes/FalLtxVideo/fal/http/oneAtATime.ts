import pLimit from 'p-limit';
import { unlessAborted } from './pause';

/*
 * Rules, for all executions of this n8n process:
 * - equal inputs are submitted to fal, and looked for there, one after the other, so that a request that
 *   is found in fal's list can't be one whose response is on its way;
 * - large responses are held one after the other (largeTurn.ts).
 */

/** By key: what is being done, and how many wait for it or do it. */
const queues = new Map<string, { limit: ReturnType<typeof pLimit>; users: number }>();

/** Whether no work with this key is being done or waits: the next one begins at once. */
export function isIdle(key: string): boolean {
	return !queues.has(key);
}

/**
 * Does a work when no other one with the same key is being done.
 *
 * @throws the signal's reason when it aborts before the work has begun; what the work throws
 */
export async function oneAtATime<T>(
	key: string,
	signal: AbortSignal,
	work: () => Promise<T>,
): Promise<T> {
	const lane = queues.get(key) ?? { limit: pLimit(1), users: 0 };
	queues.set(key, lane);
	lane.users++;
	let begin: () => void = () => undefined;
	const turn = new Promise<void>((resolve) => (begin = resolve));
	const done = lane.limit(async () => {
		begin();
		signal.throwIfAborted();
		return await work();
	});
	const leave = () => {
		if (--lane.users === 0) queues.delete(key);
	};
	done.then(leave, leave);
	await unlessAborted(turn, signal);
	return await done;
}
