/** How long to wait between tries. */
export interface Pace {
	firstMs: number;
	factor: number;
	longestMs: number;
}

/** Quick at first, as small videos take seconds; calm later, as large ones take minutes. */
export const POLLING_PACE: Pace = { firstMs: 500, factor: 1.5, longestMs: 10_000 };

/**
 * The wait before a try: growing, with jitter of a quarter so that many items don't ask in step,
 * and never shorter than what fal asked for.
 *
 * @param attempt 0 for the first wait
 * @param retryAfter seconds from fal's `Retry-After`, if it sent one
 * @param random 0 to 1; given by tests
 */
export function waitMs(
	pace: Pace,
	attempt: number,
	retryAfter = 0,
	random: () => number = Math.random,
): number {
	const grown = Math.min(pace.firstMs * pace.factor ** attempt, pace.longestMs);
	const jittered = grown * (0.75 + random() / 2);
	return Math.max(jittered, retryAfter * 1000);
}
