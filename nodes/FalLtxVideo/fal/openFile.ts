import type { Pace } from './backoff';
import { waitMs } from './backoff';
import { FalError } from './FalError';
import type { FalHttp, HttpAnswer, HttpCall, Readable } from './http';
import { bytesOf } from './http';
import { pause } from './pause';

/*
 * Rules: a file that was paid for is not given up at the first break: it goes on where it broke.
 * And what is passed on is the whole file as it was when it was begun, or an error: never a part of
 * it, and never parts of two.
 */

const DOING = 'Downloading the video';

/** A CDN that stalls is not waited for as long as a model that works. */
const SILENT_AFTER_MS = 30_000;

/** Tries in a row that bring nothing, over about half a minute. */
const FRUITLESS_TRIES = 8;

/** Many times the largest video of any endpoint: whatever is larger would only fill the disk. */
const LIMIT_BYTES = 32 * 1024 ** 3;

const PACE: Pace = { firstMs: 250, factor: 2, longestMs: 8_000 };

/** The file is another one than when it was begun, so what was read of it is of no use. */
export class FileChangedError extends Error {
	override readonly name = 'FileChangedError';
}

/** What tells that a file is still the same, and whole. */
interface FileState {
	/** `If-Range`'s value; undefined when the server gave none that proves anything. */
	validator?: string;
	/** Bytes of the whole file; undefined when the server didn't say. */
	size?: number;
}

/**
 * Opens a file for reading. The stream goes on where a connection breaks.
 *
 * @throws FalError when the file can't be had; the signal's reason when it aborts. The stream fails
 * with the same, and with FileChangedError when the file changed on the way
 */
export async function openFile(
	http: FalHttp,
	url: string,
	signal: AbortSignal,
	limitBytes = LIMIT_BYTES,
): Promise<Readable> {
	const download = new Download(http, { doing: DOING, method: 'GET', url, signal }, limitBytes);
	const first = await download.answer();
	return asReadable(first.body, download.bytes(first));
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

/** One file on its way, over as many connections as it takes. */
class Download {
	private state: FileState = {};

	private received = 0;

	private fruitless = 0;

	constructor(
		private readonly http: FalHttp,
		private readonly call: HttpCall & { signal: AbortSignal },
		private readonly limitBytes: number,
	) {}

	/** The next answer that goes on where the last one broke. */
	async answer(): Promise<HttpAnswer> {
		for (;;) {
			try {
				return await this.ask();
			} catch (error) {
				await this.endure(error);
			}
		}
	}

	async *bytes(first: HttpAnswer): AsyncGenerator<Uint8Array> {
		for (let answer = first; ; answer = await this.answer()) {
			try {
				for await (const chunk of bytesOf(this.call, answer.body, SILENT_AFTER_MS)) {
					this.received += chunk.length;
					this.fruitless = 0;
					if (this.received > this.limitBytes) throw this.tooLarge();
					yield chunk;
				}
				if (this.isWhole()) return;
			} catch (error) {
				await this.endure(error);
			}
		}
	}

	private async ask(): Promise<HttpAnswer> {
		const headers = range(this.received, this.state);
		const answer = await this.http.withoutKey({ ...this.call, headers });
		if (this.received === 0) this.state = begun(answer);
		else continues(answer, this.received);
		if ((this.state.size ?? 0) <= this.limitBytes) return answer;
		answer.body.destroy();
		throw this.tooLarge();
	}

	private tooLarge(): FalError {
		const reason = `the file is larger than ${this.limitBytes} bytes`;
		return new FalError({ kind: 'unreadable', doing: DOING, reason });
	}

	private isWhole(): boolean {
		const { size } = this.state;
		if (size !== undefined && this.received > size) throw new FileChangedError();
		return size === undefined || this.received === size;
	}

	/** @throws the error when it won't pass, or too many tries in a row brought nothing */
	private async endure(error: unknown): Promise<void> {
		this.call.signal.throwIfAborted();
		if (!mayPass(error) || this.fruitless === FRUITLESS_TRIES) throw error;
		await pause(waitMs(PACE, this.fruitless++), this.call.signal);
	}
}

function range(received: number, { validator }: FileState): Record<string, string> {
	if (received === 0) return {};
	return { Range: `bytes=${received}-`, ...(validator ? { 'If-Range': validator } : {}) };
}

/** @throws FalError unless the answer is the file from its start */
function begun(answer: HttpAnswer): FileState {
	if (answer.status !== 200) throw refused(answer);
	const { etag, 'last-modified': modified, 'content-length': length } = answer.headers;
	const encoded = Boolean(answer.headers['content-encoding']);
	return {
		validator: etag && !etag.startsWith('W/') ? etag : modified,
		size: length && !encoded ? Number(length) : undefined,
	};
}

/**
 * @throws FileChangedError when the answer begins elsewhere, as a server does whose file is another
 * one now or who can't begin in the middle
 */
function continues(answer: HttpAnswer, received: number): void {
	if (answer.status === 206) {
		const from = /^bytes (\d+)-/.exec(answer.headers['content-range'] ?? '')?.[1];
		if (Number(from) === received) return;
	}
	answer.body.destroy();
	if (answer.status === 200 || answer.status === 206 || answer.status === 416) {
		throw new FileChangedError();
	}
	throw refused(answer);
}

function refused({ status, body }: HttpAnswer): FalError {
	body.destroy();
	return new FalError({ kind: 'answer', doing: DOING, status, detail: 'the file was refused' });
}

/** A CDN that is busy or not yet there may be better in a moment; a file that is gone stays gone. */
function mayPass(error: unknown): boolean {
	if (!(error instanceof FalError)) return false;
	const { kind, status = 0 } = error.fault;
	return kind === 'network' || status >= 500 || [404, 408, 425, 429].includes(status);
}
