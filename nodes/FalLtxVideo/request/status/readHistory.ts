import { endpoints } from '../../endpoints';
import { FalError } from '../../fal/errors/FalError';
import type { LargeTurn } from '../../fal/http/largeTurn';
import type { QueueResult } from '../../fal/queue/falQueue';
import { allThatIsKept, type ListedRequest, type RequestList } from '../../fal/queue/requestList';

/*
 * Rule: a result that fal's queue keeps no longer was paid for all the same. fal's history keeps it for
 * a month (fal: platform API), so it is looked for there before the request counts as ended without
 * one; and it counts so only when the history was really read and says so.
 */

/** What fal's history says of a request. */
export type InHistory =
	| { state: 'result'; result: QueueResult }
	/** It failed. */
	| { state: 'ended' }
	/** It went well, and its output was not kept there: fal's queue may have it. */
	| { state: 'not kept' }
	/** Listed, but nothing says that it has ended. */
	| { state: 'not ended' }
	| { state: 'not listed' }
	| { state: 'not read'; failure: FalError };

/**
 * Looks a request up in fal's history, all that fal keeps of it.
 *
 * @param endpointId of the endpoint it was submitted to; all are searched when it is unknown
 * @param turn of whoever holds the result; held afterwards if that is a large one
 * @throws the signal's reason when it aborts
 */
export async function readHistory(
	list: RequestList,
	{ requestId, endpointId }: { requestId: string; endpointId?: string },
	signal: AbortSignal,
	turn?: LargeTurn,
): Promise<InHistory> {
	const start = allThatIsKept();
	const ids = endpointId === undefined ? endpoints.map(({ id }) => id) : [endpointId];
	let found: InHistory = { state: 'not listed' };
	for (const id of ids) {
		const listed = list({ endpointId: id, start, requestId, payloads: true, turn }, signal);
		found = await stateIn(listed, requestId).catch((error: unknown): InHistory => {
			signal.throwIfAborted();
			if (error instanceof FalError) return { state: 'not read', failure: error };
			throw error;
		});
		if (found.state !== 'result') turn?.leave();
		if (found.state !== 'not listed') return found;
	}
	return found;
}

async function stateIn(found: AsyncIterable<ListedRequest>, requestId: string): Promise<InHistory> {
	for await (const listed of found) {
		if (listed.request_id === requestId) return stateOf(listed);
	}
	return { state: 'not listed' };
}

function stateOf({ status_code, ended_at, json_output: output }: ListedRequest): InHistory {
	const isGood = status_code != null && status_code >= 200 && status_code < 300;
	if (isGood && isObject(output)) return { state: 'result', result: { data: output } };
	if (isGood && ended_at != null && output == null) return { state: 'not kept' };
	if (status_code != null && !isGood) return { state: 'ended' };
	return { state: 'not ended' };
}

function isObject(value: unknown): boolean {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
