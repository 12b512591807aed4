import { isDataUri, typeInDataUri } from './dataUri';

/*
 * Rule: a file's name and type come from outside and end up in file systems, headers and pages: what is
 * handed on is a plain name and a type of a video, whatever a server or an expression says.
 */

/** What fal says of a file. Only the address is sure. */
export interface FalFile {
	url: string;
	/** In bytes. */
	file_size?: unknown;
	content_type?: unknown;
	file_name?: unknown;
}

/** What a file may be called when fal doesn't say. */
export interface OwnName {
	/** Used where fal names no file: without an extension, which the type gives. */
	fallbackName: string;
	/** The name that a person chose; it comes before that of fal. */
	fileName?: string;
}

/** The file types that LTX endpoints make (`video_output_type`). */
const MIME_BY_EXTENSION: Record<string, string> = {
	mp4: 'video/mp4',
	webm: 'video/webm',
	mov: 'video/quicktime',
	gif: 'image/gif',
};

const LONGEST_NAME = 100;

/** File systems take 255, with the extension. */
const LONGEST_NAME_BYTES = 240;

/** As many bytes of a file as show its type. */
export const BEGINNING_BYTES = 12;

/** A type that fal says or the name has; undefined where only the file itself shows it. */
export function saidExtension(file: FalFile): string | undefined {
	const type = text(file.content_type) || typeInDataUri(file.url);
	return extensionFor(type) ?? knownExtensionOf(nameOf(file));
}

/**
 * What a file is by its first bytes: GIF, WebM (EBML, RFC 8794), else of the family of MP4 (ISO/IEC
 * 14496-12), in which the brand or its absence shows a QuickTime file.
 */
export function extensionOfBytes(beginning: Uint8Array): string {
	const start = Buffer.from(beginning).toString('latin1');
	if (start.startsWith('GIF8')) return 'gif';
	if (start.startsWith('\x1aE\xdf\xa3')) return 'webm';
	return /^[^]{4}(ftypqt {2}|moov|mdat|wide|pnot)/.test(start) ? 'mov' : 'mp4';
}

/** A name with its extension and a type; n8n must be given both. @param extension of a known type */
export function describeFile(
	file: FalFile,
	{ fallbackName, fileName = '' }: OwnName,
	extension: string,
): { name: string; mime: string } {
	const bare =
		chosenName(fileName) || plainName(nameOf(file)) || plainName(fallbackName) || 'video';
	return { name: `${bare}.${extension}`, mime: MIME_BY_EXTENSION[extension]! };
}

/**
 * The name that a person chose, without an extension of a video: in the letters of any language, with
 * `_` for each character that a file name can't have everywhere.
 */
function chosenName(name: string): string {
	const bare = name
		.trim()
		.replace(/\.(mp4|webm|mov|gif)$/i, '')
		.slice(0, 4 * LONGEST_NAME)
		.replace(/[\\/:*?"<>|\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu, '_')
		.replace(/^[.\s-]+/, '');
	const short = [...bare].slice(0, LONGEST_NAME - '.webm'.length).join('');
	// A character that is cut in two becomes U+FFFD.
	return Buffer.from(short)
		.subarray(0, LONGEST_NAME_BYTES)
		.toString()
		.replace(/\ufffd$/, '')
		.trimEnd();
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

const nameOf = (file: FalFile) => text(file.file_name) || nameInUrl(file.url);

function text(value: unknown): string {
	return typeof value === 'string' ? value : '';
}

function nameInUrl(url: string): string {
	if (isDataUri(url)) return '';
	return new URL(url).pathname.split('/').pop() ?? '';
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
