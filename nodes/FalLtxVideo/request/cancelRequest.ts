import { type Pace, waitMs } from '../fal/http/backoff';
import type { CancelAnswer, FalQueue } from '../fal/queue/falQueue';
import { pause, within } from '../fal/http/pause';
import type { DeadlineError } from './timeLimit';
import { RequestError } from './RequestError';

/*
 * Rule: when nobody waits for a request any longer (Stop, timeout), it is cancelled on fal, and the
 * cancel is sent again until fal has answered it: otherwise the request would go on and bill.
 */

const TRIES = 4;
const PACE: Pace = { firstMs: 300, factor: 3, longestMs: 3_000 };

/** A stopped execution is not held up for longer than this by a fal that doesn't answer. */
const ANSWER_WITHIN_MS = 5_000;

/** A request that nobody waits for any longer. */
export interface Unawaited {
	requestId: string;
	reason: DeadlineError;
	/** The last answer that hindered it, as a sentence; empty when there was none. */
	lastAnswer: string;
	/** Called when fal has accepted the cancellation. */
	onCancelled?: () => void;
}

/** Cancels a request and makes the error that says so. */
export async function cancelled(
	queue: FalQueue,
	{ requestId, reason, lastAnswer, onCancelled }: Unawaited,
): Promise<RequestError> {
	const outcome = await cancelUntilAnswered(queue, requestId);
	if (outcome === 'requested') onCancelled?.();
	const { became, next } = outcomes[outcome];
	return new RequestError(
		`${reason.message}. Request ${requestId} ${became}`,
		{ requestId },
		sentences(lastAnswer, next),
	);
}

/** A request that is left running on purpose: it goes on and is paid for. */
export function leftRunning({ requestId, reason, lastAnswer }: Unawaited): RequestError {
	return new RequestError(
		`${reason.message}. Request ${requestId} was left running on fal`,
		{ requestId },
		sentences(
			lastAnswer,
			'It will be billed. Its result can be fetched from fal by its request ID.',
		),
	);
}

function sentences(...parts: string[]): string {
	return parts.filter(Boolean).join(' ');
}

/** `ended`: after a cancel whose answer was lost, fal says that there is nothing to cancel. */
type Outcome = CancelAnswer | 'ended' | 'unanswered';

const outcomes: Record<Outcome, { became: string; next: string }> = {
	requested: {
		became: 'was cancelled on fal',
		next: 'If it was already running, fal may still finish and bill it.',
	},
	'already completed': {
		became: 'had already been completed on fal',
		next: 'If it made a video, that is paid for: its result can still be fetched from fal by its request ID.',
	},
	ended: {
		became: 'has ended on fal',
		next: 'It was cancelled, or completed before: then it is paid for, and its result can still be fetched from fal by its request ID.',
	},
	'not found': {
		became: 'is not known to fal any longer',
		next: 'Nothing is left to cancel.',
	},
	unanswered: {
		became: 'could not be cancelled on fal and may go on and be billed',
		next: 'Look it up on fal.ai under Requests; there it can be cancelled by hand.',
	},
};

/** Cancelling twice is like cancelling once, so it is tried until fal has answered. */
async function cancelUntilAnswered(queue: FalQueue, requestId: string): Promise<Outcome> {
	const unstoppable = new AbortController().signal;
	for (let attempt = 0; attempt < TRIES; attempt++) {
		const answer = await within(
			ANSWER_WITHIN_MS,
			queue.cancel(requestId),
			() => 'unanswered',
		).catch(() => undefined);
		if (answer === 'already completed' && attempt > 0) return 'ended';
		if (answer) return answer;
		if (attempt < TRIES - 1) await pause(waitMs(PACE, attempt), unstoppable);
	}
	return 'unanswered';
}
