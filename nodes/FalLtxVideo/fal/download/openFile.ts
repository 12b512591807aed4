import { backoffMs } from '../http/backoff';
import { BACKOFF } from '../http/retry';
import { FalError } from '../errors/FalError';
import {
	bytesOf,
	type FalHttp,
	type HttpResponse,
	type HttpCall,
	type Readable,
} from '../http/n8nHttp';
import { LIMITS } from '../http/limits';
import { pause } from '../http/pause';

/*
 * Rules: a file that was paid for is not given up at the first break: the download resumes where it
 * broke, or begins again. And what is passed on is the whole file as it was when it was begun, or an
 * error: never a part of it, never parts of two, and never a page about it.
 */

const DOING = 'Downloading the video';

/** A CDN that stalls is not waited for as long as a model that works. */
const SILENT_AFTER_MS = 30_000;

/** Tries in a row that bring nothing, over about half a minute. */
const TRIES_WITHOUT_BYTES = 8;

/**
 * What was read of the file is of no use, as it can't be resumed or is not what it should be: only from
 * its start can it be downloaded.
 */
export class RestartError extends Error {
	override readonly name = 'RestartError';

	/**
	 * @param failure what to say when it has begun often enough
	 * @param isLikelyToStay whether the next beginning will hardly give anything else
	 */
	constructor(
		readonly failure: FalError,
		readonly isLikelyToStay = false,
	) {
		super(failure.message);
	}
}

/** What came is not the file, or not all of it. The next response may be. */
class WrongBytesError extends FalError {}

/** A file to be downloaded. */
export interface FileSource {
	url: string;
	/** Its size in bytes as fal reports it; undefined when it doesn't. */
	size?: number;
}

/** A file that is being read. */
export interface OpenedFile {
	/** To be taken once. */
	readonly bytes: Readable;
	/** Its first bytes, fewer where the file is shorter; to be asked for before `bytes` are taken. */
	beginning(count: number): Promise<Uint8Array>;
	/** Whether it was read to its end. */
	isRead(): boolean;
	/** Ends what is left of it: a reader that failed before it began leaves the connection open. */
	close(): void;
}

/**
 * Opens a file for reading. The stream resumes where a connection breaks.
 *
 * @throws FalError when the file can't be downloaded; the signal's reason when it aborts. The stream fails
 * with the same, and with RestartError when it can't be resumed
 */
export async function openFile(
	http: FalHttp,
	source: FileSource,
	signal: AbortSignal,
	limitBytes: number = LIMITS.fileBytes,
): Promise<OpenedFile> {
	const call: HttpCall & { signal: AbortSignal } = {
		...{ doing: DOING, method: 'GET', url: source.url, signal },
	};
	const download = new Download(http, call, source.size, limitBytes);
	const first = await download.answer();
	const pieces = new Pieces(download.bytes(first));
	return {
		get bytes() {
			return asReadable(first.body, pieces);
		},
		beginning: async (count) => await pieces.beginning(count),
		isRead: () => download.isRead,
		close: () => download.close(),
	};
}

/**
 * Bytes as the kind of stream that n8n's binary store takes: of pieces, as they come. As a stream of
 * bytes it would join what it has read ahead, and copying a large file costs n8n's process more time
 * for collecting garbage than anything else about it. n8n Cloud lets no node import Node's streams,
 * so the class comes from a stream that n8n made.
 */
function asReadable(sample: Readable, bytes: AsyncIterable<Uint8Array>): Readable {
	const { from } = sample.constructor as unknown as {
		from: (bytes: AsyncIterable<Uint8Array>, options: { objectMode: boolean }) => Readable;
	};
	return from(bytes, { objectMode: true });
}

/** The pieces of a file, of which the first can be looked at before they are read. */
class Pieces implements AsyncIterable<Uint8Array> {
	private readonly looked: Uint8Array[] = [];

	constructor(private readonly rest: AsyncGenerator<Uint8Array>) {}

	async beginning(count: number): Promise<Uint8Array> {
		while (Buffer.concat(this.looked).length < count) {
			const { value, done } = await this.rest.next();
			if (done) break;
			this.looked.push(value);
		}
		return Buffer.concat(this.looked).subarray(0, count);
	}

	[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
		return this.looked.length === 0 ? this.rest : this.all();
	}

