import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

async function listen() {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	return server;
}

/** Ports of 127.0.0.1 that nobody listens on. All are held until the last is found. */
export async function freePorts(count: number): Promise<number[]> {
	const servers = await Promise.all(Array.from({ length: count }, listen));
	const ports = servers.map((server) => (server.address() as AddressInfo).port);
	await Promise.all(
		servers.map(async (server) => {
			server.close();
			await once(server, 'close');
		}),
	);
	return ports;
}
