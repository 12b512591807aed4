import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';

/** A host that is not fal's. */
export interface OtherHost {
	origin: string;
	close(): Promise<void>;
}

const CONTENT_TYPES: Record<string, string> = {
	'.png': 'image/png',
	'.wav': 'audio/wav',
	'.mp4': 'video/mp4',
};

/** Of a file by its name, and of all that is not a file. */
const contentTypeOf = (url: string, isFile: boolean) =>
	isFile ? (CONTENT_TYPES[extname(url)] ?? 'application/octet-stream') : 'application/json';

/** A host on this machine that responds as the test says: with a file, or with JSON. */
export async function startHost(
	answer: (path: string, method: string, headers: Record<string, unknown>) => Buffer | object,
): Promise<OtherHost> {
	const server = createServer((request, response) => {
		request.resume();
		const { url = '', method = '', headers } = request;
		const given = answer(url, method, headers);
		const isFile = Buffer.isBuffer(given);
		const body = isFile ? given : Buffer.from(JSON.stringify(given));
		response.writeHead(200, {
			'content-type': contentTypeOf(url, isFile),
			'content-length': body.length,
		});
		response.end(body);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		origin: `http://127.0.0.1:${port}`,
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
