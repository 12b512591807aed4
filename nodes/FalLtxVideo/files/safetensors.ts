import type { StoredFile } from '../fal/storage/storedFile';
import { FAILED_DOWNLOADS, whatItIs } from './otherBeginnings';

/*
 * The beginning of a .safetensors file (its format's own description): eight bytes with the length
 * of a JSON header, lowest first, then the header, which starts with a brace.
 */

const LENGTH_BYTES = 8;

const BRACE = '{'.charCodeAt(0);

/** What other files begin with that are taken for LoRAs by mistake. */
const OTHER_BEGINNINGS = [
	...FAILED_DOWNLOADS,
	{
		beginning: /^PK/,
		what: 'but this is an archive, or older weights (.pt, .ckpt): unpack or convert it',
	},
	{ beginning: /^\x80/, what: 'but these are older weights (.pt, .ckpt): convert them' },
];

/** What to give instead of a file, to end a sentence with; undefined when it is a .safetensors file. */
export function otherContent({
	head,
	size,
}: Pick<StoredFile, 'head' | 'size'>): string | undefined {
	if (isSafetensors(head, size)) return undefined;
	if (size === 0) return 'a .safetensors file, but this one is empty';
	return `a .safetensors file, ${whatItIs(head.toString('latin1'), OTHER_BEGINNINGS)}`;
}

function isSafetensors(head: Buffer, size: number): boolean {
	if (head.length <= LENGTH_BYTES || head[LENGTH_BYTES] !== BRACE) return false;
	return head.readBigUInt64LE(0) <= BigInt(size - LENGTH_BYTES);
}
