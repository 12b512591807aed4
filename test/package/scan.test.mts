import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandFailed, runCommand } from '../../scripts/processes/command.mts';
import { packed, ROOT, type Packed } from './packed.mts';

// Each scan is a run of ESLint with n8n's rules.
jest.setTimeout(180_000);

const SCAN = fileURLToPath(new URL('scan.mjs', import.meta.url));

type Scanned = 'source' | 'published';

let scratch: string;

/** What n8n's scanner has against a folder; nothing when it lets it pass. */
async function scan(what: Scanned, folder: string): Promise<string> {
	// In jest's own environment some of n8n's rules would test themselves. The scanner leaves a folder.
	const env = { ...process.env, NODE_ENV: 'production', TMPDIR: scratch };
	try {
		await runCommand(process.execPath, [SCAN, what, folder], { cwd: ROOT, env });
		return '';
	} catch (error) {
		if (error instanceof CommandFailed) return error.output;
		throw error;
	}
}

const OFFENCES = [
	'setTimeout(() => undefined, 1);',
	'setInterval(() => undefined, 1);',
	'console.log("here");',
	'process.exit();',
	'globalThis.fetch;',
	'require("node:fs");',
];

/** Adds the offences to a file, and gives the lines they are on. */
async function offend(file: string): Promise<number[]> {
	const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
	await writeFile(file, [...lines, ...OFFENCES].join('\n'));
	return OFFENCES.map((_offence, index) => lines.length + index + 1);
}

/** The lines of a file that a report names. */
function reported(report: string, file: string): number[] {
	const [, section = ''] = report.split(file);
	const [rows = ''] = section.split('\n\n');
	return [...rows.matchAll(/^\s+(\d+):\d+\s+error/gm)].map(([, line]) => Number(line));
}

describe("n8n's scanner", () => {
	let shipped: Packed;

	beforeAll(async () => {
		shipped = await packed();
		scratch = await mkdtemp(join(tmpdir(), 'n8n-nodes-fal-ltx-scan-'));
	});

	afterAll(async () => {
		await shipped.remove();
		await rm(scratch, { recursive: true });
	});

	test('lets the source pass', async () => expect(await scan('source', ROOT)).toBe(''));

	test('lets the packed package pass', async () => {
		expect(await scan('published', shipped.folder)).toBe('');
	});

	test('would not let pass what the source must not do', async () => {
		const source = join(scratch, 'source');
		for (const part of ['package.json', 'nodes', 'credentials']) {
			await cp(join(ROOT, part), join(source, part), { recursive: true });
		}
		const file = 'nodes/FalLtxVideo/request/records/SubmitRecord.ts';
		const lines = await offend(join(source, file));
		expect(reported(await scan('source', source), file)).toEqual(lines);
	});

	test('would not let pass what the package must not do', async () => {
		const file = 'dist/credentials/FalLtxApi.credentials.js';
		const lines = await offend(join(shipped.folder, file));
		expect(reported(await scan('published', shipped.folder), file)).toEqual(lines);
	});
});
