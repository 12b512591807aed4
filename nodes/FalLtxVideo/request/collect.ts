import { sleep } from 'n8n-workflow';
import type { FalError } from '../fal/FalError';
import type { FalQueue, QueueResult } from '../fal/queue';
import { POLLING_PACE, waitMs } from './backoff';
import { passing } from './follow';

/** How often a result that should be there is asked for before giving up, over about two minutes. */
const TRIES = 18;

/**
 * Fetches the result of a completed request. A request that failed on fal has no other way to say
 * so than this answer, so fal's refusals are final; what may pass (no answer, a gateway's page,
 * 429, a result that is not there yet) is tried again, as the video is paid for.
 *
 * @throws FalError with fal's own words and the request id; the signal's reason when it aborts
 */
export async function fetchResult(
	queue: FalQueue,
	requestId: string,
	signal: AbortSignal,
): Promise<QueueResult> {
	for (let attempt = 0; ; attempt++) {
		try {
			return await queue.result(requestId, signal);
		} catch (error) {
			const failure = passing(error, signal);
			if (!isWorthAnother(failure) || attempt === TRIES - 1) throw failure.about({ requestId });
			await sleep(waitMs(POLLING_PACE, attempt, failure.fault.retryAfter), signal);
		}
	}
}

/**
 * The model's own failures come with its own status, so a status alone doesn't tell them from the
 * gateway's: what fal's API says in JSON is the model's word, unless it is about the asking itself.
 */
function isWorthAnother({ fault }: FalError): boolean {
	if (fault.kind !== 'answer') return true;
	return fault.status === 429 || isEarly(fault.detail);
}

/** fal: queue reference. The wording is all that tells this answer from a model's own refusal. */
function isEarly(detail: FalError['fault']['detail']): boolean {
	return typeof detail === 'string' && /still in progress/i.test(detail);
}
