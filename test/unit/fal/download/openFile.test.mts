import { Readable } from 'node:stream';
import { openFile } from '../../../../nodes/FalLtxVideo/fal/download/openFile';
import type { FalHttp, HttpResponse } from '../../../../nodes/FalLtxVideo/fal/http/n8nHttp';

/* What a file begins with may arrive in pieces of any size. */

const source = { url: 'https://v3b.fal.media/files/b/x/clip' };

/** Gives one response after the other, each in pieces of one byte. */
function serving(...bodies: string[]): FalHttp {
	const responses = bodies.map((text): HttpResponse => {
		const body = Readable.from([...text].map((byte) => Buffer.from(byte, 'latin1')));
		const headers = { 'content-length': String(text.length), 'content-type': 'text/plain' };
		return { status: 200, headers, body, close: () => void body.destroy() };
	});
	return {
		withKey: async () => await Promise.reject(new Error('a file needs no key')),
		withoutKey: async () => await Promise.resolve(responses.shift()!),
	};
}

async function read(http: FalHttp): Promise<string> {
	const { bytes } = await openFile(http, source, new AbortController().signal);
	const pieces: Uint8Array[] = [];
	for await (const piece of bytes as AsyncIterable<Uint8Array>) pieces.push(piece);
	return Buffer.concat(pieces).toString('latin1');
}

test.each(['Gateway error', 'GIF', 'G', 'Not found'])(
	'the text `%s` is no GIF, however it arrives',
	async (text) => {
		expect(await read(serving(text, 'GIF89a of a fox'))).toBe('GIF89a of a fox');
	},
);

test.each([0, 1, 12, 1000])(
	'the first %d bytes can be looked at, and are read again',
	async (count) => {
		const file = '\0\0\0\x20ftypmp42 and so on';
		const opened = await openFile(serving(file), source, new AbortController().signal);
		const start = await opened.beginning(count);
		expect(Buffer.from(start).toString('latin1')).toBe(file.slice(0, count));
		const pieces: Uint8Array[] = [];
		for await (const piece of opened.bytes as AsyncIterable<Uint8Array>) pieces.push(piece);
		expect(Buffer.concat(pieces).toString('latin1')).toBe(file);
		expect(opened.isRead()).toBe(true);
	},
);

test.each(['GIF89a', 'GIF8', '\0\0\0\x20ftypmp42', '\0'])(
	'the file %j arrives byte by byte',
	async (file) => {
		expect(await read(serving(file))).toBe(file);
	},
);
