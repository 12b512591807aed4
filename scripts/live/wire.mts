import {
	createServer,
	request as httpRequest,
	type IncomingHttpHeaders,
	type IncomingMessage,
	type Server,
	type ServerResponse,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import type { FalHosts } from '../../nodes/FalLtxVideo/fal/hosts.ts';

/** One of the APIs that take the key. */
export type Api = keyof FalHosts;

/** One call and its response, as they went over the wire. */
export interface Exchange {
	readonly api: Api;
	readonly method: string;
	/** With its query. */
	readonly path: string;
	/** When it was sent, in milliseconds of this process. */
	readonly at: number;
	/** What was sent; a file only by its beginning. */
	readonly sent: string;
	/** 0 as long as, or when, no response began. */
	readonly status: number;
	readonly headers: IncomingHttpHeaders;
	/** The body, unpacked, as far as it has arrived. */
	readonly body: string;
	/** When each piece of the body arrived. */
	readonly pieces: ReadonlyArray<{ at: number; text: string }>;
}

/** Every byte of a body is passed on; of a long one only the beginning is kept. */
const KEPT_BYTES = 512 * 1024;

const UNPACK: Record<string, (bytes: Buffer) => Buffer> = {
	gzip: gunzipSync,
	deflate: inflateSync,
	br: brotliDecompressSync,
};

/** The bytes of a body, as far as they are kept. */
class Kept {
	readonly pieces: Array<{ at: number; bytes: Buffer }> = [];
	#size = 0;

	add(bytes: Buffer): void {
		if (this.#size > KEPT_BYTES) return;
		this.#size += bytes.length;
		this.pieces.push({ at: performance.now(), bytes });
	}

	text(encoding = ''): string {
		const bytes = Buffer.concat(this.pieces.map((piece) => piece.bytes));
		try {
			return (UNPACK[encoding]?.(bytes) ?? bytes).toString('utf8');
		} catch {
			return '';
		}
	}
}

/** A call that is passed on, and what is known of it by now. */
class Recorded implements Exchange {
	readonly at = performance.now();
	readonly method: string;
	readonly path: string;
	readonly request = new Kept();
	readonly response = new Kept();
	status = 0;
	headers: IncomingHttpHeaders = {};

	constructor(
		readonly api: Api,
		{ method = '', url = '/' }: IncomingMessage,
	) {
		this.method = method;
		this.path = url;
	}

	get sent(): string {
		return this.request.text();
	}

	get body(): string {
		return this.response.text(this.headers['content-encoding']);
	}

	get pieces() {
		return this.response.pieces.map(({ at, bytes }) => ({ at, text: bytes.toString('utf8') }));
	}
}

function passOn(
	recorded: Recorded,
	origin: URL,
	incoming: IncomingMessage,
	answer: ServerResponse,
): void {
	const send = origin.protocol === 'https:' ? httpsRequest : httpRequest;
	const url = new URL(recorded.path, origin);
	const headers = { ...incoming.headers, host: origin.host };
	const outgoing = send(url, { method: recorded.method, headers }, (response) => {
		recorded.status = response.statusCode ?? 0;
		recorded.headers = response.headers;
		answer.writeHead(recorded.status, response.headers);
		answer.flushHeaders();
		response.on('data', (bytes: Buffer) => recorded.response.add(bytes));
		response.on('error', () => answer.destroy());
		response.pipe(answer);
	});
	outgoing.on('error', () => answer.destroy());
	answer.on('close', () => outgoing.destroy());
	incoming.on('data', (bytes: Buffer) => recorded.request.add(bytes));
	incoming.pipe(outgoing);
}

async function listen(server: Server): Promise<string> {
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(0, '127.0.0.1', resolve);
	});
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/**
 * Stands between n8n and fal on the loopback interface, passes every call on unchanged, and keeps what
 * was said: so the node's own calls are seen as they are, those that it does not show included.
 */
export class Wire {
	readonly exchanges: Exchange[] = [];
	readonly #servers: Server[] = [];

	private constructor(
		/** For the credential. */
		readonly hosts: FalHosts,
	) {}

	static async open(targets: FalHosts): Promise<Wire> {
		const wire = new Wire({ ...targets });
		for (const api of Object.keys(targets) as Api[]) {
			const target = new URL(targets[api]);
			const server = createServer((incoming, answer) => {
				const recorded = new Recorded(api, incoming);
				wire.exchanges.push(recorded);
				passOn(recorded, target, incoming, answer);
			});
			wire.#servers.push(server);
			const path = target.pathname.replace(/\/$/, '');
			wire.hosts[api] = (await listen(server)) + path;
		}
		return wire;
	}

	/** The calls to an API whose path has a text in it, in order. */
	to(api: Api, text: string, method?: string): Exchange[] {
		return this.exchanges.filter(
			(one) =>
				one.api === api &&
				one.path.includes(text) &&
				(method === undefined || one.method === method),
		);
	}

	async close(): Promise<void> {
		await Promise.all(
			this.#servers.map(async (server) => {
				const closed = new Promise((resolve) => server.close(resolve));
				server.closeAllConnections();
				await closed;
			}),
		);
	}
}
