import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../../../scripts/processes/command.mts';
import { startProcessTree } from '../../../scripts/processes/processTree.mts';
import { until } from '../../e2e/poll.mts';

let folder: string;

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'n8n-nodes-fal-ltx-command-'));
});

afterEach(async () => await rm(folder, { recursive: true, force: true }));

const sh = (script: string): [string, string[]] => ['sh', ['-c', script]];

const isAlive = (pid: number) => {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
};

/** A process that has a child of its own, which ignores that it is asked to end. */
const WITH_CHILD = `sh -c 'trap "" TERM; echo $$; while :; do sleep 1; done' & wait`;

/** The process id that a process writes first. */
async function pidIn(file: string): Promise<number> {
	const written = async () => (await readFile(file, 'utf8').catch(() => '')).trim();
	await until('the child runs', async () => (await written()) !== '');
	return Number(await written());
}

describe('a command', () => {
	test('gives its standard output as it was written', async () => {
		expect(await runCommand(...sh('echo one; echo two >&2'))).toBe('one\n');
	});

	test('that fails shows both of its outputs', async () => {
		const failing = runCommand(...sh('echo one; echo two >&2; exit 3'));
		await expect(failing).rejects.toMatchObject({ exitCode: 3 });
		await expect(failing).rejects.toThrow(/failed with exit code 3:\n(one\ntwo|two\none)$/);
	});

	test('that does not exist says so', async () => {
		await expect(runCommand('n8n-nodes-fal-ltx-nothing', [])).rejects.toThrow('ENOENT');
	});

	test('has the given environment and no other', async () => {
		const env = { PATH: process.env['PATH'], GIVEN: 'yes' };
		const names = (await runCommand('env', [], { env })).match(/^\w+(?==)/gm);
		expect(names?.sort()).toEqual(['GIVEN', 'PATH']);
	});

	test('finds the commands of the packages when it is asked to', async () => {
		const version = await runCommand('tsc', ['--version'], { cwd: folder, preferLocal: true });
		expect(version).toMatch(/^Version 5/);
	});

	test('is ended by its signal', async () => {
		const reason = new Error('ended');
		const started = join(folder, 'started');
		const controller = new AbortController();
		const running = runCommand(...sh(`echo $$ > ${started}; sleep 30`), {
			signal: controller.signal,
		});
		const pid = await pidIn(started);
		controller.abort(reason);
		await expect(running).rejects.toBe(reason);
		expect(isAlive(pid)).toBe(false);
	});
});

describe('a process tree', () => {
	test('is ended with what its processes have started', async () => {
		const file = join(folder, 'output');
		const tree = startProcessTree(...sh(WITH_CHILD), { output: { file } });
		const child = await pidIn(file);
		await tree.end(100);
		expect(await tree.exited).toMatchObject({ signal: 'SIGTERM' });
		expect(isAlive(child)).toBe(false);
	});

	test('is found after the process at its head has died', async () => {
		const file = join(folder, 'output');
		const tree = startProcessTree(...sh(WITH_CHILD), { output: { file } });
		const child = await pidIn(file);
		process.kill(tree.pid!, 'SIGKILL');
		await until('it has died', () => !isAlive(tree.pid!));
		expect(isAlive(child)).toBe(true);
		await tree.end(0);
		expect(isAlive(child)).toBe(false);
	});

	test('writes both of its outputs into a file', async () => {
		const file = join(folder, 'output');
		const tree = startProcessTree(...sh('echo one; echo two >&2'), { output: { file } });
		expect(await tree.exited).toMatchObject({ exitCode: 0 });
		expect((await readFile(file, 'utf8')).trim().split('\n').sort()).toEqual(['one', 'two']);
	});
});
