import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { FalError } from '../errors/FalError';
import { RETRY, retry } from '../http/retry';
import type { FalHttp } from '../http/n8nHttp';
import { DATA_URI, isDataUri } from './dataUri';
import {
	BEGINNING_BYTES,
	describeFile,
	extensionOfBytes,
	type FalFile,
	type OwnName,
	saidExtension,
} from './fileName';
import { RestartError, type FileSource, looksLikeText, openFile } from './openFile';

/*
 * Rules: the file flows from fal's CDN into n8n's binary store without being held in memory, and
 * the key is never sent to the CDN.
 */

/** n8n's binary store, as the contexts offer it. */
export type BinaryStore = Pick<IExecuteFunctions['helpers'], 'prepareBinaryData'>;

/** How often a download starts where the server itself says that this is the whole file. */
const STARTS_IF_LIKELY_TO_STAY = 3;

/**
 * Stores a file of fal's as n8n binary data.
 *
 * @throws FalError when the address is of no kind that holds a file, or the whole file can't be downloaded;
 * n8n's error when its store doesn't take it; the signal's reason when it aborts
 */
export async function storeFile(
	{ http, store }: { http: FalHttp; store: BinaryStore },
	file: FalFile,
	ownName: OwnName,
	signal: AbortSignal,
): Promise<IBinaryData> {
	if (!isDataUri(file.url) && !isWebAddress(file.url)) throw unreadable(NO_ADDRESS);
	const size = sizeOf(file);
	const said = saidExtension(file);
	if (isDataUri(file.url)) {
		const bytes = decoded(file.url, size);
		const extension = said ?? extensionOfBytes(bytes.subarray(0, BEGINNING_BYTES));
		const { name, mime } = describeFile(file, ownName, extension);
		return await store.prepareBinaryData(bytes, name, mime);
	}
	const source: FileSource = { url: file.url, size };
	const download = async () => {
		const opened = await openFile(http, source, signal);
		try {
			const extension = said ?? extensionOfBytes(await opened.beginning(BEGINNING_BYTES));
			const { name, mime } = describeFile(file, ownName, extension);
			const stored = await store.prepareBinaryData(opened.bytes, name, mime);
			if (opened.isRead()) return stored;
			throw unreadable("n8n's binary store did not read it to its end");
		} finally {
			opened.close();
		}
	};
	const options = { signal, isTransient: mayStartAgain };
	return await retry(RETRY.download, options, download).catch((error: unknown) => {
		throw explained(error);
	});
}

function mayStartAgain(error: unknown, attempt: number): boolean {
	if (!(error instanceof RestartError)) return false;
	return !error.isLikelyToStay || attempt < STARTS_IF_LIKELY_TO_STAY - 1;
}

function explained(error: unknown): unknown {
	if (error instanceof RestartError) return error.failure;
	// n8n's own errors name the setting that would help, but for this one.
	const isTooLong = (error as { code?: unknown }).code === 'ERR_STRING_TOO_LONG';
	return isTooLong ? new TooLargeForMemory() : error;
}

/** The size in bytes, where fal reports a possible one. */
function sizeOf({ file_size: size }: FalFile): number | undefined {
	return Number.isSafeInteger(size) && Number(size) > 0 ? Number(size) : undefined;
}

/** In its memory mode n8n makes one string of a file, and JavaScript has a longest one. */
class TooLargeForMemory extends Error {
	override readonly name = 'TooLargeForMemory';

	constructor() {
		super(
			'The file is too large for this n8n, which keeps files in memory. Set N8N_DEFAULT_BINARY_DATA_MODE to filesystem',
		);
	}
}

/** An address that leads to no file: neither http(s) nor a data URI that can be read. */
const NO_ADDRESS = 'its address is neither http(s) nor a data URI';

function unreadable(reason: string): FalError {
	return new FalError({ kind: 'unreadable', doing: 'Downloading the video', reason });
}

function isWebAddress(url: string): boolean {
	return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

/** @param size as fal tells it: base64 that was cut is base64 all the same */
function decoded(url: string, size: number | undefined): Buffer {
	const head = DATA_URI.exec(url);
	if (!head) throw unreadable(NO_ADDRESS);
	const data = url.slice(head[0].length);
	const bytes = head[2] ? fromBase64(data) : Buffer.from(percentDecoded(data));
	if (bytes.length === 0) throw unreadable('an empty file came in its place');
	if (looksLikeText(bytes)) throw unreadable('a web page or text came in its place');
	if (size !== undefined && bytes.length !== size) {
		throw unreadable(`fal says that the file has ${size} bytes, but ${bytes.length} arrived`);
	}
	return bytes;
}

/** Node leaves out what is no base64, and all that follows an end: it shows in the number of bytes. */
function fromBase64(data: string): Buffer {
	const text = /[%\s]/.test(data) ? percentDecoded(data).replace(/\s+/g, '') : data;
	const bytes = Buffer.from(text, 'base64');
	const padding = /={0,2}$/.exec(text.slice(-2))![0].length;
	const characters = text.length - padding;
	if (characters % 4 !== 1 && bytes.length === Math.floor((characters * 3) / 4)) return bytes;
	throw unreadable('not all of it is base64');
}

function percentDecoded(data: string): string {
	try {
		return decodeURIComponent(data);
	} catch {
		throw unreadable(NO_ADDRESS);
	}
}
