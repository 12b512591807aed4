import { randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';

/** How far apart the marks are, and how long each is; in bytes. */
const MARK_EVERY = 256 * 1024;
const MARK_LENGTH = 16;

/** As an MP4 begins, with the length of its first box: at random it may begin like a page or a text. */
const FIRST_BYTE = 0;

/**
 * Makes a file that costs next to nothing to make, keep and read, however large it is: holes, with
 * random marks in them, so that bytes which are lost, doubled, moved or of another file show.
 * @returns the file's size in bytes.
 */
export async function makePreparedFile(
	file: string,
	bytes: number,
	signal: AbortSignal,
): Promise<number> {
	const handle = await open(file, 'wx');
	try {
		await handle.truncate(bytes);
		for (let at = 0; at < bytes; at += MARK_EVERY) {
			signal.throwIfAborted();
			const mark = randomBytes(Math.min(MARK_LENGTH, bytes - at));
			if (at === 0) mark[0] = FIRST_BYTE;
			await handle.write(mark, 0, mark.length, at);
		}
		return bytes;
	} finally {
		await handle.close();
	}
}