	private async *all(): AsyncGenerator<Uint8Array> {
		yield* this.looked;
		yield* this.rest;
	}
}

/** One file on its way, over as many connections as it takes. */
class Download {
	/** A strong ETag of the file as it was begun; undefined when it can't be resumed. */
	private validator?: string;

	private received = 0;

	private fruitless = 0;

	/** The response that is being read. */
	private current?: HttpResponse;

	private isClosed = false;

	/** Whether all of it was handed on. */
	isRead = false;

	constructor(
		private readonly http: FalHttp,
		private readonly call: HttpCall & { signal: AbortSignal },
		private readonly expectedBytes: number | undefined,
		private readonly limitBytes: number,
	) {}

	/** The next response, which resumes where the last one broke. */
	async answer(): Promise<HttpResponse> {
		for (;;) {
			try {
				const answer = await this.ask();
				this.current = answer;
				if (this.isClosed) this.close();
				return answer;
			} catch (error) {
				await this.pauseAfter(error);
			}
		}
	}

	async *bytes(first: HttpResponse): AsyncGenerator<Uint8Array> {
		for (let answer = first; ; answer = await this.answer()) {
			let held = Buffer.alloc(0);
			try {
				for await (const piece of bytesOf(this.call, answer, SILENT_AFTER_MS)) {
					const chunk = held.length === 0 ? piece : Buffer.concat([held, piece]);
					if (this.received === 0 && isTooShortToTell(chunk)) {
						held = Buffer.from(chunk);
						continue;
					}
					held = Buffer.alloc(0);
					if (this.received === 0 && looksLikeText(chunk)) throw notTheFile('a web page or text');
					this.received += chunk.length;
					this.fruitless = 0;
					if (this.received > this.limitBytes) throw this.tooLarge();
					// More than the whole file is not read to its end.
					if (this.received > (this.expectedBytes ?? Infinity)) this.checkEnd(answer);
					yield chunk;
				}
				if (held.length > 0) throw notTheFile('a web page or text');
				this.checkEnd(answer);
				this.isRead = true;
				return;
			} catch (error) {
				await this.pauseAfter(error);
			}
		}
	}

	close(): void {
		this.isClosed = true;
		this.current?.close();
	}

	private async ask(): Promise<HttpResponse> {
		const headers = { 'Accept-Encoding': 'identity', ...range(this.received, this.validator) };
		const answer = await this.http.withoutKey({ ...this.call, headers });
		let isAccepted = false;
		try {
			if (this.received === 0) this.validator = validatorOf(answer, this.expectedBytes);
			else checkResumed(answer, this.received, this.validator, this.expectedBytes);
			if (Number(answer.headers['content-length']) > this.limitBytes) throw this.tooLarge();
			isAccepted = true;
			return answer;
		} finally {
			if (!isAccepted) answer.close();
		}
	}

	private tooLarge(): FalError {
		const reason = `the file is larger than ${this.limitBytes} bytes`;
		return new FalError({ kind: 'unreadable', doing: DOING, reason });
	}

	/**
	 * Called when a response has ended as HTTP wants it. Its Content-Length proves nothing then: HTTP
	 * itself fails a body that is shorter, and of one that was unpacked it reports the packed length.
	 *
	 * @throws FalError for what may be better the next time; RestartError for another file
	 */
	private checkEnd({ headers }: HttpResponse): void {
		const { received, expectedBytes } = this;
		if (received === 0) throw notTheFile('an empty file');
		if (expectedBytes === undefined) return requireEnd(headers);
		if (received === expectedBytes) return;
		const reason = `fal says that the file has ${expectedBytes} bytes, but ${received} arrived`;
		const failure = new WrongBytesError({ kind: 'unreadable', doing: DOING, reason });
		const isAsServed = Number(headers['content-length']) === received;
		if (isAsServed || received > expectedBytes) throw new RestartError(failure, isAsServed);
		throw failure;
	}

	/** @throws the error when it is final, or too many tries in a row brought nothing */
	private async pauseAfter(error: unknown): Promise<void> {
		this.call.signal.throwIfAborted();
		const failure = requireTransient(error);
		if (this.isClosed || this.fruitless === TRIES_WITHOUT_BYTES) throw failure;
		if (this.received > 0 && this.validator === undefined) throw new RestartError(failure);
		await pause(backoffMs(BACKOFF.resume, this.fruitless++), this.call.signal);
	}
}

