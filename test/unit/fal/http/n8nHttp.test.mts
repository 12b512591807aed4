import { Readable } from 'node:stream';
import {
	bytesOf,
	failure,
	type FalHttp,
	readText,
} from '../../../../nodes/FalLtxVideo/fal/http/n8nHttp';
import { openFile } from '../../../../nodes/FalLtxVideo/fal/download/openFile';

/* Responses that never end, in one way or the other. */

const call = { doing: 'Asking', method: 'GET', url: 'http://127.0.0.1/' };

const responseOf = (body: Readable) => ({ body, close: () => void body.destroy() });

async function* endless() {
	for (;;) yield await Promise.resolve(Buffer.alloc(1000));
}

async function* thenSilent() {
	yield await Promise.resolve(Buffer.from('one'));
	await new Promise(() => undefined);
}

async function drain(bytes: AsyncIterable<Uint8Array>): Promise<string> {
	let text = '';
	for await (const chunk of bytes) text += Buffer.from(chunk).toString();
	return text;
}

test('a body is read whole', async () => {
	const body = Readable.from([Buffer.from('{"a"'), Buffer.from(':1}')]);
	expect(await readText(call, responseOf(body), { bytes: 100, withinMs: 1000 })).toBe('{"a":1}');
});

test('a body without end is aborted, and its connection closed', async () => {
	const body = Readable.from(endless());
	await expect(
		readText(call, responseOf(body), { bytes: 10_000, withinMs: 1000 }),
	).rejects.toMatchObject({
		fault: { kind: 'unreadable', reason: 'larger than 10000 bytes' },
	});
	expect(body.destroyed).toBe(true);
});

test('a body that falls silent is aborted, and its connection closed', async () => {
	const body = Readable.from(thenSilent());
	await expect(drain(bytesOf(call, responseOf(body), 50))).rejects.toMatchObject({
		fault: { kind: 'network', reason: 'nothing came for 0.05 s' },
	});
	expect(body.destroyed).toBe(true);
});

test.each([
	['as n8n wraps it', { message: 'wrapped', cause: { message: 'refused', code: 'ECONNREFUSED' } }],
	[
		'as n8n 2.8 replaces it',
		{
			message: 'The service refused the connection - perhaps it is offline',
			messages: ['connect ECONNREFUSED 127.0.0.1:1'],
		},
	],
])('the code of a network failure is found, %s', (_how, error) => {
	expect(failure(call, error)).toMatchObject({ fault: { reason: 'ECONNREFUSED' } });
});

describe('a file', () => {
	const served = (headers: Record<string, string>, body: () => Readable): FalHttp => ({
		withKey: async () => await Promise.reject(new Error('the key is not for files')),
		withoutKey: async () => await Promise.resolve({ status: 200, headers, ...responseOf(body()) }),
	});
	const open = async (http: FalHttp) =>
		await openFile(http, { url: 'http://127.0.0.1/a.mp4' }, new AbortController().signal, 10_000);
	const tooLarge = { fault: { reason: 'the file is larger than 10000 bytes' } };

	test('of an absurd size is not begun', async () => {
		const http = served({ 'content-length': '99999999999999' }, () => Readable.from(endless()));
		await expect(open(http)).rejects.toMatchObject(tooLarge);
	});

	test('without end is aborted', async () => {
		const file = await open(served({}, () => Readable.from(endless())));
		await expect(drain(file.bytes)).rejects.toMatchObject(tooLarge);
	});
});
