import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { startEngine, type Engine } from './engine.mts';
import { useScene, videoParameters } from './scene.mts';

/*
 * A submit that fails before it is sent can't have been accepted: the error says so at once, with no search
 * and no warning of a bill. One that fails afterwards may have been.
 */

let engine: Engine;
const scene = useScene();
let proxy: Server;
let refusal = '';

const listen = async <S extends Server>(server: S): Promise<S> => {
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return server;
};
const portOf = (server: Server) => (server.address() as AddressInfo).port;
const close = async (server: Server) => await new Promise((resolve) => server.close(resolve));

beforeAll(async () => {
	// Refuses every tunnel, as a company's proxy does.
	proxy = await listen(
		createTcpServer((socket) => {
			socket.once('data', () => socket.end(refusal));
			socket.on('error', () => undefined);
		}),
	);
	process.env.HTTPS_PROXY = `http://127.0.0.1:${portOf(proxy)}`;
	process.env.NO_PROXY = '127.0.0.1';
	engine = await startEngine('filesystem');
});

afterAll(async () => {
	delete process.env.HTTPS_PROXY;
	delete process.env.NO_PROXY;
	await close(proxy);
});

const generateAt = async (queueUrl: string) =>
	await engine.run({
		parameters: videoParameters(),
		credential: { ...scene.credential, queueUrl },
	});

const listings = () => scene.fal.calls.filter(({ path }) => path.includes('by-endpoint'));

async function expectNotSent(queueUrl: string): Promise<string> {
	const startedAt = Date.now();
	const { error } = await generateAt(queueUrl);
	expect(Date.now() - startedAt).toBeLessThan(5_000);
	expect(error!.message).toMatch(/^Submitting the request failed/);
	const text = `${error!.message} ${error!.description}`;
	expect(text).not.toContain('may have accepted');
	expect(listings()).toHaveLength(0);
	return text;
}

test('no TLS where https is asked for', async () => {
	const server = await listen(createServer((_request, response) => response.end()));
	await expectNotSent(`https://127.0.0.1:${portOf(server)}`);
	await close(server);
});

test('a connection that breaks in the handshake', async () => {
	const server = await listen(createTcpServer((socket) => void socket.destroy()));
	await expectNotSent(`https://127.0.0.1:${portOf(server)}`);
	await close(server);
});

test('a port without a listener', async () => {
	const server = await listen(createTcpServer());
	const url = `http://127.0.0.1:${portOf(server)}`;
	await close(server);
	expect(await expectNotSent(url)).toContain('ECONNREFUSED');
});

test.each(['403 Forbidden', '407 Proxy Authentication Required'])(
	'a proxy that responds to CONNECT with %s',
	async (status) => {
		refusal = `HTTP/1.1 ${status}\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>`;
		await expectNotSent('https://queue.fal.example');
	},
);

test('a connection that breaks after the request was sent is another matter', async () => {
	const server = await listen(
		createTcpServer((socket) => {
			socket.on('error', () => undefined);
			socket.once('data', () => socket.destroy());
		}),
	);
	const { error } = await engine.run({
		parameters: videoParameters({ options: { timeoutSeconds: 1 } }),
		credential: { ...scene.credential, queueUrl: `http://127.0.0.1:${portOf(server)}` },
	});
	expect(error!.message).toContain('fal may have accepted the request');
	await close(server);
});
