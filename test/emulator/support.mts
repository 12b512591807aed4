import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { startEmulator, type Emulator, type EmulatorOptions } from '../../emulator/index.mts';

export const PATH = '/fal-ai/ltx-2.3-22b/distilled/text-to-video/lora';

/** The smallest video that is quick to make. */
export const TINY = { loras: [], num_frames: 9, video_size: { width: 64, height: 64 } };

export interface Submitted {
	status: string;
	request_id: string;
	queue_position: number;
	response_url: string;
	status_url: string;
	cancel_url: string;
}

/** How a submit is sent; a text alone is the query. */
export interface How {
	query?: string;
	/** An endpoint's id instead of the first one's. */
	endpoint?: string;
}

/** The emulator of one test, and a plain client for it. */
export interface Fal extends Emulator {
	get(url: string, init?: RequestInit): Promise<Response>;
	post(input: unknown, how?: string | How, headers?: Record<string, string>): Promise<Response>;
	submit(
		input: Record<string, unknown>,
		how?: string | How,
		headers?: Record<string, string>,
	): Promise<Submitted>;
	/** Submits, waits for the end and gives the response to the result call. */
	generate(input: Record<string, unknown>, how?: How): Promise<Response>;
	/** Waits until the status stream shows a state. */
	until(request: Submitted, state: string): Promise<void>;
	cancel(request: Submitted): Promise<Response>;
}

function clientOf(emulator: Emulator): Omit<Fal, keyof Emulator> {
	const key = { authorization: `Key ${emulator.apiKey}` };
	const get: Fal['get'] = (url, init = {}) => fetch(url, { ...init, headers: { ...key } });
	const post: Fal['post'] = (input, how = {}, headers = {}) => {
		const { query = '', endpoint } = typeof how === 'string' ? { query: how } : how;
		const path = endpoint === undefined ? PATH : `/${endpoint}`;
		return fetch(emulator.hosts.queue + path + query, {
			method: 'POST',
			headers: { ...key, ...headers },
			body: typeof input === 'string' ? input : JSON.stringify(input),
		});
	};
	const submit: Fal['submit'] = async (input, how, headers) =>
		(await (await post({ ...TINY, ...input }, how, headers)).json()) as Submitted;
	const until: Fal['until'] = async ({ status_url }, state) => {
		const response = await get(`${status_url}/stream`);
		let text = '';
		const decoder = new TextDecoder();
		for await (const chunk of response.body!) {
			text += decoder.decode(chunk, { stream: true });
			if (text.includes(`"status":"${state}"`)) return;
		}
		throw new Error(`the stream ended before ${state}: ${text}`);
	};
	return {
		...{ get, post, submit, until },
		generate: async (input, how) => {
			const request = await submit(input, how);
			await until(request, 'COMPLETED');
			return await get(request.response_url);
		},
		cancel: (request) => get(request.cancel_url, { method: 'PUT' }),
	};
}

/** Starts an emulator as fast as it goes, with a client. */
export async function createFal(options: EmulatorOptions = {}): Promise<Fal> {
	const emulator = await startEmulator({ queueSeconds: 0, runSeconds: 0, ...options });
	const { hosts, apiKey, userId, requests, calls, violations } = emulator;
	return {
		...{ hosts, apiKey, userId, requests, calls, violations },
		script: emulator.script.bind(emulator),
		fault: emulator.fault.bind(emulator),
		webhookOf: emulator.webhookOf.bind(emulator),
		close: () => emulator.close(),
		...clientOf(emulator),
	};
}

const expectedViolations = new WeakSet<readonly string[]>();

/** Lets a test use an emulator, and ends it whatever happens. */
export async function withFal(
	test: (fal: Fal) => Promise<void>,
	options: EmulatorOptions = {},
): Promise<void> {
	const fal = await createFal(options);
	try {
		await test(fal);
	} finally {
		// A test that provokes a violation closes for itself and looks at the rejection.
		await fal.close().catch((error: unknown) => {
			if (!expectedViolations.has(fal.violations)) throw error;
		});
	}
}

/** Says that this test provokes violations, which else fail it. */
export function expectViolations(fal: Fal): void {
	expectedViolations.add(fal.violations);
}

export interface Received {
	headers: IncomingHttpHeaders;
	body: string;
}

/** A receiver of webhooks; `respond` responds to the nth delivery (from 0 on). */
export async function withReceiver(
	respond: (response: ServerResponse, n: number) => void,
	test: (url: string, received: (count: number) => Promise<Received[]>) => Promise<void>,
): Promise<void> {
	const got: Received[] = [];
	let onReceived: () => void = () => undefined;
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			respond(response, got.length);
			got.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
			onReceived();
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	try {
		await test(`http://127.0.0.1:${port}/hook`, async (count) => {
			while (got.length < count) await new Promise<void>((resolve) => (onReceived = resolve));
			return got;
		});
	} finally {
		server.close();
		server.closeAllConnections();
	}
}
