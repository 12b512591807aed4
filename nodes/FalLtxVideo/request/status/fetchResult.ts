import { RETRY, retry } from '../../fal/http/retry';
import { FalError } from '../../fal/errors/FalError';
import type { LargeTurn } from '../../fal/http/largeTurn';
import { type FalQueue, isEarly, type QueueResult } from '../../fal/queue/falQueue';
import { hasTypedDetails } from '../../fal/errors/refusals';

/** What fetching one result needs. */
export interface ResultCall {
	queue: FalQueue;
	requestId: string;
	/** Whether the result may hold the file itself (Sync Mode). */
	mayHoldFile: boolean;
	/** Of whoever holds the result; held afterwards if it is a large one. */
	turn: LargeTurn;
	/** Called with every failure that is not final. */
	onFailure?: (error: FalError) => void;
	signal: AbortSignal;
}

/**
 * Fetches the result of a completed request. A request that failed on fal has no other way to say
 * so than this response, so the model's errors are final; what is transient (no response, a gateway's
 * page, a busy or broken queue, a result that is not there yet) is tried again, as the video is
 * paid for.
 *
 * @throws FalError with fal's own words; the signal's reason when it aborts
 */
export async function fetchResult({
	queue,
	requestId,
	mayHoldFile,
	turn,
	onFailure,
	signal,
}: ResultCall): Promise<QueueResult> {
	const options = { signal, isTransient: isResultTransient, onRetry: onFailure };
	const call = async () => await queue.result(requestId, { mayHoldFile, turn }, signal);
	return await retry(RETRY.result, options, call).catch((error: unknown) => {
		throw error instanceof FalError ? error.about({ requestId }) : error;
	});
}

/**
 * The model's own failures come with its own status, so a status alone doesn't distinguish them from the
 * gateway's: an error that fal gives a type is the request's end, one without is the asking's.
 * `x-fal-retryable` is about another request: this one's result stays what it is.
 */
function isResultTransient(error: unknown): boolean {
	if (!(error instanceof FalError)) return false;
	const { fault } = error;
	const { kind, status = 0, detail, errorType } = fault;
	if (kind !== 'response') return true;
	if (isEarly(detail)) return true;
	if (hasTypedDetails(fault)) return false;
	if (status === 429 || status === 403) return true;
	return status >= 500 && errorType === undefined;
}

/** Whether fal says that the request has not ended, whatever the status code is. */
export function isNotReady(error: unknown): error is FalError {
	return error instanceof FalError && isEarly(error.fault.detail);
}
