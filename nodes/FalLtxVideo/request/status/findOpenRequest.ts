import { FalError } from '../../fal/errors/FalError';
import { type FalQueue, isUnknownRequest } from '../../fal/queue/falQueue';
import { isOpen } from './waitUntilCompleted';

/** fal is asked about so many at a time: a webhook has to be answered within 15 s (fal: webhooks). */
const ASKED_AT_ONCE = 20;

/**
 * A request that has not ended; undefined when all have. fal works through its queue in order, so the
 * newest, the last of the list, is asked for first: while anything is open, that is mostly one call.
 *
 * @param requestIds oldest first
 * @throws FalError when fal can't be asked; the signal's reason when it aborts
 */
export async function findOpenRequest(
	queue: FalQueue,
	requestIds: readonly string[],
	signal?: AbortSignal,
): Promise<string | undefined> {
	for (let left = requestIds.length; left > 0; ) {
		const from = Math.max(0, left === requestIds.length ? left - 1 : left - ASKED_AT_ONCE);
		const asked = requestIds.slice(from, left);
		const ended = await Promise.all(asked.map(async (id) => await hasEnded(queue, id, signal)));
		const open = asked.find((_id, i) => !ended[i]);
		if (open !== undefined) return open;
		left = from;
	}
	return undefined;
}

async function hasEnded(
	queue: FalQueue,
	requestId: string,
	signal: AbortSignal | undefined,
): Promise<boolean> {
	// Of a status that is not documented, such as FAILED, no webhook may come: the result shows its meaning.
	return await queue.status(requestId, signal).then((status) => !isOpen(status), isUnknown);
}

/** Nothing more comes of a request that fal no longer knows. @throws every other error */
function isUnknown(error: unknown): boolean {
	if (error instanceof FalError && isUnknownRequest(error.fault)) return true;
	throw error;
}
