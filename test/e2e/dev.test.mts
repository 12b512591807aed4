import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { N8nClient } from '../../scripts/n8n/rest.mts';
import { startProcessTree, type ProcessTree } from '../../scripts/processes/processTree.mts';
import { NODE_TYPE } from './harness.mts';
import { until } from './poll.mts';

/*
 * `npm run dev` in a copy of this project, so that a test may change its source.
 */

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const COPIED = [
	...['credentials', 'emulator', 'examples', 'icons', 'nodes', 'scripts'],
	...['gulpfile.js', 'package.json', 'tsconfig.build.json', 'tsconfig.json'],
];
const READY_WITHIN_MS = 180_000;
const RELOADED_WITHIN_MS = 60_000;

// n8n is started, and the node built twice.
jest.setTimeout(READY_WITHIN_MS + 2 * RELOADED_WITHIN_MS);

let project: string;
let log: string;
let dev: ProcessTree;
let n8n: N8nClient;

const read = async () => await readFile(log, 'utf8').catch(() => '');

async function valueOf(name: string): Promise<string> {
	return new RegExp(`^  ${name} +(.+)$`, 'm').exec(await read())?.[1] ?? '';
}

async function untilReady(): Promise<void> {
	let hasEnded = false;
	void dev.exited.then(() => (hasEnded = true));
	const isReady = async () => {
		const written = await read();
		if (hasEnded) throw new Error(`It has ended:\n${written}`);
		return written.includes('Watching nodes/');
	};
	await until('n8n runs', isReady, READY_WITHIN_MS);
}

beforeAll(async () => {
	project = await mkdtemp(join(tmpdir(), 'n8n-nodes-fal-ltx-dev-'));
	for (const name of COPIED) await cp(join(ROOT, name), join(project, name), { recursive: true });
	await symlink(join(ROOT, 'node_modules'), join(project, 'node_modules'));
	log = join(project, 'dev.log');
	const command = ['--import', 'tsx', join(project, 'scripts', 'dev.mts')];
	dev = startProcessTree(process.execPath, command, { cwd: project, output: { file: log } });
	await untilReady();
	n8n = new N8nClient(new URL(await valueOf('address')).origin);
	await n8n.login({ email: await valueOf('e-mail'), password: await valueOf('password') });
});

afterAll(async () => {
	await dev.end();
	await rm(project, { recursive: true, force: true, maxRetries: 5 });
});

/** A reload may leave n8n with the same type twice (seen in 2.41.1). */
async function labels(): Promise<string[]> {
	const types = await n8n.describeNodeTypes();
	const ofNode = types.filter(({ name }) => name === NODE_TYPE);
	return [...new Set(ofNode.map(({ displayName }) => displayName))];
}

test('a changed label of the node is in n8n without a restart', async () => {
	expect(await labels()).toEqual(['fal LTX Video']);
	const source = join(project, 'nodes', 'FalLtxVideo', 'FalLtxVideo.node.ts');
	const code = await readFile(source, 'utf8');
	await writeFile(source, code.replace("'fal LTX Video'", "'A changed label'"));
	// n8n writes the file of its node types while it is read.
	const isLoaded = async () => (await labels().catch(() => [])).join() === 'A changed label';
	await until('n8n has the new label', isLoaded, RELOADED_WITHIN_MS);
});

test('Ctrl-C ends it with all that it has started', async () => {
	process.kill(dev.pid!, 'SIGINT');
	expect(await dev.exited).toMatchObject({ exitCode: 130 });
	await expect(n8n.nodeTypes()).rejects.toThrow('fetch failed');
});
