import { pause } from '../fal/http/pause';

/** Why a wait was aborted. */
export type AbortCause = { why: 'stopped' } | { why: 'timed out'; afterSeconds: number };

/** What the signal of a time limit aborts with. */
export class AbortedError extends Error {
	override readonly name = 'AbortedError';

	constructor(readonly ending: AbortCause) {
		super(
			ending.why === 'stopped'
				? 'The execution was stopped'
				: `There was no video within ${ending.afterSeconds} s`,
		);
	}
}

/**
 * One signal for both reasons to stop waiting: the execution's own (Stop, n8n's execution timeout)
 * and the node's timeout. Closed when the waiting is over, so that no timer is left behind.
 */
class TimeLimit {
	private readonly controller = new AbortController();

	private readonly timer = new AbortController();

	private readonly stop = () => this.end({ why: 'stopped' });

	/** @param afterSeconds how long to wait at the most */
	constructor(
		afterSeconds: number,
		private readonly stopSignal?: AbortSignal,
	) {
		if (stopSignal?.aborted) this.stop();
		stopSignal?.addEventListener('abort', this.stop, { once: true });
		pause(afterSeconds * 1000, this.timer.signal).then(
			() => this.end({ why: 'timed out', afterSeconds }),
			() => undefined,
		);
	}

	/** Aborts with an AbortedError on Stop or a timeout. */
	get signal(): AbortSignal {
		return this.controller.signal;
	}

	/** Ends the timer and lets go of the execution's signal. */
	close(): void {
		this.timer.abort();
		this.stopSignal?.removeEventListener('abort', this.stop);
	}

	private end(ending: AbortCause): void {
		this.controller.abort(new AbortedError(ending));
	}
}

/** What ends a wait. */
export interface TimeLimits {
	/** Seconds to wait at the most. */
	timeoutSeconds: number;
	/** The execution's own signal (Stop, n8n's execution timeout). */
	stop?: AbortSignal;
}

/** Runs an action with a signal that aborts on Stop or at the time limit. No timer is left behind. */
export async function withTimeLimit<T>(
	{ timeoutSeconds, stop }: TimeLimits,
	action: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
	const limit = new TimeLimit(timeoutSeconds, stop);
	try {
		return await action(limit.signal);
	} finally {
		limit.close();
	}
}
