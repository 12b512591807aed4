import { bareKey, secretOf } from '../apiKey';

/*
 * Rule: whatever answers in fal's place may repeat the key it was sent, in a header, a result, a status,
 * a log or an error. It is cut out of the response as its bytes arrive, before anything reads them, so
 * that nothing later can hand it on. Each response knows the key of its own connection; there is no
 * list of keys in use.
 */

/** Stands where the secret part of a key was. */
const CUT = Buffer.from('…');

/** Cuts one key out of what comes back: the whole of it, and its secret part alone. */
export class KeyFilter {
	private readonly key: Buffer;

	private readonly secret: Buffer;

	constructor(apiKey: unknown) {
		this.key = Buffer.from(bareKey(apiKey));
		this.secret = Buffer.from(secretOf(apiKey));
	}

	/** A text without the key. */
	text(text: string): string {
		if (this.secret.length === 0) return text;
		return [this.key, this.secret].reduce(
			(left, part) => left.replaceAll(part.toString(), CUT.toString()),
			text,
		);
	}

	/**
	 * The same bytes without the key, also where it arrives in pieces. Only an end that may be the start
	 * of a key is held back until more comes: an event of a status stream must not wait for the next one.
	 * A piece of nothing but that is handed on empty, as the reader looks at its time limit with each piece.
	 */
	async *bytes(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
		let held: Buffer = Buffer.alloc(0);
		for await (const chunk of source) {
			const bytes = held.length === 0 ? asBuffer(chunk) : Buffer.concat([held, chunk]);
			const { pieces, left } = this.cut(bytes);
			const end = left.length - this.startedAtEnd(left);
			held = Buffer.from(left.subarray(end));
			const clean = Buffer.concat([...pieces, left.subarray(0, end)]);
			yield clean;
		}
		if (held.length > 0) yield held;
	}

	/** The bytes up to the last key in them, without keys, and those behind it. */
	private cut(bytes: Buffer): { pieces: Buffer[]; left: Buffer } {
		const { secret } = this;
		const pieces: Buffer[] = [];
		let from = 0;
		if (secret.length === 0) return { pieces, left: bytes };
		for (let at = bytes.indexOf(secret); at !== -1; at = bytes.indexOf(secret, from)) {
			pieces.push(this.withoutId(bytes.subarray(from, at)), CUT);
			from = at + secret.length;
		}
		return { pieces, left: bytes.subarray(from) };
	}

	/** What stands before a secret, without the rest of the key at its end. */
	private withoutId(before: Buffer): Buffer {
		const id = this.key.subarray(0, this.key.length - this.secret.length);
		const start = before.length - id.length;
		const hasId = start >= 0 && before.subarray(start).equals(id);
		return hasId ? before.subarray(0, start) : before;
	}

	/** How many of the last bytes may be the first ones of a key. */
	private startedAtEnd(bytes: Buffer): number {
		return Math.max(overlap(bytes, this.key), overlap(bytes, this.secret));
	}
}

/** How many of the last bytes are the first ones of the other, but not all of it. */
function overlap(bytes: Buffer, other: Buffer): number {
	for (let length = Math.min(other.length - 1, bytes.length); length > 0; length--) {
		const end = bytes.subarray(bytes.length - length);
		if (end.equals(other.subarray(0, length))) return length;
	}
	return 0;
}

function asBuffer(bytes: Uint8Array): Buffer {
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
