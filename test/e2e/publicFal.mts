import type { Emulator } from '../../emulator/index.mts';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import {
	createServer,
	request as call,
	type IncomingMessage,
	type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSigned } from './certificate.mts';

/** How a host of fal's files responds to a path. */
export type FileHost = (path: string, response: ServerResponse) => void;

/** fal under its own names, as an n8n with these environment variables sees it. */
export interface PublicFal {
	env: Record<string, string>;
	/** Every host and port that n8n asked its proxy for. */
	asked: Set<string>;
	close(): Promise<void>;
}

export const FILE_HOST = 'v3.fal.media';

/**
 * Makes a local fal respond as `https://queue.fal.run` and so on, on this machine alone: n8n is given a
 * proxy that connects each name to a TLS server here, whose certificate n8n is set to trust.
 */
export async function startPublicFal(
	{ hosts }: Emulator,
	respondWithFile: FileHost,
): Promise<PublicFal> {
	const origins: Record<string, string> = {
		'queue.fal.run': hosts.queue,
		'rest.fal.ai': hosts.rest,
		'api.fal.ai': new URL(hosts.platform).origin,
	};
	const { key, cert } = selfSigned([...Object.keys(origins), FILE_HOST]);
	const fal = createTlsServer({ key, cert }, (request, response) => {
		const origin = origins[request.headers.host ?? ''];
		if (origin) forward(request, response, origin);
		else respondWithFile(request.url ?? '', response);
	});
	const asked = new Set<string>();
	const proxy = createServer((request, response) => {
		asked.add(request.url ?? '');
		response.writeHead(502).end();
	});
	proxy.on('connect', (request, socket) => {
		asked.add(request.url ?? '');
		socket.on('error', () => socket.destroy());
		socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
		fal.emit('connection', socket);
	});
	await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
	const folder = await mkdtemp(join(tmpdir(), 'n8n-nodes-fal-ltx-public-'));
	await writeFile(join(folder, 'cert.pem'), cert);
	const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
	return {
		env: {
			...{ HTTP_PROXY: url, http_proxy: url, HTTPS_PROXY: url, https_proxy: url },
			NODE_EXTRA_CA_CERTS: join(folder, 'cert.pem'),
		},
		asked,
		close: async () => {
			proxy.closeAllConnections();
			fal.closeAllConnections();
			await new Promise((resolve) => proxy.close(resolve));
			await rm(folder, { recursive: true, force: true });
		},
	};
}

/** Asks the local fal the same, and passes its response on as it comes. */
function forward(request: IncomingMessage, response: ServerResponse, origin: string): void {
	const { method, headers, url = '' } = request;
	const asking = call(origin + url, { method, headers }, (own) => {
		response.writeHead(own.statusCode ?? 502, own.headers);
		own.pipe(response);
	});
	asking.on('error', () => response.destroy());
	response.on('close', () => asking.destroy());
	request.pipe(asking);
}
