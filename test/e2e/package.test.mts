import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { unpack } from '../../scripts/n8n/tarball.mts';
import { loggedIn, NODE_TYPE, runningHost } from './harness.mts';

/** The content of every file of a folder, by its path in there. */
async function filesIn(folder: string): Promise<Record<string, string>> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	const files = entries
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name))
		.sort();
	const contents = files.map(async (file) => [
		relative(folder, file),
		await readFile(file, 'base64'),
	]);
	return Object.fromEntries(await Promise.all(contents)) as Record<string, string>;
}

describe('the installed package', () => {
	let unpacked: string;

	beforeAll(async () => {
		unpacked = await mkdtemp(join(tmpdir(), 'n8n-nodes-fal-ltx-packed-'));
		await unpack(runningHost().tarball, unpacked);
	});

	afterAll(async () => await rm(unpacked, { recursive: true, force: true }));

	test('is the packed tarball', async () => {
		const { 'package.json': packedManifest, ...packed } = await filesIn(unpacked);
		const { 'package.json': manifest, ...installed } = await filesIn(runningHost().packageFolder);
		expect(manifest).toBeDefined();
		expect(packedManifest).toBeDefined();
		expect(Object.keys(installed)).toEqual(Object.keys(packed));
		expect(installed).toEqual(packed);
	});

	test('gives n8n the node under its published name', async () => {
		const n8n = loggedIn();
		expect(await n8n.nodeTypes()).toContain(NODE_TYPE);
	});
});
