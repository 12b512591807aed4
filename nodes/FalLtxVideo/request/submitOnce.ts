import { backoffMs } from '../fal/http/backoff';
import { BACKOFF } from '../fal/http/retry';
import { FalError } from '../fal/errors/FalError';
import type { FalFault } from '../fal/errors/FalFault';
import { pause } from '../fal/http/pause';
import {
	type FalQueue,
	type SubmitOptions,
	type Submitted,
	SUBMITTING,
} from '../fal/queue/falQueue';
import { NotSentError } from './NotSentError';
import type { AbortedError } from './timeLimit';
import { lastResponseText } from './status/lastResponse';

/*
 * Rules:
 * - one submit per video. Only 429 proves that fal took nothing, and only it is tried again;
 * - a submit is never broken off: its response holds the id of what will be billed;
 * - nothing is submitted for an execution that was stopped;
 * - an outcome that proves no refusal counts as unknown, whatever it is.
 */

/**
 * What is said when the wait was aborted before fal accepted anything.
 *
 * @param refusal what fal refused the submit with until then
 */
export function notSubmitted({ message }: AbortedError, refusal?: FalError): Error {
	const text = `${message} before fal accepted this item`;
	return refusal ? new RefusedUntilAbortError(text, refusal) : new NotSentError(text);
}

/** fal was busy until the wait was aborted. */
class RefusedUntilAbortError extends Error {
	override readonly name = 'RefusedUntilAbortError';

	readonly description: string;

	constructor(message: string, refusal: FalError) {
		super(message);
		this.description = `${lastResponseText(refusal)} fal accepted nothing for it, so nothing is billed.`;
	}
}

/** A submit whose response was lost: fal may have accepted it. */
export class LostResponseError extends Error {
	override readonly name = 'LostResponseError';

	constructor(readonly fault: FalFault) {
		super('The response to the submit was lost');
	}
}

/** Called around each try of a submit. */
export interface SubmitEvents {
	/** Right before it is sent. */
	onSend: (sentAt: number) => void;
	/** When fal is known to have accepted nothing of it. */
	onRefused: () => void;
}

/** What is submitted, and where to. */
export interface Submission {
	queue: FalQueue;
	endpointId: string;
	input: Record<string, unknown>;
	options: SubmitOptions;
}

/**
 * Submits one video.
 *
 * @returns fal's acceptance, with the request id, and when it was sent
 * @throws FalError when fal refused, or nothing was sent; LostResponseError when the outcome is unknown;
 * NotSentError when the signal aborted before it was sent
 */
export async function submitOnce(
	{ queue, endpointId, input, options }: Submission,
	signal: AbortSignal,
	{ onSend, onRefused }: SubmitEvents,
): Promise<Submitted & { sentAt: number }> {
	let busy: FalError | undefined;
	for (let attempt = 0; ; attempt++) {
		if (signal.aborted) throw notSubmitted(signal.reason as AbortedError, busy);
		const sentAt = Date.now();
		onSend(sentAt);
		try {
			return { ...(await queue.submit(endpointId, input, options)), sentAt };
		} catch (error) {
			const refusal = requireRefusal(error);
			onRefused();
			if (refusal.fault.status !== 429) throw refusal;
			busy = refusal;
			await pause(backoffMs(BACKOFF.submit, attempt, refusal.fault.retryAfter), signal).catch(
				() => undefined,
			);
		}
	}
}

/** Responses of a gateway or proxy that did not pass the submit on: they want something else first. */
const GATEWAY_REFUSALS = [401, 403, 404, 405, 407, 411, 413, 414, 415, 417, 421, 429, 431, 451];

/** Responses that may come after fal has accepted the submit, although they look like a refusal. */
const UNCLEAR_REFUSALS = [408, 409, 425, 499];

/** @throws LostResponseError for whatever does not prove that fal accepted nothing */
function requireRefusal(error: unknown): FalError {
	if (!(error instanceof FalError)) {
		const reason = error instanceof Error ? error.message : String(error);
		throw new LostResponseError(new FalError({ kind: 'network', doing: SUBMITTING, reason }).fault);
	}
	const { kind, status = 0, notSent } = error.fault;
	if (kind === 'network' && notSent) return error;
	if (kind === 'unreadable' && GATEWAY_REFUSALS.includes(status)) return error;
	const isRefusal = status >= 400 && status < 500 && !UNCLEAR_REFUSALS.includes(status);
	if (kind === 'response' && isRefusal) return error;
	throw new LostResponseError(error.fault);
}
