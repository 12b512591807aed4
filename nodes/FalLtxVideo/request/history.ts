import { FalError } from '../fal/FalError';
import type { QueueResult } from '../fal/queue';
import type { ListedRequest, RequestList } from '../fal/requestList';
import { CLOCK_SKEW_MS } from '../fal/requestList';

/*
 * Rule: a result that fal's queue keeps no longer was paid for all the same. fal's history keeps it for
 * a month (fal: platform API), so it is looked for there before it is called lost.
 */

const KEPT_FOR_MS = 30 * 24 * 3600 * 1000;

/**
 * The result of a request from fal's history.
 *
 * @param acceptedAt milliseconds since 1970; undefined when it was submitted elsewhere
 * @returns undefined when the request failed, when its payload was not kept, or fal can't be asked
 * @throws the signal's reason when it aborts
 */
export async function resultInHistory(
	list: RequestList,
	{ requestId, acceptedAt }: { requestId: string; acceptedAt?: number },
	signal: AbortSignal,
): Promise<QueueResult | undefined> {
	const start = new Date((acceptedAt ?? Date.now() - KEPT_FOR_MS) - CLOCK_SKEW_MS);
	const found = list({ start, requestId, payloads: true }, signal);
	return await resultOf(requestId, found).catch(nothing);
}

async function resultOf(
	requestId: string,
	found: AsyncIterable<ListedRequest>,
): Promise<QueueResult | undefined> {
	for await (const listed of found) {
		if (listed.request_id !== requestId) continue;
		return isGood(listed) ? { data: listed.json_output } : undefined;
	}
	return undefined;
}

/** What is known when fal can't be asked. @throws everything else */
function nothing(error: unknown): undefined {
	if (!(error instanceof FalError)) throw error;
	return undefined;
}

function isGood({ status_code: status, json_output: output }: ListedRequest): boolean {
	return output != null && status != null && status >= 200 && status < 300;
}
