import { LIMITS } from '../../../fal/http/limits';
import type { Readable } from '../../../fal/http/n8nHttp';
import { unlessAborted } from '../../../fal/http/pause';
import type { StoredFile } from '../../../fal/storage/storedFile';

/*
 * Rules:
 * - a file is read once, from its start on, as n8n's binary store gives it; what is not asked for is
 *   skipped and not kept, so a file of any size takes the memory of its largest part that was;
 * - how large such a part may be, and how many there may be, is limited: a file can claim anything.
 */

const NOTHING = Buffer.alloc(0);

/** A file, as far as it is read from here. */
export type ReadableFile = Pick<StoredFile, 'size' | 'open'> & { head: Uint8Array };

/** Reads parts of a file of the workflow, in their order. */
export class ForwardReader {
	/** What was read last, and where in the file it begins. */
	private piece: Buffer;

	private pieceStart = 0;

	private opened?: Readable | Buffer;

	private pieces?: AsyncIterator<Uint8Array>;

	private parts = 0;

	private isClosed = false;

	constructor(
		private readonly file: ReadableFile,
		private readonly signal: AbortSignal,
	) {
		this.piece = Buffer.from(file.head);
	}

	/** In bytes. */
	get size(): number {
		return this.file.size;
	}

	/**
	 * The bytes of a part; fewer when the file ends before. They stay as they are while others are read.
	 *
	 * @param start not much before the start of the last part that was read
	 * @throws Error when the part lies further back, is too large, or is one too many; n8n's error when
	 * its store can't be read; the signal's reason when it aborts
	 */
	async at(start: number, length: number): Promise<Buffer> {
		this.signal.throwIfAborted();
		if (++this.parts > LIMITS.mediaParts) throw new Error('The file has too many parts.');
		const end = Math.min(start + length, this.size);
		if (!(start < end)) return NOTHING;
		if (end - start > LIMITS.mediaPartBytes) throw new Error('A part of the file is too large.');
		if (start < this.pieceStart) throw new Error('A part of the file was skipped already.');
		while (this.pieceEnd <= start) if (!(await this.next())) return NOTHING;
		if (this.pieceEnd < end) await this.extend(start, end);
		return this.piece.subarray(start - this.pieceStart, end - this.pieceStart);
	}

	/** Closes the file. */
	close(): void {
		this.isClosed = true;
		closeOpened(this.opened);
	}

	private get pieceEnd(): number {
		return this.pieceStart + this.piece.length;
	}

	/** Makes one piece of all from a start to an end, with whatever came along. */
	private async extend(start: number, end: number): Promise<void> {
		const parts = [this.piece.subarray(start - this.pieceStart)];
		while (this.pieceEnd < end && (await this.next())) parts.push(this.piece);
		this.piece = Buffer.concat(parts);
		this.pieceStart = start;
	}

	/** Goes on to the next piece. @returns false at the end of the file */
	private async next(): Promise<boolean> {
		if (!this.pieces) await this.open();
		const coming = this.pieces!.next();
		// Closing the file ends it with an error, which nobody waits for any longer.
		coming.catch(() => undefined);
		const { done, value } = await unlessAborted(coming, this.signal);
		if (done === true) return false;
		this.pieceStart = this.pieceEnd;
		this.piece = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
		return true;
	}

	/** Opens the file at its start: what was known of it before is read again. */
	private async open(): Promise<void> {
		const opening = this.file.open();
		const closeIfLate = (opened: Readable | Buffer) => {
			if (this.isClosed) closeOpened(opened);
		};
		opening.then(closeIfLate, () => undefined);
		this.opened = await unlessAborted(opening, this.signal);
		this.pieces = piecesFrom(this.opened, this.pieceEnd);
	}
}

function closeOpened(opened?: Readable | Buffer): void {
	if (opened && !Buffer.isBuffer(opened)) opened.destroy();
}

/** The bytes of an opened file from a place on. */
async function* piecesFrom(opened: Readable | Buffer, start: number): AsyncGenerator<Uint8Array> {
	const pieces = Buffer.isBuffer(opened) ? [opened] : (opened as AsyncIterable<Uint8Array>);
	let skip = start;
	for await (const piece of pieces) {
		if (piece.length > skip) yield piece.subarray(skip);
		skip = Math.max(0, skip - piece.length);
	}
}
