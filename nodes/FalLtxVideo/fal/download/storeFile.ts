import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { FalError } from '../errors/FalError';
import { RETRY, retry } from '../http/retry';
import type { FalHttp } from '../http/n8nHttp';
import { RestartError, type FileSource, looksLikeText, openFile } from './openFile';

/*
 * Rules: the file flows from fal's CDN into n8n's binary store without being held in memory, and
 * the key is never sent to the CDN. Its name and type come from outside and end up in file systems,
 * headers and pages: what is handed on is a plain name and a type of a video, whatever a server says.
 */

/** What fal says of a file. Only the address is sure. */
export interface FalFile {
	url: string;
	/** In bytes. */
	file_size?: unknown;
	content_type?: unknown;
	file_name?: unknown;
}

/** n8n's binary store, as the contexts offer it. */
export type BinaryStore = Pick<IExecuteFunctions['helpers'], 'prepareBinaryData'>;

/** The file types that LTX endpoints make (`video_output_type`). */
const MIME_BY_EXTENSION: Record<string, string> = {
	mp4: 'video/mp4',
	webm: 'video/webm',
	mov: 'video/quicktime',
	gif: 'image/gif',
};

const LONGEST_NAME = 100;

const DATA_URI = /^data:([^;,]*)(?:;[^;,]+)*?(;base64)?,/i;

/** How often a download starts where the server itself says that this is the whole file. */
const STARTS_IF_LIKELY_TO_STAY = 3;

/** Whether fal put the file itself where its address should be (`sync_mode`). */
export function isDataUri(url: string): boolean {
	return /^data:/i.test(url);
}

/**
 * Stores a file of fal's as n8n binary data.
 *
 * @param fallbackName used where fal names no file: without an extension, which the type gives
 * @throws FalError when the address is of no kind that holds a file, or the whole file can't be downloaded;
 * n8n's error when its store doesn't take it; the signal's reason when it aborts
 */
export async function storeFile(
	{ http, store }: { http: FalHttp; store: BinaryStore },
	file: FalFile,
	fallbackName: string,
	signal: AbortSignal,
): Promise<IBinaryData> {
	if (!isDataUri(file.url) && !isWebAddress(file.url)) throw unreadable(NO_ADDRESS);
	const { name, mime } = describeFile(file, fallbackName);
	const size = sizeOf(file);
	if (isDataUri(file.url)) {
		return await store.prepareBinaryData(decoded(file.url, size), name, mime);
	}
	const source: FileSource = { url: file.url, size };
	const download = async () => {
		const opened = await openFile(http, source, signal);
		try {
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

/**
 * A name with its extension and a type, from whatever fal said; n8n must be given both. The type is one
 * that the endpoint makes, and the name has only letters, digits, `_`, `.` and `-`.
 */
export function describeFile(file: FalFile, fallbackName: string): { name: string; mime: string } {
	const named = text(file.file_name) || nameInUrl(file.url);
	const type = text(file.content_type) || typeInDataUri(file.url);
	const extension = extensionFor(type) ?? knownExtensionOf(named) ?? 'mp4';
	const bare = plainName(named) || plainName(fallbackName) || 'video';
	return { name: `${bare}.${extension}`, mime: MIME_BY_EXTENSION[extension]! };
}

/** A name without its extension: no path, nothing hidden, no option of a command. */
function plainName(name: string): string {
	return name
		.slice(-2 * LONGEST_NAME)
		.replace(/\.[a-z0-9]{1,5}$/i, '')
		.replace(/[^A-Za-z0-9_.-]/g, '_')
		.replace(/^[.-]+/, '')
		.slice(0, LONGEST_NAME - '.webm'.length);
}

function text(value: unknown): string {
	return typeof value === 'string' ? value : '';
}

function nameInUrl(url: string): string {
	if (isDataUri(url)) return '';
	return new URL(url).pathname.split('/').pop() ?? '';
}

function typeInDataUri(url: string): string | undefined {
	return isDataUri(url) ? DATA_URI.exec(url)?.[1] : undefined;
}

function knownExtensionOf(name: string): string | undefined {
	const [, extension = ''] = /\.([a-z0-9]{2,5})$/.exec(name.slice(-6).toLowerCase()) ?? [];
	return Object.hasOwn(MIME_BY_EXTENSION, extension) ? extension : undefined;
}

/** A type that is none of the endpoint's hides what the file's name says. */
function extensionFor(type: string | undefined): string | undefined {
	const [mime = ''] = (type ?? '').slice(0, LONGEST_NAME).toLowerCase().split(';', 1);
	const extensions = Object.keys(MIME_BY_EXTENSION);
	return extensions.find((extension) => MIME_BY_EXTENSION[extension] === mime.trim());
}
