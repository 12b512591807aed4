import { createFalClient, type FalClient } from '@fal-ai/client';
import { APPLICATION } from '../../endpoints/ids';
import { carryBigints } from '../http/exactJson';
import { type Exchange, falFetch } from '../http/falFetch';
import { FalError } from '../errors/FalError';
import type { FalFault } from '../errors/FalFault';
import type { FalHosts } from '../hosts';
import type { FalHttp } from '../http/n8nHttp';
import type { LargeTurn } from '../http/largeTurn';
import { LIMITS } from '../http/limits';
import { isRequestId, requestIdIn } from './requestId';

/** fal's acceptance of a request (fal: queue reference). */
export interface Submitted {
	request_id: string;
	status_url?: string;
	response_url?: string;
	cancel_url?: string;
}

/** fal's options of a request (fal: queue reference, request headers). */
export interface SubmitOptions {
	/** fal calls it when the request has ended. */
	webhookUrl?: string;
	priority: 'normal' | 'low';
	/** Seconds within which the request must start, or fal cancels it unbilled. */
	startTimeoutSeconds?: number;
	/** Whether input and output stay in fal's history. */
	keepPayload: boolean;
	/** Seconds that fal keeps the file; the account's setting unless given. */
	fileLifetimeSeconds?: number;
	/** Whether fal tries again after an internal error. */
	serverRetries: boolean;
}

/** Where a request is. There is no failed state: a failure shows when the result is asked for. */
export interface QueueStatus {
	status: string;
	queue_position?: number;
	logs?: unknown;
	/** Seconds of the model's own work, once it is done. */
	metrics?: { inference_time?: number | null } | null;
}

/** A result, unchanged, and what fal bills for it. */
export interface QueueResult {
	data: unknown;
	/** `x-fal-billable-units`, unchanged; undefined when fal sent none. */
	billableUnits?: string;
}

/** How a result is read. */
export interface ResultOptions {
	/** Whether `sync_mode` may have put the whole file, as text, into the result. */
	mayHoldFile: boolean;
	/** Of whoever holds the result. */
	turn: LargeTurn;
}

/** What fal answered to a cancel. */
export type CancelAnswer = 'requested' | 'already completed' | 'not found';

/** fal's queue. Every call throws FalError, or the signal's reason once aborted. */
export interface FalQueue {
	/** Costs money: call it once per video, whatever it throws. Takes no signal: it is never broken off. */
	submit(
		endpointId: string,
		input: Record<string, unknown>,
		options: SubmitOptions,
	): Promise<Submitted>;
	/** The state, asked once. */
	status(requestId: string, signal?: AbortSignal): Promise<QueueStatus>;
	/** The states as they come, until fal ends the stream. Throws when it breaks or falls silent. */
	streamStatus(
		requestId: string,
		onStatus: (status: QueueStatus) => void,
		signal?: AbortSignal,
	): Promise<void>;
	/** The result. The turn is held afterwards if it is a large one. */
	result(requestId: string, options: ResultOptions, signal?: AbortSignal): Promise<QueueResult>;
	/** What fal would have answered to the submit of a request. Sends nothing. */
	addresses(requestId: string): Submitted;
	/** Takes no signal: it is sent after the execution was stopped, too. */
	cancel(requestId: string): Promise<CancelAnswer>;
}

export const SUBMITTING = 'Submitting the request';

/** A submit is given longer than anything else: whatever it is answered is worth more. */
const SUBMIT_WITHIN_MS = 120_000;

