import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Wire } from '../../../scripts/live/wire.mts';

/* What stands between n8n and fal passes everything on unchanged, and keeps what was said. */

let server: Server;
let wire: Wire;
let respond: RequestListener;

beforeEach(async () => {
	server = createServer((request, response) => respond(request, response));
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	wire = await Wire.open({ queue: origin, rest: origin, platform: `${origin}/v1` });
});

afterEach(async () => {
	await wire.close();
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
});

test('a call arrives as it was sent, for the host that it is passed on to', async () => {
	let seen = {};
	respond = ({ method, url, headers }, response) => {
		seen = { method, url, host: headers.host, authorization: headers.authorization };
		response.writeHead(422, { 'x-fal-billable-units': '0' }).end('{"detail":[]}');
	};
	const headers = { authorization: 'Key id:secret' };
	const response = await fetch(`${wire.hosts.platform}/models/pricing?endpoint_id=a`, { headers });
	expect([response.status, await response.text()]).toEqual([422, '{"detail":[]}']);
	const { port } = server.address() as AddressInfo;
	expect(seen).toEqual({
		...{ method: 'GET', url: '/v1/models/pricing?endpoint_id=a', host: `127.0.0.1:${port}` },
		...headers,
	});
	const [exchange] = wire.to('platform', '/models/pricing', 'GET');
	expect(exchange).toMatchObject({ status: 422, body: '{"detail":[]}' });
	expect(exchange!.headers['x-fal-billable-units']).toBe('0');
	expect(JSON.stringify(exchange)).not.toContain('secret');
});

test('a packed body is kept unpacked', async () => {
	respond = (request, response) => {
		request.resume();
		response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"a":1}'));
	};
	const response = await fetch(`${wire.hosts.queue}/a`, { method: 'POST', body: '{"b":2}' });
	expect(await response.json()).toEqual({ a: 1 });
	expect(wire.to('queue', '/a')).toMatchObject([{ sent: '{"b":2}', body: '{"a":1}' }]);
});

test('a stream is passed on piece by piece, and ended with its reader', async () => {
	let isLeft: Promise<unknown> | undefined;
	respond = (_request, response) => {
		isLeft = new Promise((resolve) => response.once('close', resolve));
		response.writeHead(200, { 'content-type': 'text/event-stream' });
		response.write('data: {"status":"IN_QUEUE"}\n\n');
	};
	const leave = new AbortController();
	const response = await fetch(`${wire.hosts.queue}/stream`, { signal: leave.signal });
	const { value } = await response.body!.getReader().read();
	expect(Buffer.from(value!).toString()).toContain('IN_QUEUE');
	leave.abort();
	await isLeft;
	expect(wire.to('queue', '/stream')[0]!.pieces[0]!.text).toContain('IN_QUEUE');
});

test('a connection that breaks at fal breaks here', async () => {
	respond = (request) => request.socket.destroy();
	await expect(fetch(`${wire.hosts.rest}/upload`)).rejects.toThrow();
	expect(wire.to('rest', '/upload')).toMatchObject([{ status: 0, body: '' }]);
});
