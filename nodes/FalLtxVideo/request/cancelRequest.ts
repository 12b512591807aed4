import { RETRY, retry } from '../fal/http/retry';
import type { CancelAnswer, FalQueue } from '../fal/queue/falQueue';
import { within } from '../fal/http/pause';
import type { AbortedError } from './timeLimit';
import { RequestError } from './RequestError';

/*
 * Rule: when the wait for a request is aborted (Stop, timeout), it is cancelled on fal, and the
 * cancel is sent again until fal has answered it: otherwise the request would continue and be billed.
 */

/** A stopped execution is not held up for longer than this by a fal that doesn't answer. */
const ANSWER_WITHIN_MS = 5_000;

/** A request whose wait was aborted. */
export interface RequestToCancel {
	requestId: string;
	reason: AbortedError;
	/** The last response that hindered it, as a sentence; empty when there was none. */
	lastResponse: string;
	/** Called when fal has accepted the cancellation. */
	onCancelled?: () => void;
}

/** Cancels a request and makes the error that says so. */
export async function cancelRequest(
	queue: FalQueue,
	{ requestId, reason, lastResponse, onCancelled }: RequestToCancel,
): Promise<RequestError> {
	const outcome = await cancelUntilAnswered(queue, requestId);
	if (outcome === 'requested') onCancelled?.();
	const { became, next } = outcomes[outcome];
	return new RequestError(
		`${reason.message}. Request ${requestId} ${became}`,
		{ requestId },
		sentences(lastResponse, next),
	);
}

/** A request that is left running on purpose: it continues and is billed. */
export function leftRunning({ requestId, reason, lastResponse }: RequestToCancel): RequestError {
	return new RequestError(
		`${reason.message}. Request ${requestId} was left running on fal`,
		{ requestId },
		sentences(
			lastResponse,
			'It will be billed. Its result can be fetched from fal by its request ID.',
		),
	);
}

function sentences(...parts: string[]): string {
	return parts.filter(Boolean).join(' ');
}

/** `ended`: after a cancel whose response was lost, fal says that there is nothing to cancel. */
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
		became: 'could not be cancelled on fal and may continue and be billed',
		next: 'Look it up on fal.ai under Requests; there it can be cancelled by hand.',
	},
};

/** Cancelling twice is like cancelling once, so it is tried until fal has answered. */
async function cancelUntilAnswered(queue: FalQueue, requestId: string): Promise<Outcome> {
	const cancel = async (attempt: number): Promise<Outcome> => {
		const late = () => new Error('fal did not answer the cancel');
		const answer = await within(ANSWER_WITHIN_MS, queue.cancel(requestId), late);
		return answer === 'already completed' && attempt > 0 ? 'ended' : answer;
	};
	// It is sent after Stop as well, so no signal ends it.
	const always = { isTransient: () => true };
	return await retry(RETRY.cancel, always, cancel).catch(() => 'unanswered' as const);
}
