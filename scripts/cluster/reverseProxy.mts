import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';

/** What stands before the main process. */
export interface ReverseProxy {
	close(): Promise<void>;
}

async function isReady(port: number): Promise<boolean> {
	const response = await fetch(`http://127.0.0.1:${port}/healthz/readiness`).catch(() => undefined);
	await response?.arrayBuffer();
	return response?.ok === true;
}

function forward(call: IncomingMessage, response: ServerResponse, port: number): void {
	const { url: path, method, headers } = call;
	const onward = request({ host: '127.0.0.1', port, path, method, headers }, (upstream) => {
		response.writeHead(upstream.statusCode ?? 502, upstream.headers);
		upstream.pipe(response);
	});
	onward.on('error', () => {
		if (!response.headersSent) response.writeHead(502);
		response.end();
	});
	call.pipe(onward);
}

/**
 * A proxy that asks n8n whether it is ready, as every proxy of a good installation does. While n8n
 * starts, it answers 200 to whatever it is asked, for a moment between its connection to the database
 * and the end of its migrations (measured): a webhook call of fal's would then count as delivered.
 *
 * @param port where people, and fal, reach n8n
 * @param mainPort where n8n listens
 */
export async function startReverseProxy(port: number, mainPort: number): Promise<ReverseProxy> {
	const server = createServer((call, response) => {
		void isReady(mainPort).then((ready) => {
			if (ready) forward(call, response, mainPort);
			else response.writeHead(503).end();
		});
	});
	server.listen(port, '127.0.0.1');
	await once(server, 'listening');
	return {
		close: async () => {
			server.close();
			server.closeAllConnections();
			await once(server, 'close');
		},
	};
}
