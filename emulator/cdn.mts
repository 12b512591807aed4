import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

import { answer, type CallFault, type DownloadFault, type FaultStage } from './faults.mts';
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

/** One range of bytes; several at once are answered with the whole file, which HTTP allows. */
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

async function pipeBytes(
	exchange: Exchange,
	file: StoredFile,
	{ first, last }: Span,
	cut: number,
): Promise<void> {
	const { response } = exchange;
	const end = Math.min(last, first + cut - 1);
	const isWhole = end === last;
	if (exchange.call.method === 'HEAD' || last < first) return void response.end();
	if (end >= first) {
		const range = { start: first, end, highWaterMark: PIECE_BYTES };
		const bytes = createReadStream(file.location, range);
		// A client may leave in the middle of a download; that is its right.
		await pipeline(bytes, response, { end: isWhole }).catch(() => response.destroy());
	}
	if (isWhole) return;
	// What was written must be on its way before the connection breaks.
	await new Promise<void>((resolve) => response.write('', () => resolve()));
	response.destroy();
}

/**
 * Serves a file, whole or the range asked.
 * @param cut number of bytes of the body after which the connection breaks.
 */
export async function serveFile(exchange: Exchange, file: StoredFile, cut = Infinity) {
	const { size } = file;
	const asked = isSameVersion(exchange, file)
		? readRange(exchange.header('range'), size)
		: undefined;
	const headers = {
		'content-type': file.contentType,
		'accept-ranges': 'bytes',
		etag: file.etag,
		'last-modified': file.modified.toUTCString(),
	};
	if (asked === null) {
		const answered = { ...headers, 'content-range': `bytes */${size}` };
		return await exchange.send({ status: 416, headers: answered, body: '' });
	}
	const span = asked ?? { first: 0, last: size - 1 };
	exchange.begin(asked ? 206 : 200, {
		...headers,
		'content-length': String(span.last - span.first + 1),
		...(asked && { 'content-range': `bytes ${span.first}-${span.last}/${size}` }),
	});
	await pipeBytes(exchange, file, span, cut);
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
		await answer(exchange, routeFaults.next('upload'), () => uploads.receive(exchange), stage);
	}

	async #download(exchange: Exchange, file: StoredFile): Promise<void> {
		const fault: CallFault | DownloadFault | null = file.script?.next('download') ?? null;
		if (fault?.kind === 'cutDownload') return await serveFile(exchange, file, fault.afterBytes);
		if (fault?.kind === 'changedFile') {
			await this.options.files.change(file);
			return await serveFile(exchange, file);
		}
		await answer(exchange, fault, () => () => serveFile(exchange, file), this.options.stage);
	}

	#isShownKey(exchange: Exchange): boolean {
		return (
			exchange.header('authorization') !== '' || exchange.call.path.includes(this.options.apiKey)
		);
	}

	async #refuseKey(exchange: Exchange): Promise<void> {
		const told = `${exchange.call.method} ${exchange.url.pathname}`;
		this.options.journal.violation(`a key was sent to the CDN: ${told}`);
		await exchange.send(text(400, 'The CDN needs no key: never send it here.'));
	}
}
