import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

/** A file as it arrived. */
export interface Download {
	/** In bytes. */
	size: number;
	/** Of its content, in hex. */
	sha256: string;
	/** As it was served. */
	contentType: string;
}

/** Addresses of pages about a file, which are no file (endpoint page: a repository or a file's URL). */
const PAGES = [
	/^https?:\/\/huggingface\.co\/.*\/(blob|tree)\//,
	/^https?:\/\/huggingface\.co\/[^/]+\/[^/]+\/?$/,
	/^https?:\/\/civitai\.com\/models\//,
	/^https?:\/\/github\.com\/[^/]+\/[^/]+\/blob\//,
	/^https?:\/\/drive\.google\.com\/file\//,
	/^https?:\/\/www\.dropbox\.com\/.*[?&]dl=0$/,
];

export const DOWNLOAD_FAILED =
	'Failed to download the file. Check that the URL is public and leads to a file.';

/** Whether an address is known to be that of a page. */
export const isPage = (url: string) => PAGES.some((page) => page.test(url));

/**
 * Downloads a file.
 * @param location where to put it; it is only read when none is given.
 * @returns undefined when it can't be had.
 * @throws the signal's reason when the signal ends it.
 */
export async function download(
	url: string,
	signal: AbortSignal,
	location?: string,
): Promise<Download | undefined> {
	try {
		const response = await fetch(url, { signal });
		const read = await readBody(response, location);
		const contentType = response.headers.get('content-type') ?? '';
		return response.ok ? { ...read, contentType } : undefined;
	} catch {
		signal.throwIfAborted();
		return undefined;
	}
}

async function readBody({ body }: Response, location: string | undefined) {
	const hash = createHash('sha256');
	const file = location === undefined ? undefined : await open(location, 'wx');
	let size = 0;
	try {
		for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
			hash.update(chunk);
			size += chunk.length;
			await file?.writeFile(chunk);
		}
	} finally {
		await file?.close();
	}
	return { size, sha256: hash.digest('hex') };
}
