import type { StoredFile } from '../fal/storage/storedFile';

/*
 * The beginning of a .safetensors file (its format's own description): eight bytes with the length
 * of a JSON header, lowest first, then the header, which starts with a brace.
 */

const LENGTH_BYTES = 8;

const BRACE = '{'.charCodeAt(0);

/** What other files begin with that are taken for LoRAs by mistake. */
const OTHER_BEGINNINGS: Array<{ beginning: RegExp; what: string }> = [
	{
		beginning: /^\s*<(!doctype|html|\?xml|head|body)/i,
		what: 'but this is a web page: the download before may have needed a login, or its link leads to a page',
	},
	{ beginning: /^\s*[{[]/, what: 'but this is JSON: the download before may have failed' },
	{ beginning: /^version https:\/\/git-lfs/, what: 'but this only points to the file in Git LFS' },
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
	const text = head.toString('latin1');
	const other = OTHER_BEGINNINGS.find(({ beginning }) => beginning.test(text));
	return `a .safetensors file, ${other?.what ?? 'but this one does not begin like one'}`;
}

function isSafetensors(head: Buffer, size: number): boolean {
	if (head.length <= LENGTH_BYTES || head[LENGTH_BYTES] !== BRACE) return false;
	return head.readBigUInt64LE(0) <= BigInt(size - LENGTH_BYTES);
}
