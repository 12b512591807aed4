import { waitMs } from '../fal/backoff';
import { FalError } from '../fal/FalError';
import { pause } from '../fal/pause';
import type { FalQueue, QueueResult } from '../fal/queue';
import { isEarly } from '../fal/queue';
import { passing, POLLING_PACE } from './follow';

/** How often a result that should be there is asked for before giving up, over about two minutes. */
const TRIES = 18;

/**
 * Fetches the result of a completed request. A request that failed on fal has no other way to say
 * so than this answer, so the model's refusals are final; what may pass (no answer, a gateway's
 * page, a busy or broken queue, a result that is not there yet) is tried again, as the video is
 * paid for.
 *
 * @throws FalError with fal's own words; the signal's reason when it aborts
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
			const failure = isEarlyAnswer(error) ? error : passing(error, signal);
			if (!isWorthAnother(failure) || attempt === TRIES - 1) throw failure.about({ requestId });
			await pause(waitMs(POLLING_PACE, attempt, failure.fault.retryAfter), signal);
		}
	}
}

/**
 * The model's own failures come with its own status, so a status alone doesn't tell them from the
 * gateway's: an error that fal gives a type is the request's end, one without is the asking's.
 * `x-fal-retryable` is about another request: this one's result stays what it is.
 */
function isWorthAnother({ fault }: FalError): boolean {
	const { kind, status = 0, detail, errorType } = fault;
	if (kind !== 'answer') return true;
	if (status === 429 || status === 403 || isEarly(detail)) return true;
	return status >= 500 && errorType === undefined;
}

/** Whatever its status code is, 404 included, which is final otherwise. */
function isEarlyAnswer(error: unknown): error is FalError {
	return error instanceof FalError && isEarly(error.fault.detail);
}