/** The queue of all endpoints of the application, spoken to with fal's own client over n8n's HTTP. */
export function falQueue(http: FalHttp, hosts: FalHosts): FalQueue {
	const client = (exchange: Exchange): FalClient =>
		// No credentials: n8n signs. Without this line the client would look for FAL_KEY itself.
		createFalClient({
			credentials: undefined,
			suppressLocalCredentialsWarning: true,
			fetch: falFetch(http, hosts, exchange),
			retry: { maxRetries: 0 },
		});

	return {
		async submit(endpointId, input, options) {
			let requestId: string | undefined;
			const exchange: Exchange = {
				doing: SUBMITTING,
				responseWithinMs: SUBMIT_WITHIN_MS,
				onHeaders: (headers) => (requestId = requestIdIn(headers)),
			};
			const submitting = client(exchange).queue.submit(endpointId, {
				input: carryBigints(input) as Record<string, unknown>,
				webhookUrl: options.webhookUrl,
				priority: options.priority,
				startTimeout: options.startTimeoutSeconds,
				storageSettings: options.fileLifetimeSeconds
					? { expiresIn: options.fileLifetimeSeconds }
					: undefined,
				headers: {
					...(options.keepPayload ? {} : { 'X-Fal-Store-IO': '0' }),
					...(options.serverRetries ? {} : { 'X-Fal-No-Retry': '1' }),
				},
			});
			return await submitting.then(accepted).catch((error: unknown) => {
				// A body that can't be read may be that of an acceptance: its headers name the request.
				throw error instanceof FalError ? error.about({ requestId }) : error;
			});
		},

		async status(requestId, signal) {
			const exchange: Exchange = { doing: 'Asking for the status', signal };
			const options = { requestId, logs: true, abortSignal: signal };
			const asking = client(exchange).queue.status(APPLICATION, options);
			return (await asking.catch((error: unknown) => {
				throw error instanceof FalError ? error.about({ ofStatusCall: true }) : error;
			})) as QueueStatus;
		},

		async streamStatus(requestId, onStatus, signal) {
			// Ours, as the client's stream lets go of its connection only while it is content with it.
			const connection = new AbortController();
			const exchange: Exchange = { doing: 'Following the status', signal: connection.signal };
			const end = () => connection.abort(signal?.reason);
			signal?.throwIfAborted();
			signal?.addEventListener('abort', end, { once: true });
			try {
				const options = { requestId, logs: true };
				const stream = await client(exchange).queue.streamStatus(APPLICATION, options);
				stream.on('data', (status) => {
					forgetEvents(stream);
					if (!connection.signal.aborted) onStatus(status as QueueStatus);
				});
				await stream.done();
			} finally {
				signal?.removeEventListener('abort', end);
				connection.abort();
			}
		},

		async result(requestId, { mayHoldFile, turn }, signal) {
			let billableUnits: string | undefined;
			const exchange: Exchange = {
				doing: 'Fetching the result',
				signal,
				turn,
				limitBytes: mayHoldFile ? LIMITS.resultWithFileBytes : LIMITS.answerBytes,
				readWithinMs: mayHoldFile ? LIMITS.readFileWithinMs : LIMITS.readWithinMs,
				onHeaders: (headers) => (billableUnits = headers['x-fal-billable-units']),
			};
			const { data } = await client(exchange).queue.result(APPLICATION, {
				requestId,
				abortSignal: signal,
			});
			// Which status an early response has is not documented: it may look like a good one.
			const { detail } = data as { detail?: unknown };
			if (isEarly(detail)) {
				turn.leave();
				throw new FalError({ kind: 'response', doing: exchange.doing, status: 202, detail });
			}
			return { data, billableUnits };
		},

		addresses(requestId) {
			const response_url = `${hosts.queue}/${APPLICATION}/requests/${requestId}`;
			return {
				request_id: requestId,
				status_url: `${response_url}/status`,
				response_url,
				cancel_url: `${response_url}/cancel`,
			};
		},

		async cancel(requestId) {
			const exchange: Exchange = { doing: 'Cancelling the request' };
			return await client(exchange)
				.queue.cancel(APPLICATION, { requestId })
				.then(() => 'requested' as const, cancelRefusal);
		},
	};
}

/** The client keeps every event for a reader that this node is not: millions of them fill the memory. */
function forgetEvents(stream: object): void {
	const { buffer } = stream as { buffer?: unknown };
	if (Array.isArray(buffer)) buffer.length = 0;
}

/** fal: queue reference. Only the wording distinguishes this response from a model's own. */
export function isEarly(detail: unknown): detail is string {
	return typeof detail === 'string' && /still in progress/i.test(detail);
}

/**
 * fal refuses to cancel what has ended: a normal response for a caller that wanted it ended. Only
 * fal's own words prove it; a gateway has the same status codes.
 */
function cancelRefusal(error: unknown): CancelAnswer {
	const { status, detail } = error instanceof FalError ? error.fault : {};
	const words = typeof detail === 'string' ? detail : '';
	if (status === 400 && /^already.completed$/i.test(words)) return 'already completed';
	if (error instanceof FalError && isUnknownRequest(error.fault)) return 'not found';
	throw error;
}

/** Whether fal itself says that it has no such request, or no longer; a gateway's 404 is no proof. */
export function isUnknownRequest({ status, detail }: FalFault): boolean {
	return (
		status === 404 && typeof detail === 'string' && /^(not_found|request not found)$/i.test(detail)
	);
}

/** A submit was accepted only when the response has a request ID; an address that is none is left out. */
function accepted({ request_id, status_url, response_url, cancel_url }: Submitted): Submitted {
	if (isRequestId(request_id)) {
		return {
			request_id,
			status_url: addressIn(status_url),
			response_url: addressIn(response_url),
			cancel_url: addressIn(cancel_url),
		};
	}
	throw new FalError({ kind: 'unreadable', doing: SUBMITTING, status: 200 });
}

function addressIn(value: unknown): string | undefined {
	const isAddress = typeof value === 'string' && value.length <= LIMITS.addressCharacters;
	return isAddress ? value : undefined;
}
