import type { Pace } from '../fal/backoff';
import { waitMs } from '../fal/backoff';
import type { CancelAnswer, FalQueue } from '../fal/queue';
import { pause, within } from '../fal/pause';
import type { DeadlineError } from './deadline';
import { RequestError } from './RequestError';

/*
 * Rule: when nobody waits for a request any longer (Stop, timeout), fal is told, and told again if
 * it doesn't hear: otherwise the request would go on and bill.
 */

const TRIES = 4;
const PACE: Pace = { firstMs: 300, factor: 3, longestMs: 3_000 };

/** A stopped execution is not held up for longer than this by a fal that doesn't answer. */
const ANSWER_WITHIN_MS = 5_000;

/** Cancels a request that was given up and makes the error that says so. */
export async function abandon(
	queue: FalQueue,
	requestId: string,
	reason: DeadlineError,
): Promise<RequestError> {
	const answer = await cancelSurely(queue, requestId);
	const { became, next } = outcomes[answer];
	return new RequestError(`${reason.message}. Request ${requestId} ${became}`, { requestId }, next);
}

/** A request that is left running on purpose: it goes on and is paid for. */
export function left(requestId: string, reason: DeadlineError): RequestError {
	return new RequestError(
		`${reason.message}. Request ${requestId} was left running on fal`,
		{ requestId },
		'It will be billed. Its result can be fetched from fal by its request ID.',
	);
}

/** `ended`: after a cancel whose answer was lost, fal says that there is nothing to cancel. */
type Heard = CancelAnswer | 'ended' | 'unheard';

const outcomes: Record<Heard, { became: string; next: string }> = {
	requested: {
		became: 'was cancelled on fal',
		next: 'If it was already running, fal may still finish and bill it.',
	},
	'already completed': {
		became: 'had just been completed on fal',
		next: 'It is paid for: its result can still be fetched from fal by its request ID.',
	},
	ended: {
		became: 'has ended on fal',
		next: 'It was cancelled, or just completed before: then it is paid for, and its result can still be fetched from fal by its request ID.',
	},
	'not found': {
		became: 'is not known to fal any longer',
		next: 'Nothing is left to cancel.',
	},
	unheard: {
		became: 'could not be cancelled on fal and may go on and be billed',
		next: 'Look it up on fal.ai under Requests; there it can be cancelled by hand.',
	},
};

/** Cancelling twice is like cancelling once, so it is tried until fal has heard it. */
async function cancelSurely(queue: FalQueue, requestId: string): Promise<Heard> {
	const unstoppable = new AbortController().signal;
	for (let attempt = 0; attempt < TRIES; attempt++) {
		const heard = await within(ANSWER_WITHIN_MS, queue.cancel(requestId), () => 'unheard').catch(
			() => undefined,
		);
		if (heard === 'already completed' && attempt > 0) return 'ended';
		if (heard) return heard;
		if (attempt < TRIES - 1) await pause(waitMs(PACE, attempt), unstoppable);
	}
	return 'unheard';
}
