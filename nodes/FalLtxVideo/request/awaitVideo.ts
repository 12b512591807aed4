import { backoffMs } from '../fal/http/backoff';
import { BACKOFF } from '../fal/http/retry';
import { FalError } from '../fal/errors/FalError';
import { pause } from '../fal/http/pause';
import {
	type FalQueue,
	isUnknownRequest,
	type QueueResult,
	type QueueStatus,
} from '../fal/queue/falQueue';
import { hasTypedDetails, isAboutCall, isEndWithoutResult } from '../fal/errors/refusals';
import type { LargeTurn } from '../fal/http/largeTurn';
import { LIMITS } from '../fal/http/limits';
import type { RequestList } from '../fal/queue/requestList';
import { cancelRequest, leftRunning, type RequestToCancel } from './cancelRequest';
import { type ResultCall, fetchResult, isNotReady } from './status/fetchResult';
import { AbortedError } from './timeLimit';
import { requireTransient, waitUntilCompleted } from './status/waitUntilCompleted';
import { readHistory } from './status/readHistory';
import { lastResponseText } from './status/lastResponse';
import { RequestError } from './RequestError';

/** How long each part of a request's life took. */
export interface Timings {
	/** When the request was sent, ISO 8601; null when it was submitted elsewhere. */
	submitted_at: string | null;
	/** Waiting in fal's queue; null when it was too short to be seen. */
	queue_seconds: number | null;
	/** The model's own work as fal measured it; null when fal didn't say. */
	inference_seconds: number | null;
	/** From then to the result, as seen from here; null when it was submitted elsewhere. */
	request_seconds: number | null;
}

/** A request that ended well. */
export interface GeneratedVideo extends QueueResult {
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

/** How a request is waited for, and what becomes of it when the wait is aborted. */
export interface WaitOptions {
	/** Aborts with an AbortedError on Stop or a timeout. */
	signal: AbortSignal;
	/** Of whoever holds the result; held afterwards if it is a large one. */
	turn: LargeTurn;
	/** Whether the request is cancelled on fal then, or left running. */
	onStop: 'cancel' | 'leave';
	/** Called when fal has accepted that cancellation. */
	onCancelled?: () => void;
}

/** What a result is waited for with. */
export type ResultWait = Pick<WaitOptions, 'signal' | 'turn'>;

/** A request that fal has accepted. */
export interface AcceptedRequest {
	requestId: string;
	/** The endpoint it was submitted to; undefined when unknown. */
	endpointId?: string;
	/** When it was sent, in milliseconds since 1970; undefined when it was submitted elsewhere. */
	sentAt?: number;
	/** Whether its result may hold the file itself (Sync Mode); undefined when unknown. */
	mayHoldFile?: boolean;
}

/** The parts of fal's API that know of requests. */
export interface RequestApi {
	queue: FalQueue;
	/** fal's history. */
	requests: RequestList;
}

/**
 * Waits for a request and fetches its result. When the signal aborts it is cancelled, or left running.
 *
 * @throws FalError with the request's id when fal failed it; RequestError for anything else
 */
export async function awaitVideo(
	api: RequestApi,
	accepted: AcceptedRequest,
	{ signal, turn, onStop, onCancelled }: WaitOptions,
): Promise<GeneratedVideo> {
	const { requestId } = accepted;
	const progress = new Progress(accepted.sentAt);
	try {
		signal.throwIfAborted();
		const { completed, result } = await resultOf(api, accepted, progress, { signal, turn });
		return { ...result, requestId, timings: progress.timings(completed), logs: progress.logs };
	} catch (error) {
		if (!(error instanceof AbortedError)) throw withRequestId(accepted, error);
		const { lastResponse } = progress;
		const toCancel: RequestToCancel = { requestId, reason: error, lastResponse, onCancelled };
		throw onStop === 'leave' ? leftRunning(toCancel) : await cancelRequest(api.queue, toCancel);
	}
}

/** A result, and what is known of the end of the request. */
interface Ended {
	completed: QueueStatus;
	result: QueueResult;
}

/** Of a request that only the history has. */
const COMPLETED: QueueStatus = { status: 'COMPLETED' };

/** @throws FalError; the signal's reason when it aborts */
async function resultOf(
	{ queue, requests }: RequestApi,
	accepted: AcceptedRequest,
	progress: Progress,
	wait: ResultWait,
): Promise<Ended> {
	try {
		return await resultInQueue(queue, accepted, progress, wait);
	} catch (error) {
		const failure = await afterFailure(requests, accepted, error, wait);
		if (failure instanceof Error) throw failure;
		return { completed: COMPLETED, result: failure };
	}
}

/**
 * What is known of a request after the queue's response was an error: fal's history is read where that
 * error does not say what became of it, as there is no such request, or it may be about the call alone.
 *
 * @returns the result; or the error, with what the history says in it
 * @throws what is no response of fal; the signal's reason when it aborts
 */
export async function afterFailure(
	requests: RequestList,
	accepted: Pick<AcceptedRequest, 'requestId' | 'endpointId'>,
	error: unknown,
	{ signal, turn }: ResultWait,
): Promise<QueueResult | FalError> {
	signal.throwIfAborted();
	if (!(error instanceof FalError)) throw error;
	const isUnclear = isAboutCall(error.fault) && hasTypedDetails(error.fault);
	const isUnknown = isUnknownRequest(error.fault);
	// The end of the request, unless the history proves that only the call failed.
	const isServerError = (error.fault.status ?? 0) >= 500 && isEndWithoutResult(error.fault);
	if (!isUnclear && !isUnknown && !isServerError) return error;
	const found = await readHistory(requests, accepted, signal, turn);
	if (found.state === 'result') return found.result;
	const isCallOnly = found.state === 'not kept' && !isUnknown;
	if (!isCallOnly && isServerError) {
		const isListed = found.state === 'ended';
		return isListed ? new FalError({ ...error.fault, history: 'ended' }) : error;
	}
	if (isUnclear && found.state !== 'ended') return error;
	const reason = found.state === 'not read' ? found.failure.message : error.fault.reason;
	// What neither the queue nor the history has is nowhere.
	const history = found.state === 'not kept' && isUnknown ? 'gone' : found.state;
	const { requestId } = accepted;
	return new FalError({ ...error.fault, requestId, reason, history, next: NEXT[history] });
}

const NEXT = {
	ended:
		"fal's history shows that it ended and has no result of it. A retry submits a new request.",
	gone: "fal's history shows that it went well and is billed, but neither that nor fal's queue has its output any longer. A retry submits a new request.",
	'not kept':
		"fal's history shows that it went well, and has no output of it. A retry asks again, and submits no other request.",
	'not ended':
		"fal's history lists it, but not its end. A retry asks again, and submits no other request.",
	'not listed':
		"fal's history does not list it either, or not yet. A retry asks again, and submits no other request: to have a new video, run the workflow as a new execution, or change the input.",
	'not read': "fal's history could not be read. A retry asks again, and submits no other request.",
};

/** @throws FalError; the signal's reason when it aborts */
async function resultInQueue(
	queue: FalQueue,
	{ requestId, sentAt, mayHoldFile = true }: AcceptedRequest,
	progress: Progress,
	{ signal, turn }: ResultWait,
): Promise<Ended> {
	const { onStatus, onFailure } = progress;
	const settled = new Set<string>();
	for (let attempt = 0; ; attempt++) {
		const waiting = { queue, requestId, sentAt, onStatus, onFailure, settled, signal };
		const completed = await waitUntilCompleted(waiting).catch(unknownStatus);
		if (completed.status === 'COMPLETED') {
			const fetching = { queue, requestId, mayHoldFile, turn, onFailure, signal };
			return { completed, result: await fetchResult(fetching) };
		}
		// A status that is not documented, such as FAILED: the result shows what it means.
		const fetching = { queue, requestId, mayHoldFile, turn, onFailure, signal };
		const result = await resultIfThere(fetching);
		if (result) return { completed, result };
		settled.add(completed.status);
		await pause(backoffMs(BACKOFF.polling, attempt), signal);
	}
}

/**
 * How a request that the status call does not know has ended shows in its result, as with every status
 * that is not documented.
 *
 * @throws every other error
 */
export function unknownStatus(error: unknown): QueueStatus {
	if (error instanceof FalError && isUnknownRequest(error.fault)) return { status: 'NOT_FOUND' };
	throw error;
}

/** @returns undefined when the request has not ended @throws FalError when it failed */
export async function resultIfThere(fetching: ResultCall): Promise<QueueResult | undefined> {
	const { queue, requestId, mayHoldFile, turn, onFailure, signal } = fetching;
	try {
		return await queue.result(requestId, { mayHoldFile, turn }, signal);
	} catch (error) {
		if (isNotReady(error)) return undefined;
		onFailure?.(requireTransient(error, signal));
		return await fetchResult(fetching);
	}
}

/** Any failure of a request, with its id. */
export function withRequestId(
	{ requestId, endpointId }: Pick<AcceptedRequest, 'requestId' | 'endpointId'>,
	error: unknown,
): Error {
	if (error instanceof FalError) return error.about({ requestId, endpointId });
	const message = error instanceof Error ? error.message : String(error);
	return new RequestError(
		`${message} (request ${requestId})`,
		{ requestId },
		'The request may still be running on fal: its result can be fetched by its request ID.',
	);
}

/** Collects what fal reports while a request is in progress. */
class Progress {
	private runningSince?: number;

