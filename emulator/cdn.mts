import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { brotliCompressSync, gzipSync } from 'node:zlib';

import {
	respond,
	type CallFault,
	type DownloadFault,
	type EncodedDownload,
	type FaultStage,
	isDownloadFault,
} from './faults.mts';
import type { FileStore, StoredFile } from './files.mts';
import type { Exchange, Journal } from './listener.mts';
import type { RouteFaults } from './routeFaults.mts';
import type { Uploads } from './uploads.mts';

/** First and last byte, both included. */
interface Span {
	first: number;
	last: number;
}

/** Read at once. Large, so that a large file is not held up by whoever gives it. */
const PIECE_BYTES = 1024 * 1024;

/** One range of bytes; for several at once the response is the whole file, which HTTP allows. */
const RANGE = /^bytes=(\d*)-(\d*)$/;

/** @returns null for a range outside of the file. */
function readRange(header: string, size: number): Span | null | undefined {
	const [, from, to] = RANGE.exec(header) ?? [];
	if (from === undefined || to === undefined || (!from && !to)) return undefined;
	const first = from ? Number(from) : Math.max(0, size - Number(to));
	const last = from && to ? Math.min(Number(to), size - 1) : size - 1;
	return first <= last ? { first, last } : null;
}

/** `If-Range` names the version that the client has a part of; of another one it gets the whole. */
function isSameVersion(exchange: Exchange, file: StoredFile): boolean {
	const version = exchange.header('if-range');
	return !version || version === file.etag || version === file.modified.toUTCString();
}

/** What of a file is served, and how the response differs from a good one. */
interface Serving {
	file: StoredFile;
	/** Number of bytes of the body after which the connection breaks. */
	cut?: number;
	/** The body ends with the connection, and the headers have no length. */
	isLengthHidden?: boolean;
	/** Changes to the headers; undefined takes one away. */
	headers?: Record<string, string | undefined>;
}

async function pipeBytes(
	exchange: Exchange,
	{ file, cut = Infinity, isLengthHidden = false }: Serving,
	{ first, last }: Span,
): Promise<void> {
	const { response } = exchange;
	const end = Math.min(last, first + cut - 1);
	const isWhole = end === last;
	if (exchange.call.method === 'HEAD' || last < first) return void response.end();
	if (end >= first) {
		const range = { start: first, end, highWaterMark: PIECE_BYTES };
		const bytes = createReadStream(file.location, range);
		// A client may leave in the middle of a download; that is its right.
		await pipeline(bytes, response, { end: isWhole || isLengthHidden }).catch(() =>
			response.destroy(),
		);
	}
	if (isWhole || isLengthHidden) return;
	// What was written must be on its way before the connection breaks.
	await new Promise<void>((resolve) => response.write('', () => resolve()));
	response.destroy();
}

/** The headers that distinguish one version of a file from another. */
function validatorsOf(file: StoredFile): Record<string, string> {
	const { validator } = file.script?.output ?? {};
	if (validator === 'none') return {};
	return {
		etag: validator === 'weak' ? `W/${file.etag}` : file.etag,
		'last-modified': file.modified.toUTCString(),
	};
}

/** Serves a file, whole or the range asked. */
export async function serveFile(exchange: Exchange, serving: Serving) {
	const { file, isLengthHidden } = serving;
	const { size } = file;
	const asked = isSameVersion(exchange, file)
		? readRange(exchange.header('range'), size)
		: undefined;
	const headers = {
		'content-type': file.contentType,
		'accept-ranges': 'bytes',
		...validatorsOf(file),
	};
	if (asked === null) {
		const sent = { ...headers, 'content-range': `bytes */${size}` };
		return await exchange.send({ status: 416, headers: sent, body: '' });
	}
	const span = asked ?? { first: 0, last: size - 1 };
	if (isLengthHidden) hideLength(exchange);
	const all = {
		...headers,
		...(!isLengthHidden && { 'content-length': String(span.last - span.first + 1) }),
		...(asked && { 'content-range': `bytes ${span.first}-${span.last}/${size}` }),
		...serving.headers,
	};
	const kept = Object.entries(all).filter((entry): entry is [string, string] => Boolean(entry[1]));
	exchange.begin(asked ? 206 : 200, Object.fromEntries(kept));
	await pipeBytes(exchange, serving, span);
}

