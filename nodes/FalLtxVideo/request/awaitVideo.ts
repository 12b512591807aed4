import { FalError } from '../fal/FalError';
import type { FalQueue, QueueResult, QueueStatus } from '../fal/queue';
import { abandon } from './cancel';
import { fetchResult } from './collect';
import { DeadlineError } from './deadline';
import { untilCompleted } from './follow';
import { RequestError } from './RequestError';

/** How long each part of a request's life took. */
export interface Timings {
	/** When fal accepted the request, ISO 8601. */
	submitted_at: string;
	/** Waiting in fal's queue; null when it was too short to be seen. */
	queue_seconds: number | null;
	/** The model's own work as fal measured it; null when fal didn't say. */
	inference_seconds: number | null;
	/** From its acceptance to the result, as seen from here. */
	request_seconds: number;
}

/** A request that ended well. */
export interface Generated extends QueueResult {
	requestId: string;
	timings: Timings;
}

/** A request that fal has accepted. */
export interface Accepted {
	requestId: string;
	/** Milliseconds since 1970. */
	acceptedAt: number;
}

/**
 * Waits for a request and fetches its result. Gives it up, and cancels it on fal, when the signal
 * aborts.
 *
 * @throws FalError with the request's id when fal failed it; RequestError for anything else
 */
export async function awaitVideo(
	queue: FalQueue,
	{ requestId, acceptedAt }: Accepted,
	signal: AbortSignal,
): Promise<Generated> {
	const clock = new RequestClock(acceptedAt);
	try {
		signal.throwIfAborted();
		const onStatus = (status: QueueStatus) => clock.note(status);
		const completed = await untilCompleted({ queue, requestId, signal, onStatus });
		const result = await fetchResult(queue, requestId, signal);
		return { ...result, requestId, timings: clock.timings(completed) };
	} catch (error) {
		throw await named(queue, requestId, error);
	}
}

/** Any failure of a request, with its id. */
async function named(queue: FalQueue, requestId: string, error: unknown): Promise<Error> {
	if (error instanceof DeadlineError) return await abandon(queue, requestId, error);
	if (error instanceof FalError) return error.about({ requestId });
	const message = error instanceof Error ? error.message : String(error);
	return new RequestError(
		`${message} (request ${requestId})`,
		{ requestId },
		'The request may still be running on fal: its result can be fetched by its request ID.',
	);
}

class RequestClock {
	private runningSince?: number;

	constructor(private readonly acceptedAt: number) {}

	note({ status }: QueueStatus): void {
		if (status === 'IN_PROGRESS') this.runningSince ??= Date.now();
	}

	timings(completed: QueueStatus): Timings {
		const queued = this.runningSince && seconds(this.runningSince - this.acceptedAt);
		return {
			submitted_at: new Date(this.acceptedAt).toISOString(),
			queue_seconds: queued ?? null,
			inference_seconds: completed.metrics?.inference_time ?? null,
			request_seconds: seconds(Date.now() - this.acceptedAt),
		};
	}
}

const seconds = (milliseconds: number) => milliseconds / 1000;