	private failure?: FalError;

	/** The log lines so far; the stream and polling send all of them each time, or only new ones. */
	readonly logs: LogLine[] = [];

	private readonly knownLines = new Set<string>();

	constructor(private readonly sentAt: number | undefined) {}

	readonly onStatus = ({ status, logs }: QueueStatus): void => {
		this.failure = undefined;
		if (status === 'IN_PROGRESS') this.runningSince ??= Date.now();
		if (!Array.isArray(logs)) return;
		for (const line of logs as LogLine[]) {
			if (this.logs.length === LIMITS.logLines) return;
			const text = JSON.stringify(line) ?? '';
			if (text.length > LIMITS.logLineCharacters || this.knownLines.has(text)) continue;
			this.knownLines.add(text);
			this.logs.push(line);
		}
	};

	readonly onFailure = (failure: FalError): void => {
		this.failure = failure;
	};

	/** The failure that nothing good has followed, as a sentence; empty when there is none. */
	get lastResponse(): string {
		return lastResponseText(this.failure);
	}

	timings(completed: QueueStatus): Timings {
		const since = this.sentAt;
		return {
			submitted_at: since === undefined ? null : new Date(since).toISOString(),
			queue_seconds: secondsBetween(since, this.runningSince),
			inference_seconds: secondsIn(completed.metrics?.inference_time),
			request_seconds: secondsBetween(since, Date.now()),
		};
	}
}

/** An event of a stream may have anything there, also what n8n could not save with the execution. */
function secondsIn(value: unknown): number | null {
	return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function secondsBetween(from: number | undefined, to: number | undefined): number | null {
	return from === undefined || to === undefined ? null : (to - from) / 1000;
}
