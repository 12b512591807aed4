import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';

/** One call of fal's to the webhook. */
export interface Delivery {
	/** In milliseconds of this process. */
	at: number;
	headers: Record<string, string>;
	/** Exactly as it came: it is signed. */
	body: string;
}

/** Anybody can call an address that is public: more is not kept. */
const MOST_DELIVERIES = 100;
const MOST_BYTES = 1024 * 1024;

async function bodyOf(request: IncomingMessage): Promise<string> {
	const pieces: Buffer[] = [];
	let size = 0;
	for await (const piece of request as AsyncIterable<Buffer>) {
		size += piece.length;
		if (size > MOST_BYTES) throw new Error('too large');
		pieces.push(piece);
	}
	return Buffer.concat(pieces).toString('utf8');
}

const flat = ({ headers }: IncomingMessage) =>
	Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

/** Takes what fal sends to the webhook. The first call gets a 500, to see whether fal calls again. */
export class WebhookReceiver {
	readonly deliveries: Delivery[] = [];
	readonly #server: Server;

	private constructor() {
		this.#server = createServer((request, response) => {
			this.#take(request).then(
				(status) => response.writeHead(status).end(),
				() => response.destroy(),
			);
		});
	}

	/** @param port 0 for any free port */
	static async open(port: number): Promise<WebhookReceiver> {
		const receiver = new WebhookReceiver();
		await new Promise<void>((resolve, reject) => {
			receiver.#server.once('error', reject);
			receiver.#server.listen(port, '127.0.0.1', resolve);
		});
		return receiver;
	}

	get url(): string {
		return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
	}

	/** What came about a request, in order. */
	about(requestId: string): Delivery[] {
		return this.deliveries.filter(({ body }) => body.includes(requestId));
	}

	async close(): Promise<void> {
		const closed = new Promise((resolve) => this.#server.close(resolve));
		this.#server.closeAllConnections();
		await closed;
	}

	async #take(request: IncomingMessage): Promise<number> {
		if (request.method !== 'POST' || this.deliveries.length >= MOST_DELIVERIES) return 404;
		const body = await bodyOf(request);
		this.deliveries.push({ at: performance.now(), headers: flat(request), body });
		return this.deliveries.length === 1 ? 500 : 200;
	}
}
