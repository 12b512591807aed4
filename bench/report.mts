import { readFile, writeFile } from 'node:fs/promises';
import { cpus, release, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { n8nVersion, NEWEST } from '../scripts/n8n/targets.mts';
import type { Benchmark, Findings, Goal, Table } from './benchmark.mts';

/* The figures for a terminal, and as a document. */

export const REPORT = 'docs/performance.md';

const FILE = fileURLToPath(new URL(`../${REPORT}`, import.meta.url));
const PACKAGE = new URL('../package.json', import.meta.url);

const INTRODUCTION = `# How fast, and how much it holds

Written by \`npm run bench\`, which measures all of it again in about a quarter of an hour; one part by
a part of its file's name, e.g. \`npm run bench -- addedTime\` (\`--quick\` for a first look), which
prints and writes nothing. What is compared was measured side by side in one run, so the ratios are
worth more than the figures, which are those of one machine.

Unless it says otherwise, everything ran on the same machine: a real n8n with the packed node, and
the [local fal](../emulator/README.md), which hands out prepared files, as its encoder would be what
is measured otherwise. n8n, fal and the measurement share the processors.
`;

const verdict = ({ what, measured, isMet, why }: Goal) =>
	`${what}: ${measured}, ${isMet ? 'met' : 'MISSED'}${!isMet && why ? `. ${why}` : ''}`;

/** Columns as wide as their widest cell. */
function plainTable({ caption, columns, rows }: Table): string {
	const widths = columns.map((column, n) =>
		Math.max(...[column, ...rows.map((row) => row[n]!)].map((cell) => cell.length)),
	);
	const line = (cells: string[]) =>
		`  ${cells.map((cell, n) => (n === 0 ? cell.padEnd(widths[n]!) : cell.padStart(widths[n]!))).join('   ')}`;
	const rule = line(widths.map((width) => '─'.repeat(width)));
	return [...(caption ? [`  ${caption}`] : []), line(columns), rule, ...rows.map(line)].join('\n');
}

/** For a terminal. */
export function printFindings({ tables, goals, notes = [] }: Findings): string {
	const lines = [...goals.map(verdict), ...notes].map((text) => `  ${text}`);
	return ['', ...tables.map((table) => `${plainTable(table)}\n`), ...lines, ''].join('\n');
}

function markdownTable({ caption, columns, rows }: Table): string {
	const line = (cells: string[]) =>
		`| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
	const rule = line(columns.map((_, n) => (n === 0 ? ':--' : '--:')));
	return [...(caption ? [`${caption}:`, ''] : []), line(columns), rule, ...rows.map(line)].join(
		'\n',
	);
}

function section([{ title, about }, { tables, goals, notes = [] }]: [Benchmark, Findings]): string {
	const parts = [
		`## ${title}`,
		about,
		...tables.map(markdownTable),
		goals.map((goal) => `- ${verdict(goal)}`).join('\n'),
		...notes,
	];
	return parts.filter(Boolean).join('\n\n');
}

async function circumstances(loadBefore: number): Promise<string> {
	const { version } = JSON.parse(await readFile(PACKAGE, 'utf8')) as { version: string };
	const [cpu] = cpus();
	const rows = [
		['date', new Date().toISOString().slice(0, 10)],
		['node package', version],
		['n8n', `${n8nVersion(NEWEST)} on Node.js ${NEWEST.nodeVersion}, SQLite, regular mode`],
		['processor', `${cpu?.model.trim() || 'unknown'}, ${cpus().length} threads`],
		['other load on it before', `${loadBefore.toFixed(1)} (average of a minute)`],
		['memory', `${Math.round(totalmem() / 1024 ** 3)} GiB`],
		['system', `${process.platform} ${release()} ${process.arch}`],
		['measured from', `Node.js ${process.version}`],
	];
	return markdownTable({ columns: ['', ''], rows: rows.map(([name, value]) => [name!, value!]) });
}

/**
 * Writes the document for what was measured.
 *
 * @param loadBefore the system's load average before anything was measured: what else was running
 */
export async function writeReport(
	measured: Array<[Benchmark, Findings]>,
	loadBefore: number,
): Promise<void> {
	const parts = [INTRODUCTION, await circumstances(loadBefore), ...measured.map(section)];
	const options = { ...(await resolveConfig(FILE)), filepath: FILE };
	await writeFile(FILE, await format(`${parts.join('\n\n')}\n`, options));
}
