import { FalError } from '../errors/FalError';
import { type Backoff, backoffMs } from './backoff';
import { pause } from './pause';

/*
 * All that is tried again, in one table. Rule: only what costs nothing is retried; a submit never is, but
 * after a 429 (submitOnce.ts).
 */

/** How often, and how long after each other, a call is made again. */
export interface RetryPolicy {
	backoff: Backoff;
	/** Calls in all. */
	tries: number;
}

export const RETRY = {
	/** A status, a list or a price that an item waits for: over about eight seconds. */
	read: { tries: 5, backoff: { firstMs: 500, factor: 2, longestMs: 8_000 } },
	/** The result of a completed request, which is paid for: over about two minutes. */
	result: { tries: 18, backoff: { firstMs: 500, factor: 1.5, longestMs: 10_000 } },
	/** Each call of an upload: over about a quarter of a minute. */
	upload: { tries: 6, backoff: { firstMs: 500, factor: 2, longestMs: 8_000 } },
	/** A download that can't be resumed and starts again: over about half a minute. */
	download: { tries: 8, backoff: { firstMs: 250, factor: 2, longestMs: 8_000 } },
	/** A cancel, which a stopped execution waits for. */
	cancel: { tries: 4, backoff: { firstMs: 300, factor: 3, longestMs: 3_000 } },
} as const satisfies Record<string, RetryPolicy>;

/** What is waited in between where a call is repeated until something happens. */
export const BACKOFF = {
	/** Between two polls of a status. */
	polling: RETRY.result.backoff,
	/** An account that is at its limit accepts another request within seconds or minutes. */
	submit: { firstMs: 2_000, factor: 2, longestMs: 30_000 },
	/** Between two searches for a lost request in fal's list. */
	search: { firstMs: 500, factor: 1.7, longestMs: 8_000 },
	/** Before an end is asked for again that fal's history doesn't confirm: see generateVideo.ts. */
	end: { firstMs: 2_000, factor: 2.5, longestMs: 5_000 },
	/** Before a download is resumed. */
	resume: RETRY.download.backoff,
} as const satisfies Record<string, Backoff>;

/** What a retry depends on. */
export interface RetryOptions {
	signal?: AbortSignal;
	/** Whether the same call may succeed next time; see {@link isTransient}. */
	isTransient?: (error: unknown, attempt: number) => boolean;
	/** Called with each failure that another call follows. */
	onRetry?: (error: FalError) => void;
}

/** A failure that the same call may not meet again: no response, one of a gateway, a busy or broken service. */
export function isTransient(error: unknown): boolean {
	if (!(error instanceof FalError)) return false;
	const { kind, status = 0 } = error.fault;
	return kind !== 'response' || status >= 500 || [408, 425, 429].includes(status);
}

/**
 * Makes a call that costs nothing, and makes it again while its failure is transient.
 *
 * @param call gets the number of the attempt, from 0
 * @throws the last failure; the signal's reason when it aborts
 */
export async function retry<T>(
	{ backoff, tries }: RetryPolicy,
	{ signal = NEVER, isTransient: isRetried = isTransient, onRetry }: RetryOptions,
	call: (attempt: number) => Promise<T>,
): Promise<T> {
	for (let attempt = 0; ; attempt++) {
		try {
			return await call(attempt);
		} catch (error) {
			signal.throwIfAborted();
			requireAnother(error, attempt < tries - 1 && isRetried(error, attempt));
			const failure = error instanceof FalError ? error : undefined;
			if (failure) onRetry?.(failure);
			await pause(backoffMs(backoff, attempt, failure?.fault.retryAfter), signal);
		}
	}
}

const NEVER = new AbortController().signal;

/** @throws the error itself when no other call follows */
function requireAnother(error: unknown, isFollowed: boolean): void {
	if (!isFollowed) throw error;
}
