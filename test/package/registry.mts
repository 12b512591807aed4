import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A registry on this machine that responds as a test says, and 404 to all else. */
export interface Registry {
	address: string;
	close(): void;
}

/** Responds to a request and says so, or leaves it. */
export type Respond = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/** Opens a registry on a free port of 127.0.0.1. */
export async function openRegistry(respond: Respond): Promise<Registry> {
	const server = createServer((request, response) => {
		void respond(request, response).then((responded) => {
			if (!responded) response.writeHead(404).end('{}');
		});
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	return {
		address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		close() {
			server.closeAllConnections();
			server.close();
		},
	};
}
