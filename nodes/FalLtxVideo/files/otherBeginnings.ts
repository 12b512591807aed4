/* What a file begins with that was taken for another one by mistake. */

/** How files of one kind begin, as text of one character for each byte. */
export interface OtherBeginning {
	beginning: RegExp;
	/** What to say of such a file, to end a sentence with. */
	what: string;
}

/** What is there instead of a file, whatever it should have been. */
export const FAILED_DOWNLOADS: readonly OtherBeginning[] = [
	{
		beginning: /^\s*<(!doctype|html|\?xml|head|body)/i,
		what: 'but this is a web page: the download before may have needed a login, or its link leads to a page',
	},
	{ beginning: /^\s*[{[]/, what: 'but this is JSON: the download before may have failed' },
	{ beginning: /^version https:\/\/git-lfs/, what: 'but this only points to the file in Git LFS' },
];

const UNKNOWN = 'but this one does not begin like one';

/** What to say of a file that is none of those wanted: of the first kind whose beginning it has. */
export function whatItIs(text: string, others: readonly OtherBeginning[]): string {
	return others.find(({ beginning }) => beginning.test(text))?.what ?? UNKNOWN;
}
