import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startEmulator } from '../../emulator/index.mts';
import { PATH, TINY } from './support.mts';

const MAIN = 'emulator/main.mts';
const FREE_PORTS = ['queue', 'rest', 'platform', 'cdn'].flatMap((host) => [`--${host}-port`, '0']);

interface Run {
	process: ChildProcess;
	output(): string;
	/** Resolves when the output has a text. */
	said(text: string): Promise<void>;
	/** Exit code, or the signal's name. */
	ended: Promise<number | string | null>;
}

/** Starts a script of the project in a process of its own, with its own temporary folder. */
function run(script: string, args: string[], temporary: string): Run {
	const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
		env: { ...process.env, TMPDIR: temporary },
	});
	let output = '';
	let check: () => void = () => undefined;
	for (const stream of [child.stdout, child.stderr])
		stream.on('data', (chunk: Buffer) => {
			output += chunk.toString();
			check();
		});
	const ended = new Promise<number | string | null>((resolve) =>
		child.on('close', (code, signal) => resolve(code ?? signal)),
	);
	const said = (text: string) =>
		new Promise<void>((resolve, reject) => {
			check = () => void (output.includes(text) && resolve());
			check();
			void ended.then(() => reject(new Error(`it ended without “${text}”: ${output}`)));
		});
	return { process: child, output: () => output, said, ended };
}

let temporary: string;
const started: ChildProcess[] = [];
const start = (script: string, args: string[] = []): Run => {
	const begun = run(script, args, temporary);
	started.push(begun.process);
	return begun;
};

beforeEach(async () => {
	temporary = await mkdtemp(join(tmpdir(), 'lifecycle-'));
});
afterEach(async () => {
	for (const child of started.splice(0)) child.kill('SIGKILL');
	await rm(temporary, { recursive: true, force: true });
});

/** Folders of emulators; tsx keeps a cache next to them. */
const leftFolders = async () =>
	(await readdir(temporary)).filter((name) => name.startsWith('fal-emulator-'));

test('close ends everything that is under way, and no handle is left', async () => {
	const closing = start('test/emulator/closing.mts');
	expect(await closing.ended).toBe(0);
	expect(JSON.parse(closing.output())).toEqual(['broken off', 'broken off', 'broken off']);
	expect(await leftFolders()).toEqual([]);
}, 15_000);

test('close frees the ports, and may be called twice', async () => {
	const emulator = await startEmulator();
	const port = Number(new URL(emulator.hosts.queue).port);
	await Promise.all([emulator.close(), emulator.close()]);
	const again = await startEmulator({ ports: { queue: port } });
	expect(again.hosts.queue).toBe(emulator.hosts.queue);
	await again.close();
});

test('a port that is taken makes it fail, and nothing stays open', async () => {
	const other = createServer();
	await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
	const { port } = other.address() as AddressInfo;
	try {
		await expect(startEmulator({ ports: { cdn: port } })).rejects.toMatchObject({
			code: 'EADDRINUSE',
		});
		const failed = start(MAIN, [...FREE_PORTS, '--cdn-port', String(port)]);
		expect(await failed.ended).toBe(1);
		expect(failed.output()).toBe(`Port ${port} is taken: give another one with --cdn-port\n`);
		expect(await leftFolders()).toEqual([]);
	} finally {
		other.close();
	}
}, 15_000);

describe('the command', () => {
	test('prints hosts and key once, then each call, and ends cleanly', async () => {
		const key = 'id:secret';
		const command = start(MAIN, [...FREE_PORTS, '--api-key', key, '--queue-seconds', '0']);
		await command.said('Ctrl-C ends it');
		const queue = /Queue URL +(\S+)/.exec(command.output())![1]!;
		const response = await fetch(queue + PATH, {
			...{ method: 'POST', body: JSON.stringify({ ...TINY, prompt: 'fox' }) },
			headers: { authorization: `Key ${key}` },
		});
		expect(response.status).toBe(200);
		await command.said(`queue    200 POST ${PATH}\n`);
		command.process.kill('SIGINT');
		expect(await command.ended).toBe(0);
		expect(command.output().split(key)).toHaveLength(2);
		expect(await leftFolders()).toEqual([]);
	}, 15_000);

	test.each([
		[['--help'], 0, /--queue-port N +\(8701\)/],
		[['--run-seconds', 'soon'], 1, /^--run-seconds needs a number of at least 0\n$/],
		[['--colour'], 1, /^Unknown option '--colour'/],
	])('with %j ends with %d', async (args, code, words) => {
		const command = start(MAIN, args);
		expect(await command.ended).toBe(code);
		expect(command.output()).toMatch(words);
	});
});