/**
 * Where fal tells no size, the response must tell where it ends: a body that ends with its connection
 * may have been cut (RFC 9112).
 *
 * @throws RestartError, as the next response may tell it
 */
function requireEnd(headers: HttpResponse['headers']): void {
	if (headers['content-length'] !== undefined || headers['transfer-encoding']) return;
	const reason = 'neither fal nor the server says how long the file is, so it may be cut';
	throw new RestartError(new FalError({ kind: 'unreadable', doing: DOING, reason }), true);
}

function range(received: number, validator: string | undefined): Record<string, string> {
	if (received === 0 || validator === undefined) return {};
	return { Range: `bytes=${received}-`, 'If-Range': validator };
}

/**
 * What a download can be resumed with: a strong ETag, as no other validator proves that the rest is of
 * the same bytes. And only where the response is as long as fal says that the file is: n8n unpacks a
 * body that was packed on its way, removes the header that said so, and leaves the packed length; no
 * place in such a body is one in the file.
 *
 * @throws FalError unless the response is the file from its start
 */
function validatorOf(answer: HttpResponse, expectedBytes: number | undefined): string | undefined {
	if (answer.status !== 200) throw refused(answer);
	const { etag, 'content-length': length, 'content-type': type = '' } = answer.headers;
	const encoding = answer.headers['content-encoding'];
	if (encoding && encoding !== 'identity') throw notTheFile(`a file packed with ${encoding}`);
	if (PAGE_TYPES.test(type)) throw notTheFile(`a response of the type ${type.split(';')[0]}`);
	const isAsSent = Number(length) === expectedBytes;
	return isAsSent && etag && !etag.startsWith('W/') ? etag : undefined;
}

/**
 * @throws RestartError when the response is not the rest of the same file, as of a server whose file
 * is another one now or who can't begin in the middle
 */
function checkResumed(
	answer: HttpResponse,
	received: number,
	validator: string | undefined,
	expectedBytes: number | undefined,
): void {
	const { status, headers } = answer;
	if (![200, 206, 416].includes(status)) throw refused(answer);
	const [, from, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers['content-range'] ?? '') ?? [];
	const isRest = status === 206 && Number(from) === received && headers.etag === validator;
	if (isRest && Number(total) === expectedBytes) return;
	const reason = 'the file changed while it was read';
	throw new RestartError(new FalError({ kind: 'unreadable', doing: DOING, reason }));
}

/** Types of pages about a file, or about why there is none. */
const PAGE_TYPES = /^\s*(text\/(html|xml)|application\/([\w.-]+\+)?(json|xml))\b/i;

/**
 * Whether a file begins as text does: a page, or an error in plain words. MP4, MOV and WebM begin with
 * a byte that no text has, and GIF with its own name.
 */
export function looksLikeText(start: Uint8Array): boolean {
	const text = latin1(start.subarray(0, 512));
	return !text.startsWith(GIF) && !hasControlCharacters(text);
}

/** What a GIF begins with. */
const GIF = 'GIF8';

/** Whether it may be the beginning of a GIF or of a text, as a response may arrive in pieces of any size. */
function isTooShortToTell(start: Uint8Array): boolean {
	return start.length < GIF.length && GIF.startsWith(latin1(start));
}

function latin1(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString('latin1');
}

/** Other than those of white space. */
function hasControlCharacters(text: string): boolean {
	return /[^\t\n\v\f\r\x20-\xff]/.test(text);
}

/** A gateway's page may be gone the next time. */
function notTheFile(what: string): FalError {
	const reason = `${what} came in its place`;
	return new WrongBytesError({ kind: 'unreadable', doing: DOING, reason });
}

function refused({ status }: HttpResponse): FalError {
	return new FalError({ kind: 'response', doing: DOING, status, detail: 'the file was refused' });
}

/** A CDN that is busy or not yet there may be better in a moment; a file that is gone stays gone. */
function requireTransient(error: unknown): FalError {
	if (!(error instanceof FalError)) throw error;
	const { kind, status = 0 } = error.fault;
	const isWrong = error instanceof WrongBytesError || kind === 'network';
	const isTransient = isWrong || status >= 500 || [404, 408, 425, 429].includes(status);
	if (!isTransient) throw error;
	return error;
}
