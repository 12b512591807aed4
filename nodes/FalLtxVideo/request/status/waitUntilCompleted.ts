import { backoffMs } from '../../fal/http/backoff';
import { BACKOFF } from '../../fal/http/retry';
import { FalError } from '../../fal/errors/FalError';
import { LIMITS } from '../../fal/http/limits';
import { pause } from '../../fal/http/pause';
import type { FalQueue, QueueStatus } from '../../fal/queue/falQueue';

/*
 * Rules:
 * - a request is paid for once it is submitted, so nothing that the network does ends the waiting:
 *   only fal's word that the request is not there, or the caller's signal;
 * - the status stream comes first, as it reports at once; when it is refused or cut, polling takes over.
 *   fal sends the present state as a stream begins, so one that is silent then is polled at the same
 *   time, and whichever reports the end first counts.
 */

/** A request that was just accepted may not be known everywhere at fal at once. */
const UNKNOWN_AT_FIRST_MS = 15_000;

/** How long a new stream may say nothing before the request is polled at the same time. */
const STREAM_SILENT_AFTER_MS = 3_000;

/** What following one request needs. */
export interface StatusWait {
	queue: FalQueue;
	requestId: string;
	/** When it was submitted, in milliseconds since 1970; undefined when it was submitted elsewhere. */
	sentAt?: number;
	/** Called with every state that fal reports. */
	onStatus?: (status: QueueStatus) => void;
	/** Statuses that are not documented and that were found to mean nothing. */
	settled?: ReadonlySet<string>;
	/** Called with every failure that is not final. */
	onFailure?: (error: FalError) => void;
	/** Ends the waiting: Stop, or a timeout. */
	signal: AbortSignal;
}

/**
 * Waits until a request neither waits nor runs any longer.
 *
 * @returns the last status: COMPLETED, or one that is not documented
 * @throws FalError when fal says that there is no such request, or that it may not be seen;
 * the signal's reason when it aborts
 */
export async function waitUntilCompleted(following: StatusWait): Promise<QueueStatus> {
	const { signal } = following;
	const ending = new AbortController();
	const end = () => ending.abort(signal.reason);
	signal.throwIfAborted();
	signal.addEventListener('abort', end, { once: true });
	try {
		return await followed({ ...following, signal: ending.signal });
	} finally {
		signal.removeEventListener('abort', end);
		ending.abort();
	}
}

async function followed(following: StatusWait): Promise<QueueStatus> {
	let hasResponded: () => void = () => undefined;
	const firstEvent = new Promise<void>((resolve) => (hasResponded = resolve));
	const streamed = readStream(following, hasResponded);
	// The one that is awaited below throws it; the other one's failure is not needed then.
	streamed.catch(() => undefined);
	const silence = pause(STREAM_SILENT_AFTER_MS, following.signal).then(
		() => true,
		() => false,
	);
	const isSilent = await Promise.race([streamed, firstEvent, silence]).then(
		(first) => first === true,
	);
	if (!isSilent) return (await streamed) ?? (await poll(following));
	const polled = poll(following);
	polled.catch(() => undefined);
	return await Promise.race([streamed.then(async (status) => status ?? (await polled)), polled]);
}

/** The final status from the stream; undefined when the stream ended without one, however it did. */
async function readStream(
	{ queue, requestId, onStatus, settled, signal }: StatusWait,
	onEvent: () => void,
): Promise<QueueStatus | undefined> {
	let found: (status: QueueStatus) => void = () => undefined;
	const last = new Promise<QueueStatus>((resolve) => (found = resolve));
	const note = (status: QueueStatus) => {
		onEvent();
		onStatus?.(status);
		if (!isOpen(status, settled)) found(status);
	};
	const streaming = queue.streamStatus(requestId, note, signal).then(
		() => undefined,
		// Why the stream broke doesn't matter: polling finds out whether anything is really wrong.
		() => signal.throwIfAborted(),
	);
	return (await Promise.race([last, streaming])) ?? undefined;
}

async function poll(following: StatusWait): Promise<QueueStatus> {
	const { queue, requestId, sentAt = 0, onStatus, onFailure, settled, signal } = following;
	for (let attempt = 0; ; attempt++) {
		let retryAfter: number | undefined;
		try {
			const status = await queue.status(requestId, signal);
			onStatus?.(status);
			if (!isOpen(status, settled)) return status;
		} catch (error) {
			const failure = requireTransient(error, signal, Date.now() - sentAt);
			onFailure?.(failure);
			retryAfter = failure.fault.retryAfter;
		}
		await pause(backoffMs(BACKOFF.polling, attempt, retryAfter), signal);
	}
}

/** Whether a request still waits or runs, as far as its status says (fal: queue reference). */
export function isOpen({ status }: QueueStatus, settled?: ReadonlySet<string>): boolean {
	if (typeof status !== 'string' || status.length > LIMITS.statusCharacters) return true;
	return status === 'IN_QUEUE' || status === 'IN_PROGRESS' || settled?.has(status) === true;
}

/** Responses that waiting will not change: the key is wrong, or there is no such request. */
const FINAL_STATUSES = [401, 404, 405];

/**
 * A failure that may pass while the request runs on. 403 is among them: fal answers it to an
 * account that ran out of balance while its paid requests finish.
 *
 * @param ageMs how long ago the request was submitted
 * @throws the error itself when it is final, or no failure of a call at all
 */
export function requireTransient(error: unknown, signal: AbortSignal, ageMs = Infinity): FalError {
	signal.throwIfAborted();
	if (!(error instanceof FalError)) throw error;
	const { kind, status } = error.fault;
	if (status === 404 && ageMs < UNKNOWN_AT_FIRST_MS) return error;
	if (kind === 'response' && status !== undefined && FINAL_STATUSES.includes(status)) throw error;
	return error;
}
