import { sleep } from 'n8n-workflow';
import { FalError } from '../fal/FalError';
import type { FalQueue, QueueStatus } from '../fal/queue';
import { POLLING_PACE, waitMs } from './backoff';

/*
 * Rules:
 * - a request is paid for once it is submitted, so nothing that the network does ends the waiting:
 *   only fal's word that the request is not there, or the caller's signal;
 * - the status stream comes first, as it tells at once; when it is refused, cut or silent, polling
 *   takes over and stays.
 */

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
		signal.throwIfAborted();
	}
	return completed;
}

async function polled({ queue, requestId, onStatus, signal }: Following): Promise<QueueStatus> {
	for (let attempt = 0; ; attempt++) {
		let retryAfter: number | undefined;
		try {
			const status = await queue.status(requestId, signal);
			onStatus?.(status);
			if (isCompleted(status)) return status;
		} catch (error) {
			retryAfter = passing(error, signal).fault.retryAfter;
		}
		await sleep(waitMs(POLLING_PACE, attempt, retryAfter), signal);
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
 * @throws the error itself when it is final, or no failure of a call at all
 */
export function passing(error: unknown, signal: AbortSignal): FalError {
	signal.throwIfAborted();
	if (!(error instanceof FalError)) throw error;
	const { kind, status } = error.fault;
	if (kind === 'answer' && status !== undefined && FINAL_STATUSES.includes(status)) throw error;
	return error;
}
