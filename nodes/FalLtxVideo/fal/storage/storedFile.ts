import { createHash } from 'crypto';
import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import type { Readable } from '../http/n8nHttp';

/*
 * Rule: a file of the workflow is read from n8n's binary store piece by piece, as often as it is
 * needed. How much of it is in memory meanwhile is n8n's: with files on disk a piece, in database
 * and memory mode the whole file.
 */

/** n8n's binary store, as far as it is read from. */
export type BinaryReader = Pick<IExecuteFunctions['helpers'], 'getBinaryStream'>;

/** A file in n8n's binary store, read once to its end. */
export interface StoredFile {
	/** In bytes. */
	size: number;
	/** Of its content, 64 hex digits. */
	sha256: string;
	/** Its first bytes, as many as {@link HEAD_BYTES} if there are. */
	head: Buffer;
	/** The file from its start, once more. */
	open(): Promise<Readable | Buffer>;
}

/** Enough to identify the kind of file. */
const HEAD_BYTES = 512;

/** Fewer, larger reads: n8n takes 64 KiB otherwise. */
const PIECE_BYTES = 1024 * 1024;

/**
 * Reads a file of the workflow once and computes what identifies it.
 *
 * @throws n8n's error when its store doesn't have it; the signal's reason when it aborts
 */
export async function readStored(
	reader: BinaryReader,
	binary: IBinaryData,
	signal?: AbortSignal,
): Promise<StoredFile> {
	const open = async () => await openStored(reader, binary);
	const hash = createHash('sha256');
	let size = 0;
	let head = Buffer.alloc(0);
	for await (const piece of piecesOf(await open())) {
		signal?.throwIfAborted();
		hash.update(piece);
		size += piece.length;
		if (head.length < HEAD_BYTES) head = Buffer.concat([head, piece]).subarray(0, HEAD_BYTES);
	}
	return { size, sha256: hash.digest('hex'), head: Buffer.from(head), open };
}

/** In memory mode the item itself holds the bytes, as base64, and there is no id. */
async function openStored(reader: BinaryReader, binary: IBinaryData): Promise<Readable | Buffer> {
	if (binary.id) return await reader.getBinaryStream(binary.id, PIECE_BYTES);
	return Buffer.from(binary.data, 'base64');
}

/** The bytes of an opened file. However the reading ends, the file is closed. */
export async function* piecesOf(opened: Readable | Buffer): AsyncGenerator<Uint8Array> {
	if (Buffer.isBuffer(opened)) {
		yield opened;
		return;
	}
	try {
		for await (const piece of opened as AsyncIterable<Uint8Array>) yield piece;
	} finally {
		opened.destroy();
	}
}
