import { z } from 'zod';
import { requestIdIn } from '../queue/requestId';
import { FalError } from '../errors/FalError';
import { parseExact, restoreBigints } from './exactJson';
import { type FalHosts, onHost } from '../hosts';
import { bytesOf, type FalHttp, type HttpResponse, type HttpCall, readText } from './n8nHttp';
import { LargeTurn } from './largeTurn';
import { LIMITS } from './limits';

/*
 * The `fetch` that fal's client calls. It answers with good JSON or a status stream, and throws a
 * FalError for everything else, so that what the client would make of a bad answer (a retry, an
 * error without fal's words) never happens.
 */

const EVENT_STREAM = 'text/event-stream';

/** Three of the comments that fal writes every 15 s may be missed before a stream counts as dead. */
const STREAM_SILENT_AFTER_MS = 45_000;

/** What a fetch needs to know of one call of the client's. */
export interface Exchange {
	/** What the call is for, to start an error's sentence with. */
	doing: string;
	/** Ends the call. */
	signal?: AbortSignal;
	/** Called with the headers of a good response, which the client does not return. */
	onHeaders?: (headers: HttpResponse['headers']) => void;
	/** How large the response may be, where it may be large. */
	limitBytes?: number;
	/**
	 * Taken for a large response, and held when the call has ended well: whoever gave it knows how long the
	 * response is needed. Unless given, a turn is held until the response is read.
	 */
	turn?: LargeTurn;
	/** Called with how large it was. */
	onSize?: (bytes: number) => void;
	/** How long it may take to be read to its end, where it may take long. */
	readWithinMs?: number;
	/** How long a response may take to begin, where it may take long. */
	responseWithinMs?: number;
}

/** A `fetch` for one call of fal's client. */
export function falFetch(http: FalHttp, hosts: FalHosts, exchange: Exchange): typeof fetch {
	return async (input, init) => {
		const call: HttpCall = {
			doing: exchange.doing,
			method: init?.method ?? 'GET',
			url: onHost(hosts, String(input)),
			headers: init?.headers as Record<string, string>,
			body: typeof init?.body === 'string' ? restoreBigints(init.body) : undefined,
			signal: exchange.signal,
			responseWithinMs: exchange.responseWithinMs,
		};
		const { turn = new LargeTurn() } = exchange;
		const response = await answered(http, call, exchange, turn).catch((error: unknown) => {
			turn.leave();
			throw error;
		});
		if (turn !== exchange.turn) turn.leave();
		return response;
	};
}

/** Ends the reading of a response that is large while another one is held. */
class NotYourTurn extends Error {
	override readonly name = 'NotYourTurn';
}

/**
 * A good answer. One that is large while another one is held is dropped, and asked for again when its turn
 * has come: no connection would stay open and unread for as long. Only what costs nothing may be large.
 */
async function answered(
	http: FalHttp,
	call: HttpCall,
	exchange: Exchange,
	turn: LargeTurn,
): Promise<Response> {
	const { signal = NEVER } = call;
	const onLarge = () => {
		if (!turn.takeIfFree(signal)) throw new NotYourTurn();
	};
	const answering = answeredOnce(http, call, exchange, onLarge);
	const answer = await answering.catch((error: unknown) => {
		if (error instanceof NotYourTurn) return undefined;
		throw error;
	});
	if (answer) return answer;
	await turn.take(signal);
	return await answeredOnce(http, call, exchange);
}

const NEVER = new AbortController().signal;

async function answeredOnce(
	http: FalHttp,
	call: HttpCall,
	exchange: Exchange,
	onLarge?: () => void,
): Promise<Response> {
	const answer = await http.withKey(call);
	if (answer.status < 200 || answer.status > 299) throw await refusal(call, answer);
	exchange.onHeaders?.(answer.headers);
	if (wantsStream(call)) return streamed(call, answer);
	const { limitBytes = LIMITS.answerBytes, readWithinMs = LIMITS.readWithinMs } = exchange;
	const limits = { bytes: limitBytes, withinMs: readWithinMs, onLarge };
	const text = await readText(call, answer, limits);
	exchange.onSize?.(text.length);
	return json(call, answer, text);
}

function wantsStream(call: HttpCall): boolean {
	return Object.entries(call.headers ?? {}).some(
		([name, value]) => name.toLowerCase() === 'accept' && value.includes(EVENT_STREAM),
	);
}

