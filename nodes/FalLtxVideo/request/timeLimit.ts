import { pause } from '../fal/http/pause';

/** Why nobody waits any longer. */
export type Ending = { why: 'stopped' } | { why: 'timed out'; afterSeconds: number };

/** What a deadline's signal aborts with. */
export class DeadlineError extends Error {
	override readonly name = 'DeadlineError';

	constructor(readonly ending: Ending) {
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
class Deadline {
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

	/** Aborts with a DeadlineError when nobody should wait any longer. */
	get signal(): AbortSignal {
		return this.controller.signal;
	}

	/** Ends the timer and lets go of the execution's signal. */
	close(): void {
		this.timer.abort();
		this.stopSignal?.removeEventListener('abort', this.stop);
	}

	private end(ending: Ending): void {
		this.controller.abort(new DeadlineError(ending));
	}
}

/** What ends a wait. */
export interface WaitLimit {
	/** Seconds to wait at the most. */
	timeoutSeconds: number;
	/** The execution's own signal (Stop, n8n's execution timeout). */
	stop?: AbortSignal;
}

/** Does a work that heeds a deadline's signal; no timer is left behind, however it ends. */
export async function beforeDeadline<T>(
	{ timeoutSeconds, stop }: WaitLimit,
	work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
	const deadline = new Deadline(timeoutSeconds, stop);
	try {
		return await work(deadline.signal);
	} finally {
		deadline.close();
	}
}