/** As HTTP/1.0 had it: the body ends where the connection does. */
function hideLength({ response }: Exchange): void {
	response.useChunkedEncodingByDefault = false;
	response.shouldKeepAlive = false;
}

const PACK = { gzip: gzipSync, br: brotliCompressSync };

async function serveEncoded(
	exchange: Exchange,
	file: StoredFile,
	{ encoding, afterBytes = Infinity }: EncodedDownload,
): Promise<void> {
	const packed = PACK[encoding](await readFile(file.location));
	exchange.begin(200, {
		'content-type': file.contentType,
		'content-encoding': encoding,
		'content-length': String(packed.length),
		...validatorsOf(file),
	});
	if (afterBytes >= packed.length) return void exchange.response.end(packed);
	const { response } = exchange;
	await new Promise<void>((resolve) =>
		response.write(packed.subarray(0, afterBytes), () => resolve()),
	);
	response.destroy();
}

const text = (status: number, body: string) => ({
	status,
	headers: { 'content-type': 'text/plain' },
	body,
});

export interface CdnOptions {
	apiKey: string;
	files: FileStore;
	uploads: Uploads;
	routeFaults: RouteFaults;
	journal: Journal;
	stage: FaultStage;
}

/** The CDN's routes (fal.media): files, and the places to which storage lets upload. */
export class Cdn {
	constructor(readonly options: CdnOptions) {}

	async handle(exchange: Exchange): Promise<void> {
		if (this.#isShownKey(exchange)) return await this.#refuseKey(exchange);
		const { pathname } = exchange.url;
		if (pathname.startsWith('/uploads/')) return await this.#upload(exchange);
		const file = this.options.files.find(pathname);
		if (!file) return await exchange.send(text(404, 'Not found'));
		if (exchange.call.method !== 'GET' && exchange.call.method !== 'HEAD')
			return await exchange.send(text(405, 'Method not allowed'));
		await this.#download(exchange, file);
	}

	async #upload(exchange: Exchange): Promise<void> {
		const { uploads, routeFaults, stage } = this.options;
		await respond(exchange, routeFaults.next('upload'), () => uploads.receive(exchange), stage);
	}

	async #download(exchange: Exchange, file: StoredFile): Promise<void> {
		const fault: CallFault | DownloadFault | null = file.script?.next('download') ?? null;
		if (isDownloadFault(fault)) return await this.#faulty(exchange, file, fault);
		const act = () => () => serveFile(exchange, { file });
		await respond(exchange, fault, act, this.options.stage);
	}

	async #faulty(exchange: Exchange, file: StoredFile, fault: DownloadFault): Promise<void> {
		switch (fault.kind) {
			case 'cutDownload':
				return await serveFile(exchange, { file, cut: fault.afterBytes });
			case 'noLength':
				return await serveFile(exchange, { file, cut: fault.afterBytes, isLengthHidden: true });
			case 'emptyFile':
				return await exchange.send({
					status: 200,
					headers: { 'content-type': file.contentType },
					body: '',
				});
			case 'encoded':
				return await serveEncoded(exchange, file, fault);
			case 'otherTotal': {
				const range = exchange.header('range').replace('bytes=', 'bytes ');
				const headers = { 'content-range': `${range}${file.size}/${file.size + 1}` };
				return await serveFile(exchange, { file, headers });
			}
			case 'otherVersion': {
				// The range is given as if the version were the one that was asked for.
				const { etag: asked } = file;
				await this.options.files.change(file);
				const other = { ...file, etag: asked };
				const etag = fault.etag === 'other' ? file.etag : undefined;
				return await serveFile(exchange, { file: other, headers: { etag } });
			}
			case 'changedFile':
				await this.options.files.change(file);
				return await serveFile(exchange, { file });
		}
	}

	#isShownKey(exchange: Exchange): boolean {
		return (
			exchange.header('authorization') !== '' || exchange.call.path.includes(this.options.apiKey)
		);
	}

	async #refuseKey(exchange: Exchange): Promise<void> {
		const call = `${exchange.call.method} ${exchange.url.pathname}`;
		this.options.journal.violation(`a key was sent to the CDN: ${call}`);
		await exchange.send(text(400, 'The CDN needs no key: never send it here.'));
	}
}
