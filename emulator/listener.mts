import {
	createServer,
	type IncomingHttpHeaders,
	type IncomingMessage,
	type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

import { stringifyExact, type JsonValue } from './json.mts';

/** fal's four hosts, and `foreign`: somebody else's, to which a call was redirected. */
export type ListenerName = 'queue' | 'rest' | 'platform' | 'cdn' | 'foreign';

/** One HTTP call that arrived. */
export interface CallRecord {
	readonly listener: ListenerName;
	readonly at: Date;
	readonly method: string;
	/** Path with its query. */
	readonly path: string;
	readonly headers: IncomingHttpHeaders;
	/** Length of the body as it was read, in bytes. */
	bodyLength: number;
	/** The status of the response; null as long as, or when, none began. */
	status: number | null;
}

/** A complete response. */
export interface HttpResponse {
	status: number;
	headers?: Record<string, string>;
	body: string | Buffer;
}

/** A response with a JSON body. */
export function json(
	status: number,
	body: JsonValue,
	headers: Record<string, string> = {},
): HttpResponse {
	return {
		status,
		headers: { 'content-type': 'application/json', ...headers },
		body: stringifyExact(body),
	};
}

/** Everything that happened, for tests and for the command line. */
export class Journal {
	readonly calls: CallRecord[] = [];
	readonly violations: string[] = [];

	constructor(readonly onResponse?: (call: CallRecord) => void) {}

	/** Notes something that must never happen; `close()` rejects from then on. */
	violation(text: string): void {
		this.violations.push(text);
		process.stderr.write(`fal emulator: ${text}\n`);
	}
}

/** One call and the way to respond to it. */
export class Exchange {
	readonly url: URL;
	#body?: Promise<Buffer>;

	constructor(
		readonly request: IncomingMessage,
		readonly response: ServerResponse,
		readonly call: CallRecord,
	) {
		this.url = new URL(call.path, 'http://127.0.0.1');
	}

	/** A request header; empty when it was not sent. */
	header(name: string): string {
		return String(this.request.headers[name] ?? '');
	}

	/** The whole body, read at the first call. */
	body(): Promise<Buffer> {
		this.#body ??= this.#read();
		return this.#body;
	}

	/** Begins a response that the caller writes itself. */
	begin(status: number, headers: Record<string, string>): void {
		this.call.status = status;
		this.response.writeHead(status, headers);
	}

	/** Sends a whole response. Reads what is left of the body first, so that the client can finish. */
	async send({ status, headers, body }: HttpResponse): Promise<void> {
		await this.body();
		const length = String(Buffer.byteLength(body));
		this.begin(status, { 'content-length': length, ...headers });
		this.response.end(this.request.method === 'HEAD' ? undefined : body);
	}

	async #read(): Promise<Buffer> {
		const chunks: Buffer[] = [];
		for await (const chunk of this.request) chunks.push(chunk as Buffer);
		const body = Buffer.concat(chunks);
		this.call.bodyLength = body.length;
		return body;
	}
}

export type Handler = (exchange: Exchange) => Promise<void>;

export interface Listener {
	/** `http://127.0.0.1:port` */
	readonly origin: string;
	/** Ends every connection and frees the port. */
	close(): Promise<void>;
}

/** A client must never find its kept connection closed between two calls of a test. */
const KEEP_ALIVE_MS = 60_000;

function record(name: ListenerName, request: IncomingMessage): CallRecord {
	return {
		listener: name,
		at: new Date(),
		method: request.method ?? '',
		path: request.url ?? '/',
		headers: request.headers,
		bodyLength: 0,
		status: null,
	};
}

function isGone(exchange: Exchange): boolean {
	return exchange.request.socket.destroyed || exchange.response.destroyed;
}

async function handleLoudly(exchange: Exchange, handle: Handler, journal: Journal): Promise<void> {
	try {
		await handle(exchange);
	} catch (error) {
		// A client that went away in the middle of its own call is no fault of the emulator.
		if (isGone(exchange)) return;
		journal.violation(`the emulator itself failed: ${String(error)}`);
		exchange.response.destroy();
	}
}

/**
 * Opens one listener on the loopback interface.
 * @param port 0 for any free port.
 * @throws the error of node:net, such as EADDRINUSE.
 */
export async function listen(
	name: ListenerName,
	port: number,
	journal: Journal,
	handle: Handler,
): Promise<Listener> {
	const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
		const call = record(name, request);
		journal.calls.push(call);
		response.on('close', () => journal.onResponse?.(call));
		void handleLoudly(new Exchange(request, response, call), handle, journal);
	});
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, '127.0.0.1', resolve);
	});
	const { port: bound } = server.address() as AddressInfo;
	return {
		origin: `http://127.0.0.1:${bound}`,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}
