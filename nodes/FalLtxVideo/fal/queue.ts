import { createFalClient } from '@fal-ai/client';
import type { FalClient, FalStream } from '@fal-ai/client';
import { carryBigints } from './exactJson';
import type { Exchange } from './falFetch';
import { falFetch } from './falFetch';
import { FalError } from './FalError';
import type { FalHosts } from './hosts';
import type { FalHttp } from './http';
import { unlessSilent } from './silence';

/** fal's acceptance of a request (fal: queue reference). */
export interface Submitted {
	request_id: string;
	status_url?: string;
	response_url?: string;
	cancel_url?: string;
}

/** Where a request is. There is no failed state: a failure shows when the result is asked for. */
export interface QueueStatus {
	status: string;
	queue_position?: number;
	logs?: unknown;
	/** Seconds of the model's own work, once it is done. */
	metrics?: { inference_time?: number | null } | null;
}

/** A result as it came, and what fal bills for it. */
export interface QueueResult {
	data: unknown;
	/** `x-fal-billable-units`, as it came; undefined when fal didn't say. */
	billableUnits?: string;
}

/** What fal answered to a cancel. */
export type CancelAnswer = 'requested' | 'already completed' | 'not found';

/** fal's queue for one endpoint. Every call throws FalError, or the signal's reason once aborted. */
export interface FalQueue {
	/** Buys: call it once per video, whatever it throws. Takes no signal: it is never broken off. */
	submit(input: Record<string, unknown>): Promise<Submitted>;
	/** The state, asked once. */
	status(requestId: string, signal?: AbortSignal): Promise<QueueStatus>;
	/** The states as they come, until fal ends the stream. Throws when it breaks or falls silent. */
	streamStatus(
		requestId: string,
		onStatus: (status: QueueStatus) => void,
		signal?: AbortSignal,
	): Promise<void>;
	result(requestId: string, signal?: AbortSignal): Promise<QueueResult>;
	/** Takes no signal: it is sent after the execution was stopped, too. */
	cancel(requestId: string): Promise<CancelAnswer>;
}

/** Three of fal's 15 s comments may be missed before a stream counts as dead. */
const SILENT_AFTER_MS = 45_000;

/** The queue of one endpoint, spoken to with fal's own client over n8n's HTTP. */
export function falQueue(http: FalHttp, hosts: FalHosts, endpointId: string): FalQueue {
	const client = (exchange: Exchange): FalClient =>
		// No credentials: n8n signs. Without this line the client would look for FAL_KEY itself.
		createFalClient({
			credentials: undefined,
			suppressLocalCredentialsWarning: true,
			fetch: falFetch(http, hosts, exchange),
			retry: { maxRetries: 0 },
		});

	return {
		async submit(input) {
			return await client({ doing: 'Submitting the request' }).queue.submit(endpointId, {
				input: carryBigints(input) as Record<string, unknown>,
			});
		},

		async status(requestId, signal) {
			const exchange = { doing: 'Asking for the status', signal };
			return (await client(exchange).queue.status(endpointId, {
				requestId,
				logs: true,
				abortSignal: signal,
			})) as QueueStatus;
		},

		async streamStatus(requestId, onStatus, signal) {
			const exchange: Exchange = {
				doing: 'Following the status',
				watch: (bytes) => unlessSilent(bytes, SILENT_AFTER_MS),
			};
			const stream = await client(exchange).queue.streamStatus(endpointId, {
				requestId,
				logs: true,
			});
			await drained(stream as unknown as FalStream<unknown, QueueStatus>, onStatus, signal);
		},

		async result(requestId, signal) {
			let billableUnits: string | undefined;
			const exchange: Exchange = {
				doing: 'Fetching the result',
				signal,
				onHeaders: (headers) => (billableUnits = headers['x-fal-billable-units']),
			};
			const { data } = await client(exchange).queue.result(endpointId, {
				requestId,
				abortSignal: signal,
			});
			return { data, billableUnits };
		},

		async cancel(requestId) {
			const exchange = { doing: 'Cancelling the request' };
			return await client(exchange)
				.queue.cancel(endpointId, { requestId })
				.then(() => 'requested' as const, cancelRefusal);
		},
	};
}

/** fal refuses to cancel what has ended: an answer like any other to whoever wanted it ended. */
function cancelRefusal(error: unknown): CancelAnswer {
	const status = error instanceof FalError ? error.fault.status : undefined;
	if (status === 400) return 'already completed';
	if (status === 404) return 'not found';
	throw error;
}

async function drained(
	stream: FalStream<unknown, QueueStatus>,
	onStatus: (status: QueueStatus) => void,
	signal: AbortSignal | undefined,
): Promise<void> {
	const abort = () => stream.abort();
	signal?.addEventListener('abort', abort, { once: true });
	try {
		stream.on('data', onStatus);
		await stream.done();
		signal?.throwIfAborted();
	} finally {
		signal?.removeEventListener('abort', abort);
	}
}