function streamed(call: HttpCall, answer: HttpResponse): Response {
	if (!answer.headers['content-type']?.startsWith(EVENT_STREAM)) {
		answer.close();
		throw new FalError({ kind: 'unreadable', doing: call.doing, status: answer.status });
	}
	const bytes = boundedEvents(call, bytesOf(call, answer, STREAM_SILENT_AFTER_MS));
	return new Response(webStream(bytes), {
		status: answer.status,
		headers: { 'content-type': EVENT_STREAM },
	});
}

/** The bytes of a status stream, as far as its events are no larger than any of fal's. */
async function* boundedEvents(
	{ doing }: HttpCall,
	bytes: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
	let [inEvent, inAll] = [0, 0];
	for await (const chunk of bytes) {
		inAll += chunk.length;
		// An empty line ends an event; where it is in the chunk makes little difference here.
		const end = Buffer.from(chunk).lastIndexOf('\n\n');
		inEvent = end < 0 ? inEvent + chunk.length : chunk.length - end;
		if (inEvent > LIMITS.eventBytes || inAll > LIMITS.streamBytes) {
			throw new FalError({ kind: 'unreadable', doing, reason: 'the stream is too large' });
		}
		yield chunk;
	}
}

/** The bytes as the client reads them. */
function webStream(bytes: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
	return new ReadableStream<Uint8Array>({
		async pull(controller) {
			const { value, done } = await bytes.next();
			if (done) controller.close();
			else controller.enqueue(value);
		},
	});
}

/** A good response, parsed without losing digits. */
function json(call: HttpCall, answer: HttpResponse, text: string): Response {
	const value = parsed(text);
	if (value === undefined || value === null) {
		throw new FalError({ kind: 'unreadable', doing: call.doing, status: answer.status });
	}
	const response = new Response(null, {
		status: 200,
		headers: { 'content-type': 'application/json' },
	});
	// Defined, not assigned: n8n's MCP Server Trigger up to n8n 2.8 replaces the global Response by a
	// class whose `json` can't be assigned to; measured.
	return Object.defineProperty(response, 'json', {
		value: async () => await Promise.resolve(value),
	});
}

/** undefined when the text is no JSON; JSON itself has no such value. */
function parsed(text: string): unknown {
	try {
		return parseExact(text);
	} catch {
		return undefined;
	}
}

/** What a bad answer says, in fal's words where they are fal's. */
async function refusal(call: HttpCall, answer: HttpResponse): Promise<FalError> {
	const limits = { bytes: LIMITS.answerBytes, withinMs: LIMITS.readWithinMs };
	const body = parsed(await readText(call, answer, limits));
	const known = {
		doing: call.doing,
		status: answer.status,
		requestId: requestIdIn(answer.headers),
		retryable: flag(answer.headers['x-fal-retryable'] ?? answer.headers['x-fal-needs-retry']),
		retryAfter: secondsOf(answer.headers['retry-after']),
		billableUnits: answer.headers['x-fal-billable-units'],
	};
	if (body === null || typeof body !== 'object')
		return new FalError({ kind: 'unreadable', ...known });
	const { detail, error_type, status, error } = refusalBody.parse(body);
	return new FalError({
		kind: 'response',
		...known,
		detail: detail ?? error?.message ?? status ?? body,
		// Not the type of the platform's `error`: that is of the call, and proves no end of a request.
		errorType: error_type ?? answer.headers['x-fal-error-type'],
	});
}

const text = z.string().min(1).optional().catch(undefined);

/**
 * fal's bodies of a refusal: the model's and the queue's `detail`, the platform's `error`. A field of
 * another type counts as missing; `detail` is read as anything.
 */
const refusalBody = z
	.object({
		detail: z.unknown(),
		error_type: text,
		status: text,
		error: z
			.union([z.object({ message: text }), z.string().transform((message) => ({ message }))])
			.optional()
			.catch(undefined),
	})
	.catch({});

/** e.g. `Sun, 06 Nov 1994 08:49:37 GMT`, and the older form with dashes. */
const HTTP_DATE = /^[a-z]{3,9}, .{8,40} GMT$/i;

function flag(header: string | undefined): boolean | undefined {
	return header === undefined ? undefined : /^(1|true)$/i.test(header);
}

/** `Retry-After` in seconds: a number of them, or a date (RFC 9110); one that is over means now. */
export function secondsOf(header: string | undefined, nowMs = Date.now()): number | undefined {
	const text = header?.trim() ?? '';
	if (/^\d{1,9}(\.\d+)?$/.test(text)) return Number(text);
	if (!HTTP_DATE.test(text)) return undefined;
	const seconds = (Date.parse(text) - nowMs) / 1000;
	return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}
