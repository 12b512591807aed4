import type { Pace } from '../fal/backoff';
import { waitMs } from '../fal/backoff';
import { FalError } from '../fal/FalError';
import { pause } from '../fal/pause';
import type { FalQueue, QueueStatus } from '../fal/queue';

/*
 * Rules:
 * - a request is paid for once it is submitted, so nothing that the network does ends the waiting:
 *   only fal's word that the request is not there, or the caller's signal;
 * - the status stream comes first, as it tells at once; when it is refused, cut or silent, polling
 *   takes over and stays.
 */

/** Quick at first, as small videos take seconds; calm later, as large ones take minutes. */
export const POLLING_PACE: Pace = { firstMs: 500, factor: 1.5, longestMs: 10_000 };

/** A request that was just accepted may not be known everywhere at fal at once. */
const UNKNOWN_AT_FIRST_MS = 15_000;

/** What following one request needs. */
export interface Following {
	queue: FalQueue;
	requestId: string;
	/** Told every state that fal reports. */
	onStatus?: (status: QueueStatus) => void;
	/** Ends the waiting: Stop, or a timeout. */
	signal: AbortSignal;
}

/**
 * Waits until fal has completed a request.
 *
 * @returns the last status: COMPLETED
 * @throws FalError when fal says that there is no such request, or that it may not be seen;
 * the signal's reason when it aborts
 */
export async function untilCompleted(following: Following): Promise<QueueStatus> {
	return (await streamed(following)) ?? (await polled(following));
}

/** The final status from the stream; undefined when the stream ended without one, however it did. */
async function streamed(following: Following): Promise<QueueStatus | undefined> {
	const { queue, requestId, onStatus, signal } = following;
	let completed: QueueStatus | undefined;
	const note = (status: QueueStatus) => {
		if (isCompleted(status)) completed = status;
		onStatus?.(status);
	};
	try {
		await queue.streamStatus(requestId, note, signal);
	} catch {
		// Why the stream broke doesn't matter: polling finds out whether anything is really wrong.
	}
	if (!completed) signal.throwIfAborted();
	return completed;
}

async function polled({ queue, requestId, onStatus, signal }: Following): Promise<QueueStatus> {
	const since = Date.now();
	for (let attempt = 0; ; attempt++) {
		let retryAfter: number | undefined;
		try {
			const status = await queue.status(requestId, signal);
			onStatus?.(status);
			if (isCompleted(status)) return status;
		} catch (error) {
			retryAfter = passing(error, signal, Date.now() - since).fault.retryAfter;
		}
		await pause(waitMs(POLLING_PACE, attempt, retryAfter), signal);
	}
}

function isCompleted(status: QueueStatus): boolean {
	return status.status === 'COMPLETED';
}

/** Answers that waiting will not change: the key is wrong, or there is no such request. */
const FINAL_STATUSES = [401, 404, 405];

/**
 * A failure that may pass while the request runs on. 403 is among them: fal answers it to an
 * account that ran out of balance while its paid requests finish.
 *
 * @param forMs how long the request has been asked for
 * @throws the error itself when it is final, or no failure of a call at all
 */
export function passing(error: unknown, signal: AbortSignal, forMs = Infinity): FalError {
	signal.throwIfAborted();
	if (!(error instanceof FalError)) throw error;
	const { kind, status } = error.fault;
	if (status === 404 && forMs < UNKNOWN_AT_FIRST_MS) return error;
	if (kind === 'answer' && status !== undefined && FINAL_STATUSES.includes(status)) throw error;
	return error;
}
