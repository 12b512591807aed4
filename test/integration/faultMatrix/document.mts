import type { Case } from './cases.mts';
import type { Observed } from './play.mts';

/* The matrix as a document: what was observed in each case. */

const INTRODUCTION = `# Fault matrix

What the node does at each fault that a network, a gateway or fal can have. The promises behind it
are in [Reliability](reliability.md).

Each row is a test. It runs the node in n8n's own engine against the
[local fal](../emulator/README.md), which plays the fault and counts what arrives; the file is
compared with the one that its CDN serves. \`npm test\` runs all of them.

- **Submits** are those that arrived at fal; never more than one of them was accepted.
- **Video** says whether the file arrived whole.
- **Error message** is what the person reads; \`…\` stands for the request's ID. Where it is empty,
  there was no error.
- **Cancel** says whether a cancel was sent to fal.

A phase named after a call has the fault in that call, once unless the row says otherwise. "Open
question" rows play both variants of what fal's documentation leaves open; which of them is true
is [asked of fal.ai itself](live.md).

This page is written by the test: \`test/integration/faultMatrix.test.mts\` fails when it differs
from what was observed, and
\`UPDATE_DOCS=1 npx jest --selectProjects integration --testPathPatterns faultMatrix\` writes it.
`;

const REQUEST_ID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const HEADER = ['Phase', 'Fault', 'Submits', 'Video', 'Error message', 'Cancel'];

/** The document for what was observed, as prettier would have it. */
export function documentOf(observed: ReadonlyArray<readonly [Case, Observed]>): string {
	const rows = observed.map(([one, seen]) => rowOf(one, seen));
	return `${INTRODUCTION}\n${table([HEADER, ...rows])}\n`;
}

function rowOf({ phase, fault }: Case, { submits, video, message, cancels }: Observed): string[] {
	return [
		...[phase, fault, String(submits), video],
		message
			.replace(REQUEST_ID, '…')
			// How large a video is depends on its seed.
			.replace(/but \d+ arrived/, 'but … arrived')
			.replace(/ \[item 0\]$/, ''),
		cancels > 0 ? 'sent' : '',
	];
}

/** Columns as wide as their widest cell. */
function table(rows: string[][]): string {
	const cells = rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
	const widths = HEADER.map((_, n) => Math.max(...cells.map((row) => row[n]!.length)));
	const line = (row: string[]) =>
		`| ${row.map((cell, n) => cell.padEnd(widths[n]!)).join(' | ')} |`;
	const rule = line(widths.map((width) => '-'.repeat(width)));
	return [line(cells[0]!), rule, ...cells.slice(1).map(line)].join('\n');
}
