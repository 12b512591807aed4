import { FalError } from '../fal/FalError';
import type { FalQueue, QueueResult, QueueStatus } from '../fal/queue';
import { isUnknownRequest } from '../fal/queue';
import type { RequestList } from '../fal/requestList';
import { abandon, left } from './cancel';
import { fetchResult } from './collect';
import { DeadlineError } from './deadline';
import { untilCompleted } from './follow';
import { resultInHistory } from './history';
import { RequestError } from './RequestError';

/** How long each part of a request's life took. */
export interface Timings {
	/** When fal accepted the request, ISO 8601; null when it was submitted elsewhere. */
	submitted_at: string | null;
	/** Waiting in fal's queue; null when it was too short to be seen. */
	queue_seconds: number | null;
	/** The model's own work as fal measured it; null when fal didn't say. */
	inference_seconds: number | null;
	/** From its acceptance to the result, as seen from here; null when it was submitted elsewhere. */
	request_seconds: number | null;
}

/** A request that ended well. */
export interface Generated extends QueueResult {
	requestId: string;
	timings: Timings;
	/** What the model wrote while it worked, oldest first. */
	logs: LogLine[];
}

/** One line of a model's log (fal: queue reference). */
export interface LogLine {
	message?: string;
	timestamp?: string;
	level?: string;
	source?: string;
}

/** When waiting ends, and what becomes of the request then. */
export interface GiveUp {
	/** Aborts with a DeadlineError when nobody should wait any longer. */
	signal: AbortSignal;
	/** Whether the request is cancelled on fal then, or left running. */
	onStop: 'cancel' | 'leave';
}

/** A request that fal has accepted. */
export interface Accepted {
	requestId: string;
	/** Milliseconds since 1970; undefined when it was submitted elsewhere. */
	acceptedAt?: number;
}

/** Where requests are asked for. */
export interface Desk {
	queue: FalQueue;
	/** fal's history. */
	requests: RequestList;
}

/**
 * Waits for a request and fetches its result. When the signal aborts it is given up.
 *
 * @throws FalError with the request's id when fal failed it; RequestError for anything else
 */
export async function awaitVideo(
	{ queue, requests }: Desk,
	accepted: Accepted,
	{ signal, onStop }: GiveUp,
): Promise<Generated> {
	const { requestId, acceptedAt } = accepted;
	const clock = new RequestClock(acceptedAt);
	const onStatus = (status: QueueStatus) => clock.note(status);
	const ofQueue = async () => {
		const completed = await untilCompleted({ queue, requestId, signal, onStatus });
		return { completed, result: await fetchResult(queue, requestId, signal) };
	};
	const ofHistory = async (error: unknown) => {
		const isExpired = error instanceof FalError && isUnknownRequest(error.fault);
		const result = isExpired && (await resultInHistory(requests, accepted, signal));
		if (!result) throw error;
		return { completed: COMPLETED, result };
	};
	try {
		signal.throwIfAborted();
		const { completed, result } = await ofQueue().catch(ofHistory);
		return { ...result, requestId, timings: clock.timings(completed), logs: clock.logs };
	} catch (error) {
		throw await named(queue, requestId, error, onStop);
	}
}

/** What is known of the end of a request that only the history has. */
const COMPLETED: QueueStatus = { status: 'COMPLETED' };

/** Any failure of a request, with its id. */
async function named(
	queue: FalQueue,
	requestId: string,
	error: unknown,
	onStop: GiveUp['onStop'],
): Promise<Error> {
	if (error instanceof DeadlineError) {
		return onStop === 'leave' ? left(requestId, error) : await abandon(queue, requestId, error);
	}
	if (error instanceof FalError) return error.about({ requestId });
	const message = error instanceof Error ? error.message : String(error);
	return new RequestError(
		`${message} (request ${requestId})`,
		{ requestId },
		'The request may still be running on fal: its result can be fetched by its request ID.',
	);
}

/** Takes down what fal tells while a request is on its way. */
class RequestClock {
	private runningSince?: number;

	/** The log lines so far; the stream and polling tell all of them each time, or only new ones. */
	readonly logs: LogLine[] = [];

	constructor(private readonly acceptedAt: number | undefined) {}

	note({ status, logs }: QueueStatus): void {
		if (status === 'IN_PROGRESS') this.runningSince ??= Date.now();
		if (!Array.isArray(logs)) return;
		const known = new Set(this.logs.map((line) => JSON.stringify(line)));
		this.logs.push(...(logs as LogLine[]).filter((line) => !known.has(JSON.stringify(line))));
	}

	timings(completed: QueueStatus): Timings {
		const since = this.acceptedAt;
		return {
			submitted_at: since === undefined ? null : new Date(since).toISOString(),
			queue_seconds: secondsBetween(since, this.runningSince),
			inference_seconds: completed.metrics?.inference_time ?? null,
			request_seconds: secondsBetween(since, Date.now()),
		};
	}
}

function secondsBetween(from: number | undefined, to: number | undefined): number | null {
	return from === undefined || to === undefined ? null : (to - from) / 1000;
}
