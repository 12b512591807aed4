/** How long to wait between tries. */
export interface Backoff {
	firstMs: number;
	factor: number;
	longestMs: number;
}

/** A longer Retry-After is not followed: a video may be finished meanwhile. */
const LONGEST_RETRY_AFTER_SECONDS = 60;

/**
 * The wait before a try: growing, with jitter of a quarter so that many items don't ask in step,
 * and not shorter than what fal asked for, up to a minute.
 *
 * @param attempt 0 for the first wait
 * @param retryAfter seconds from fal's `Retry-After`, if it sent one
 * @param random 0 to 1; given by tests
 */
export function backoffMs(
	pace: Backoff,
	attempt: number,
	retryAfter = 0,
	random: () => number = Math.random,
): number {
	const grown = Math.min(pace.firstMs * pace.factor ** attempt, pace.longestMs);
	const jittered = grown * (0.75 + random() / 2);
	return Math.max(jittered, Math.min(retryAfter, LONGEST_RETRY_AFTER_SECONDS) * 1000);
}
