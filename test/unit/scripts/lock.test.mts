import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exclusive } from '../../../scripts/lock/exclusive.mts';
import { runCommand } from '../../../scripts/processes/command.mts';
import { until } from '../../e2e/poll.mts';

const at = (file: string) =>
	fileURLToPath(new URL(`../../../scripts/lock/${file}`, import.meta.url));

let folder: string;
let file: string;

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'n8n-nodes-fal-ltx-lock-'));
	file = join(folder, 'thing');
});

afterEach(async () => await rm(folder, { recursive: true, force: true }));

/** Each process reads a number, waits, and writes the next one: side by side numbers are lost. */
const COUNT = `async () => {
	const { readFileSync, writeFileSync } = await import('node:fs');
	const count = Number(readFileSync(process.env.COUNTER, 'utf8'));
	await new Promise((resolve) => setTimeout(resolve, 300));
	writeFileSync(process.env.COUNTER, String(count + 1));
}`;

const LOCKS = {
	exclusive: `import { exclusive } from ${JSON.stringify(at('exclusive.mts'))};
		await exclusive(process.env.LOCK, ${COUNT});`,
	'the plain lock': `import { withPlainLock } from ${JSON.stringify(at('plainLock.mjs'))};
		await withPlainLock(process.env.LOCK, ${COUNT}, () => undefined);`,
};

async function countInProcesses(program: string, processes: number): Promise<string> {
	const counter = join(folder, 'counter');
	await writeFile(counter, '0');
	const env = { ...process.env, LOCK: file, COUNTER: counter };
	const args = ['--import', 'tsx', '--input-type=module', '--eval', program];
	const count = async () => await runCommand(process.execPath, args, { env });
	await Promise.all(Array.from({ length: processes }, count));
	return await readFile(counter, 'utf8');
}

test.each(Object.entries(LOCKS))('%s lets one process after the other in', async (_, program) => {
	expect(await countInProcesses(program, 4)).toBe('4');
});

test('the plain lock of a dead process is taken over', async () => {
	const { pid } = spawnSync(process.execPath, ['--version']);
	await writeFile(file, String(pid));
	expect(await countInProcesses(LOCKS['the plain lock'], 4)).toBe('4');
});

describe('exclusive', () => {
	test('takes over a lock that was not renewed', async () => {
		const longAgo = new Date(Date.now() - 60_000);
		await mkdir(`${file}.lock`);
		await utimes(`${file}.lock`, longAgo, longAgo);
		const onWait = () => expect('waits').toBe('does not wait');
		expect(await exclusive(file, async () => 'taken', { onWait })).toBe('taken');
	});

	test('says that it waits, and waits until the lock is free', async () => {
		let free: () => void = () => undefined;
		const first = exclusive(file, async () => await new Promise<void>((done) => (free = done)));
		await until('the lock is held', () => existsSync(`${file}.lock`));
		const second = exclusive(file, async () => 'second', { onWait: () => free() });
		expect(await second).toBe('second');
		await first;
	});

	test('ends its waiting when its signal comes', async () => {
		const controller = new AbortController();
		const options = { signal: controller.signal, onWait: () => controller.abort() };
		const inner = exclusive(file, async () => await exclusive(file, async () => 'never', options));
		await expect(inner).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
	});

	test('frees the lock when the work fails', async () => {
		const failing = exclusive(file, async () => await Promise.reject(new Error('failed')));
		await expect(failing).rejects.toThrow('failed');
		expect(await exclusive(file, async () => 'free', { signal: AbortSignal.timeout(5_000) })).toBe(
			'free',
		);
	});
});
