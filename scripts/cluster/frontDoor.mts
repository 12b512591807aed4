import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';

/** What stands before the main process. */
export interface FrontDoor {
	close(): Promise<void>;
}

async function isReady(port: number): Promise<boolean> {
	const answer = await fetch(`http://127.0.0.1:${port}/healthz/readiness`).catch(() => undefined);
	await answer?.arrayBuffer();
	return answer?.ok === true;
}

function forward(call: IncomingMessage, answer: ServerResponse, port: number): void {
	const { url: path, method, headers } = call;
	const onward = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
		answer.writeHead(response.statusCode ?? 502, response.headers);
		response.pipe(answer);
	});
	onward.on('error', () => {
		if (!answer.headersSent) answer.writeHead(502);
		answer.end();
	});
	call.pipe(onward);
}

/**
 * A proxy that asks n8n whether it is ready, as every proxy of a good installation does. While n8n
 * starts, it answers 200 to whatever it is asked, for a moment between its connection to the database
 * and the end of its migrations (measured): a callback of fal's would be taken for delivered.
 *
 * @param port where people, and fal, reach n8n
 * @param mainPort where n8n listens
 */
export async function openFrontDoor(port: number, mainPort: number): Promise<FrontDoor> {
	const server = createServer((call, answer) => {
		void isReady(mainPort).then((ready) => {
			if (ready) forward(call, answer, mainPort);
			else answer.writeHead(503).end();
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
