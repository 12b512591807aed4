import type { Case } from './cases.mts';
import type { Observed } from './play.mts';

/* The matrix as a document: what is promised, and what was observed in each case. */

const INTRODUCTION = `# What happens when something goes wrong

A video costs money from the moment fal has accepted the request for it, and networks, gateways and
queues fail. This is what the node promises whatever happens:

- **You never pay twice.** Each video is submitted once. Only fal's answer 429, which proves that
  nothing was taken, is followed by another submit. When the answer is lost, the request is looked
  for in fal's list and gone on with. It is never submitted again, by a retry neither: where nobody
  can know whether fal accepted it, a person decides.
- **You never lose what you paid for.** Once a request is accepted, the node follows it, fetches its
  result and its file through every transient failure. It counts as ended without a result only when
  fal's queue or its history, really read, says so. What is handed on is the whole file, byte
  for byte, or an error: never a part of it.
- **You are told what happened.** An error says what fal said, and names the request in its message
  or its description as soon as its ID is known.
- **Nothing goes on that nobody waits for.** Stop and the timeout cancel the request on fal, unless
  the option On Stop says to leave it running. Nothing else cancels it.

## How it is tested

Each row below is a test. It runs the node in n8n's own engine against the
[local fal](../emulator/README.md), which plays the fault and counts what arrives; the file is
compared with the one that its CDN serves. \`npm test\` runs all of them.

- **Submits** are those that arrived at fal; never more than one of them was accepted.
- **Video** says whether the file arrived whole.
- **What the person reads** is the error's message; \`…\` stands for the request's ID. Where it is
  empty, nothing was to be told.
- **Cancel** says whether fal was told to cancel.

A phase named after a call has the fault in that call, once unless the row says otherwise. "Open
question" rows play both readings of what fal's documentation leaves open.

This document is written by the test: \`test/integration/faultMatrix.test.mts\` fails when it differs
from what was observed, and rewrites it with \`UPDATE_DOCS=1 npm test -- faultMatrix\`.

## The matrix
`;

const REQUEST_ID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const HEADER = ['Phase', 'Fault', 'Submits', 'Video', 'What the person reads', 'Cancel'];

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
