import type { FalQueue, QueueResult, QueueStatus } from '../fal/queue';
import { FalError } from '../fal/FalError';
import { fetchResult } from './collect';
import { untilCompleted } from './follow';
import type { Deadline } from './deadline';

/*
 * The life of one paid request. Rules:
 * - it is submitted once, whatever happens, and the submit is never broken off: its answer holds
 *   the id of what was bought;
 * - from the moment its id is known, the id is in every error;
 * - when nobody waits for it any longer (Stop, timeout), fal is told to cancel it.
 */

/** How long each part of a request's life took, in seconds. */
export interface Timings {
	/** When fal accepted the request, ISO 8601. */
	submitted_at: string;
	/** Waiting in fal's queue; null when it was too short to be seen. */
	queue_seconds: number | null;
	/** The model's own work as fal measured it; null when fal didn't say. */
	inference_seconds: number | null;
	/** From submitting to the result, as seen from here. */
	request_seconds: number;
}

/** A request that ended well. */
export interface Generated extends QueueResult {
	requestId: string;
	timings: Timings;
}

/**
 * Buys one video and waits for it.
 *
 * @param input checked against the endpoint's schema
 * @throws FalError, with the request id once there is one; the deadline's reason when it passes
 */
export async function generateVideo(
	queue: FalQueue,
	input: Record<string, unknown>,
	deadline: Deadline,
): Promise<Generated> {
	const { request_id: requestId } = await queue.submit(input);
	const clock = new RequestClock();
	try {
		const following = { queue, requestId, signal: deadline.signal };
		const completed = await untilCompleted({ ...following, onStatus: (s) => clock.note(s) });
		const result = await fetchResult(queue, requestId, deadline.signal);
		return { ...result, requestId, timings: clock.timings(completed) };
	} catch (error) {
		if (deadline.signal.aborted) throw await abandoned(queue, requestId, deadline);
		throw error instanceof FalError ? error.about({ requestId }) : error;
	}
}

/** The waiting was given up, not the request: fal is told, or it would go on and bill. */
async function abandoned(queue: FalQueue, requestId: string, deadline: Deadline): Promise<Error> {
	const answer = await queue.cancel(requestId).catch((error: Error) => error);
	return deadline.abandoned(requestId, answer);
}

class RequestClock {
	private readonly submittedAt = Date.now();

	private runningSince?: number;

	note({ status }: QueueStatus): void {
		if (status === 'IN_PROGRESS') this.runningSince ??= Date.now();
	}

	timings(completed: QueueStatus): Timings {
		return {
			submitted_at: new Date(this.submittedAt).toISOString(),
			queue_seconds: this.runningSince ? seconds(this.runningSince - this.submittedAt) : null,
			inference_seconds: completed.metrics?.inference_time ?? null,
			request_seconds: seconds(Date.now() - this.submittedAt),
		};
	}
}

const seconds = (milliseconds: number) => milliseconds / 1000;
