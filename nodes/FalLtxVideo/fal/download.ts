import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { FalError } from './FalError';
import { FileChangedError, openFile } from './openFile';
import type { FalHttp } from './http';

/*
 * Rules: the file flows from fal's CDN into n8n's binary store without being held in memory, and
 * the key is never sent to the CDN.
 */

/** What fal says of a file. Only the address is sure. */
export interface FalFile {
	url: string;
	content_type?: unknown;
	file_name?: unknown;
}

/** n8n's binary store, as the contexts offer it. */
export type BinaryStore = Pick<IExecuteFunctions['helpers'], 'prepareBinaryData'>;

/** The file types that LTX endpoints make. */
const MIME_BY_EXTENSION: Record<string, string> = {
	mp4: 'video/mp4',
	webm: 'video/webm',
	mov: 'video/quicktime',
	gif: 'image/gif',
};

const DATA_URI = /^data:([^;,]*)(?:;[^;,]+)*?(;base64)?,/i;

/** How often a file that changes while it is read is begun anew. */
const BEGINNINGS = 3;

/** Whether fal put the file itself where its address should be (`sync_mode`). */
export function isDataUri(url: string): boolean {
	return /^data:/i.test(url);
}

/**
 * Stores a file of fal's as n8n binary data.
 *
 * @param fallbackName used where fal names no file: without an extension, which the type gives
 * @throws FalError when the address is of no kind that holds a file, or the file can't be had whole;
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
	if (isDataUri(file.url)) return await store.prepareBinaryData(decoded(file.url), name, mime);
	for (let beginning = 1; ; beginning++) {
		try {
			const bytes = await openFile(http, file.url, signal);
			return await store.prepareBinaryData(bytes, name, mime);
		} catch (error) {
			if (!(error instanceof FileChangedError) || beginning === BEGINNINGS) throw given(error);
		}
	}
}

/** What ended a download, in words. n8n's own errors name the setting that would help. */
function given(error: unknown): unknown {
	if (error instanceof FileChangedError) return unreadable('the file changed while it was read');
	if ((error as { code?: unknown }).code === 'ERR_STRING_TOO_LONG') return new TooLargeForMemory();
	return error;
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

function decoded(url: string): Buffer {
	const head = DATA_URI.exec(url);
	if (!head) throw unreadable(NO_ADDRESS);
	const data = url.slice(head[0].length);
	return head[2] ? Buffer.from(data, 'base64') : Buffer.from(percentDecoded(data));
}

function percentDecoded(data: string): string {
	try {
		return decodeURIComponent(data);
	} catch {
		throw unreadable(NO_ADDRESS);
	}
}

/** A name with its extension and a type, from whatever fal said; n8n must be given both. */
export function describeFile(file: FalFile, fallbackName: string): { name: string; mime: string } {
	const named = text(file.file_name) || nameInUrl(file.url);
	const type = specific(text(file.content_type)) || typeInDataUri(file.url);
	const extension = extensionOf(named) ?? extensionFor(type) ?? 'mp4';
	const name = named && extensionOf(named) ? named : `${named || fallbackName}.${extension}`;
	return { name, mime: type || MIME_BY_EXTENSION[extension] || 'application/octet-stream' };
}

function text(value: unknown): string {
	return typeof value === 'string' ? value : '';
}

/** A type that says nothing hides what the file's name says. */
function specific(type: string): string {
	return type === 'application/octet-stream' || type === 'binary/octet-stream' ? '' : type;
}

function nameInUrl(url: string): string {
	if (isDataUri(url)) return '';
	return new URL(url).pathname.split('/').pop() ?? '';
}

function typeInDataUri(url: string): string | undefined {
	return isDataUri(url) ? DATA_URI.exec(url)?.[1] : undefined;
}

function extensionOf(name: string | undefined): string | undefined {
	return /\.([a-z0-9]{2,5})$/i.exec(name ?? '')?.[1]?.toLowerCase();
}

function extensionFor(mime: string | undefined): string | undefined {
	return Object.keys(MIME_BY_EXTENSION).find((extension) => MIME_BY_EXTENSION[extension] === mime);
}
