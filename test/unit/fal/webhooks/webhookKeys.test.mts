import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Readable as NodeReadable } from 'node:stream';
import { FAL_HOSTS } from '../../../../nodes/FalLtxVideo/fal/hosts';
import type { FalHttp, Readable } from '../../../../nodes/FalLtxVideo/fal/http/n8nHttp';
import { webhookKeys } from '../../../../nodes/FalLtxVideo/fal/webhooks/webhookKeys';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const jwk = () => generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });

let server: Server;
let rest: string;
let asked: number;
let scripted: { status: number; body: string };

beforeEach(async () => {
	asked = 0;
	server = createServer((_request, response) => {
		asked++;
		response.writeHead(scripted.status).end(scripted.body);
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	rest = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
	server.close();
	await once(server, 'close');
});

/** Calls without n8n, and with the means to prove that no key goes along. */
const http: FalHttp = {
	withKey: () => {
		throw new Error('The key was sent');
	},
	async withoutKey({ url }) {
		const { status, body } = await fetch(url);
		const stream = NodeReadable.fromWeb(body as never) as Readable;
		return { status, headers: {}, body: stream, close: () => void stream.destroy() };
	},
};

const keysAt = (now: number) => webhookKeys(http, { ...FAL_HOSTS, rest }, () => now);

test('are asked for once a day, without the key', async () => {
	const key = jwk();
	scripted = { status: 200, body: JSON.stringify({ keys: [key, { kty: 'RSA', n: 'x' }] }) };
	expect(await keysAt(0).current()).toEqual([expect.objectContaining({ x: key.x })]);
	await keysAt(DAY - 1).current();
	expect(asked).toBe(1);
	await keysAt(DAY).current();
	expect(asked).toBe(2);
});

test('are no more than can be tried for each webhook', async () => {
	const keys = Array(4_000).fill({ x: jwk().x }) as object[];
	scripted = { status: 200, body: JSON.stringify({ keys }) };
	expect(await keysAt(0).current()).toHaveLength(50);
});

test('are fetched again at most once a minute, however many signatures are wrong', async () => {
	scripted = { status: 200, body: JSON.stringify({ keys: [jwk()] }) };
	await keysAt(0).current();
	scripted = { status: 200, body: JSON.stringify({ keys: [jwk(), jwk()] }) };
	expect(await keysAt(MINUTE - 1).renewed()).toHaveLength(1);
	expect(await keysAt(MINUTE).renewed()).toHaveLength(2);
	await keysAt(2 * MINUTE - 1).renewed();
	expect(asked).toBe(2);
});

test('are asked for once by calls that come at the same time', async () => {
	scripted = { status: 200, body: JSON.stringify({ keys: [jwk()] }) };
	await Promise.all(Array.from({ length: 20 }, async () => await keysAt(0).current()));
	expect(asked).toBe(1);
	scripted = { status: 200, body: JSON.stringify({ keys: [jwk(), jwk()] }) };
	const renewed = Array.from({ length: 20 }, async () => await keysAt(MINUTE).renewed());
	for (const keys of await Promise.all(renewed)) expect(keys).toHaveLength(2);
	expect(asked).toBe(2);
});

test('are not asked for again and again while fal does not give them', async () => {
	scripted = { status: 200, body: JSON.stringify({ keys: [jwk()] }) };
	await keysAt(0).current();
	scripted = { status: 500, body: '' };
	await expect(keysAt(MINUTE).renewed()).rejects.toThrow("Fetching fal's webhook keys failed");
	expect(await keysAt(2 * MINUTE - 1).renewed()).toHaveLength(1);
	expect(asked).toBe(2);
});

test.each([
	[500, '{"keys":[]}'],
	[200, '<html>'],
	[200, '{"keys":[]}'],
	[200, '{"keys":[{"kty":"OKP","x":"short"}]}'],
	[200, 'null'],
])(
	'are an error for half a minute, and asked for once in it, when fal responds with %d %s',
	async (status, body) => {
		scripted = { status, body };
		const failing = async (now: number) =>
			await expect(keysAt(now).current()).rejects.toThrow("Fetching fal's webhook keys failed");
		await failing(0);
		scripted = { status: 200, body: JSON.stringify({ keys: [jwk()] }) };
		await failing(1);
		await expect(keysAt(29_999).renewed()).rejects.toThrow("Fetching fal's webhook keys failed");
		expect(asked).toBe(1);
		expect(await keysAt(30_000).current()).toHaveLength(1);
	},
);
