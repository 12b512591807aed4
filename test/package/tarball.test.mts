import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { outputSchemas } from '../../scripts/build/outputSchemas.mts';
import { packed, ROOT, type Packed } from './packed.mts';

/** What a person downloads, in bytes. */
const LARGEST = 300_000;

interface Manifest {
	n8n: { nodes: string[]; credentials: string[] };
	[field: string]: unknown;
}

let shipped: Packed;
let manifest: Manifest;

beforeAll(async () => {
	shipped = await packed();
	manifest = JSON.parse(await readFile(join(shipped.folder, 'package.json'), 'utf8')) as Manifest;
}, 60_000);

afterAll(async () => await shipped.remove());

async function filesIn(folder: string): Promise<string[]> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	const files = entries.filter((entry) => entry.isFile());
	return files.map((entry) => relative(folder, join(entry.parentPath, entry.name))).sort();
}

describe('the tarball', () => {
	test('is small', async () => {
		const { size } = await stat(shipped.tarball);
		console.log(`The tarball has ${size} bytes.`);
		expect(size).toBeLessThan(LARGEST);
	});

	test('holds what n8n loads and shows, the README and the licences', async () => {
		const { nodes, credentials } = manifest.n8n;
		const searchWords = nodes.map((node) => node.replace(/\.js$/, '.json'));
		const icons = (await readdir(join(ROOT, 'icons'))).map((icon) => `dist/icons/${icon}`);
		const documents = ['LICENSE', 'README.md', 'package.json'];
		const notices = 'dist/THIRD-PARTY-NOTICES.txt';
		const schemas = outputSchemas().map(({ file }) => `dist/${file}`);
		const shown = [...searchWords, ...icons, ...schemas];
		const wanted = [...nodes, ...credentials, ...shown, notices, ...documents];
		expect(await filesIn(shipped.folder)).toEqual(wanted.sort());
	});

	test('points at nothing that it does not hold', async () => {
		const files = (await filesIn(shipped.folder)).filter((file) => file.endsWith('.js'));
		const scripts = await Promise.all(
			files.map((file) => readFile(join(shipped.folder, file), 'utf8')),
		);
		const required = scripts.flatMap((script) =>
			[...script.matchAll(/\brequire\(["']([^"']+)["']\)/g)].map(([, name]) => name!),
		);
		expect([...new Set(required)].sort()).toEqual(['crypto', 'n8n-workflow']);
		expect(scripts.join('')).not.toContain('sourceMappingURL');
	});
});

/** Rules of n8n for packages that it verifies; its lint and its scanner hold the others. */
describe('the manifest', () => {
	test('asks for nothing but n8n', () => {
		expect(manifest['peerDependencies']).toEqual({ 'n8n-workflow': '*' });
		for (const field of [
			'dependencies',
			'optionalDependencies',
			'bundleDependencies',
			'overrides',
		]) {
			expect(manifest).not.toHaveProperty(field);
		}
	});

	test('is found by n8n, free to use, and says where it comes from', () => {
		expect(manifest).toMatchObject({
			name: expect.stringMatching(/^(@[^/]+\/)?n8n-nodes-/),
			license: 'MIT',
			keywords: expect.arrayContaining(['n8n-community-node-package']),
			repository: { type: 'git', url: expect.stringMatching(/^git\+https:\/\/github\.com\//) },
			n8n: { n8nNodesApiVersion: 1, strict: true },
			engines: { node: '>=20' },
		});
		const { url } = manifest['repository'] as { url: string };
		const page = url.replace(/^git\+/, '').replace(/\.git$/, '');
		expect(manifest['homepage']).toBe(`${page}#readme`);
		expect(manifest['bugs']).toEqual({ url: `${page}/issues` });
	});

	test('runs nothing when it is installed or published', () => {
		const hooks =
			/^(pre|post)?(install|prepare|publish|publishOnly|pack)$|^(prepublishOnly|dependencies)$/;
		const scripts = Object.keys(manifest['scripts'] as object);
		expect(scripts.filter((name) => hooks.test(name))).toEqual([]);
	});
});
