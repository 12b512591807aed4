import type { Pace } from '../fal/backoff';
import { waitMs } from '../fal/backoff';
import { FalError } from '../fal/FalError';
import { pause } from '../fal/pause';
import type { FalQueue, SubmitOptions, Submitted } from '../fal/queue';
import { DeadlineError } from './deadline';

/*
 * Rules:
 * - one submit per video. Only 429 proves that fal took nothing, and only it is tried again;
 * - a submit is never broken off: its answer holds the id of what was bought;
 * - nothing is bought for an execution that was stopped.
 */

/** An account that is at its limit frees a place within seconds or minutes. */
const BUSY_PACE: Pace = { firstMs: 2_000, factor: 2, longestMs: 30_000 };

/** The deadline passed before anything was bought. */
export class NotSubmittedError extends Error {
	override readonly name = 'NotSubmittedError';

	readonly description = 'Nothing was sent to fal for it, so nothing is billed.';

	constructor(reason: DeadlineError) {
		super(`${reason.message} before this item was submitted`);
	}
}

/** A submit whose answer was lost: fal may have taken it. */
export class MaybeSubmittedError extends Error {
	override readonly name = 'MaybeSubmittedError';

	readonly description: string;

	constructor(readonly lost: FalError) {
		super(`${lost.message}. fal may have accepted the request all the same, and bill it`);
		const reason = lost.fault.reason ? `Reason: ${lost.fault.reason}. ` : '';
		this.description = `${reason}It was not sent again, as that could buy the video twice, and it was not found in fal's list of requests (a search that needs Keep Payload in History). Look there yourself before you run it again: on fal.ai under Requests, or with the operation Get Many.`;
	}
}

/**
 * Buys one video.
 *
 * @returns fal's acceptance, with the request id
 * @throws FalError when fal refused; MaybeSubmittedError when nobody knows; NotSubmittedError when
 * the signal aborted before it was sent
 */
export async function submitOnce(
	queue: FalQueue,
	input: Record<string, unknown>,
	options: SubmitOptions,
	signal: AbortSignal,
): Promise<Submitted> {
	for (let attempt = 0; ; attempt++) {
		if (signal.aborted) throw new NotSubmittedError(signal.reason as DeadlineError);
		try {
			return await queue.submit(input, options);
		} catch (error) {
			const busy = busyAnswer(error);
			await pause(waitMs(BUSY_PACE, attempt, busy.fault.retryAfter), signal).catch(() => undefined);
		}
	}
}

/** Network failures from before anything was sent: no fal was reached that could have taken it. */
const NEVER_SENT =
	/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

/** 429, the one refusal that is worth another try. @throws everything else */
function busyAnswer(error: unknown): FalError {
	if (!(error instanceof FalError)) throw error;
	const { kind, status = 0, reason = '' } = error.fault;
	if (kind === 'network' && NEVER_SENT.test(reason)) throw error;
	if (kind === 'answer' && status === 429) return error;
	if (kind === 'answer' && status < 500) throw error;
	throw new MaybeSubmittedError(error);
}
