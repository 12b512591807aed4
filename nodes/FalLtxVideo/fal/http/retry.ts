import { type Pace, waitMs } from './backoff';
import { FalError } from '../errors/FalError';
import { pause } from './pause';

/** How a call that costs nothing is tried again. */
export interface RetryPolicy {
	pace: Pace;
	/** Calls in all. */
	tries: number;
}

/** A call that costs nothing, and that somebody waits for: tried for about eight seconds. */
export const FREE_CALL: RetryPolicy = {
	pace: { firstMs: 500, factor: 2, longestMs: 8_000 },
	tries: 5,
};

/** A failure that the same call may not meet again: no response, none of fal's, a busy or broken service. */
export function isTransient(error: unknown): error is FalError {
	if (!(error instanceof FalError)) return false;
	const { kind, status = 0 } = error.fault;
	return kind !== 'answer' || status >= 500 || [408, 425, 429].includes(status);
}

/**
 * Makes a call that costs nothing, and makes it again while its failure is transient.
 *
 * @throws the last failure; the signal's reason when it aborts
 */
export async function retry<T>(
	{ pace, tries }: RetryPolicy,
	signal: AbortSignal | undefined,
	call: () => Promise<T>,
): Promise<T> {
	const until = signal ?? new AbortController().signal;
	for (let attempt = 0; ; attempt++) {
		try {
			return await call();
		} catch (error) {
			until.throwIfAborted();
			const { retryAfter } = requireAnother(error, attempt === tries - 1).fault;
			await pause(waitMs(pace, attempt, retryAfter), until);
		}
	}
}

/** @throws the error itself when the call is not worth another try, or this was the last one */
function requireAnother(error: unknown, isLast: boolean): FalError {
	if (!isTransient(error) || isLast) throw error;
	return error;
}
