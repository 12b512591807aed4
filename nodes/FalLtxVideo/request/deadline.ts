import { sleep } from 'n8n-workflow';
import type { CancelAnswer } from '../fal/queue';

/** Why nobody waits for a request any longer. */
export type Ending = { why: 'stopped' } | { why: 'timed out'; afterSeconds: number };

/** A request that was given up, and what became of it on fal. */
export class AbandonedError extends Error {
	override readonly name = 'AbandonedError';

	constructor(
		readonly ending: Ending,
		readonly requestId: string,
		/** What fal said to the cancel, or why it couldn't be told. */
		readonly cancel: CancelAnswer | Error,
	) {
		const because =
			ending.why === 'stopped'
				? 'The execution was stopped'
				: `No video within ${ending.afterSeconds} s`;
		super(`${because}. ${cancelSentence(requestId, cancel)}`);
	}
}

function cancelSentence(requestId: string, cancel: CancelAnswer | Error): string {
	if (cancel === 'requested') return `Request ${requestId} was cancelled on fal`;
	if (cancel === 'already completed') {
		return `Request ${requestId} had just been completed on fal and can still be fetched`;
	}
	if (cancel === 'not found') return `fal no longer knows request ${requestId}`;
	return `Request ${requestId} could not be cancelled on fal and may still be billed`;
}

/**
 * One signal for both reasons to stop waiting: the execution's own (Stop, n8n's execution timeout)
 * and the node's timeout. Close it when the waiting is over, so that no timer is left behind.
 */
export class Deadline {
	private readonly controller = new AbortController();

	private readonly timer = new AbortController();

	private ending: Ending = { why: 'stopped' };

	private readonly stop = () => this.controller.abort(new Error('The execution was stopped'));

	/** @param afterSeconds how long to wait at the most */
	constructor(
		afterSeconds: number,
		private readonly stopSignal?: AbortSignal,
	) {
		if (stopSignal?.aborted) this.stop();
		stopSignal?.addEventListener('abort', this.stop, { once: true });
		sleep(afterSeconds * 1000, this.timer.signal).then(
			() => this.timeOut(afterSeconds),
			() => undefined,
		);
	}

	/** Aborts when nobody should wait any longer. */
	get signal(): AbortSignal {
		return this.controller.signal;
	}

	/** The error for a request that was given up at this deadline. */
	abandoned(requestId: string, cancel: CancelAnswer | Error): AbandonedError {
		return new AbandonedError(this.ending, requestId, cancel);
	}

	/** Ends the timer and lets go of the execution's signal. */
	close(): void {
		this.timer.abort();
		this.stopSignal?.removeEventListener('abort', this.stop);
	}

	private timeOut(afterSeconds: number): void {
		this.ending = { why: 'timed out', afterSeconds };
		this.controller.abort(new Error(`No video within ${afterSeconds} s`));
	}
}
