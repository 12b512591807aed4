import { waitMs } from '../../fal/http/backoff';
import { FalError } from '../../fal/errors/FalError';
import { pause } from '../../fal/http/pause';
import { type FalQueue, isEarly, type QueueResult } from '../../fal/queue/falQueue';
import { hasTypedDetails } from '../../fal/errors/refusals';
import { POLLING_PACE, requireTransient } from './untilCompleted';

/** How often a result that should be there is asked for, over about two minutes. */
const TRIES = 18;

/** What fetching one result needs. */
export interface Fetching {
	queue: FalQueue;
	requestId: string;
	/** Whether the result may hold the file itself (Sync Mode). */
	mayHoldFile: boolean;
	/** Called with every failure that is not final. */
	onFailure?: (error: FalError) => void;
	signal: AbortSignal;
}

/**
 * Fetches the result of a completed request. A request that failed on fal has no other way to say
 * so than this answer, so the model's errors are final; what is transient (no answer, a gateway's
 * page, a busy or broken queue, a result that is not there yet) is tried again, as the video is
 * paid for.
 *
 * @throws FalError with fal's own words; the signal's reason when it aborts
 */
export async function fetchResult({
	queue,
	requestId,
	mayHoldFile,
	onFailure,
	signal,
}: Fetching): Promise<QueueResult> {
	for (let attempt = 0; ; attempt++) {
		try {
			return await queue.result(requestId, mayHoldFile, signal);
		} catch (error) {
			const failure = isEarlyAnswer(error) ? error : requireTransient(error, signal);
			if (!isWorthAnother(failure) || attempt === TRIES - 1) throw failure.about({ requestId });
			onFailure?.(failure);
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
	if (isEarly(detail)) return true;
	if (hasTypedDetails(fault)) return false;
	if (status === 429 || status === 403) return true;
	return status >= 500 && errorType === undefined;
}

/** Whether fal says that the request has not ended, whatever the status code is. */
export function isEarlyAnswer(error: unknown): error is FalError {
	return error instanceof FalError && isEarly(error.fault.detail);
}
