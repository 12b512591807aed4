import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { bundle } from '../../scripts/build/bundle.mts';
import { bundledPackages } from '../../scripts/build/bundledPackages.mts';
import { runCommand } from '../../scripts/processes/command.mts';
import { packed, ROOT, type Packed } from './packed.mts';

/** All packages with code in what is published. A new one is a decision: it is added here. */
const BUNDLED = [
	'@fal-ai/client',
	'big.js',
	'eventsource-parser',
	'image-size',
	'ipaddr.js',
	'p-limit',
	'yocto-queue',
	'zod',
];

interface Locked {
	version: string;
	license: string;
	integrity: string;
}

let metafile: Metafile;
let lock: Record<string, Locked>;

beforeAll(async () => {
	metafile = await bundle({ write: false });
	const text = await readFile(join(ROOT, 'package-lock.json'), 'utf8');
	lock = (JSON.parse(text) as { packages: typeof lock }).packages;
}, 60_000);

const lockedAs = (name: string) => lock[`node_modules/${name}`]!;

describe('the bundles', () => {
	test('hold code of these packages and no others', async () => {
		const packages = await bundledPackages(metafile);
		expect(packages.map(({ name, version }) => ({ name, version }))).toEqual(
			BUNDLED.map((name) => ({ name, version: lockedAs(name).version })),
		);
	});

	test("hold of fal's client what its queue calls, and nothing that reads keys or tokens", () => {
		const files = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
		const prefix = 'node_modules/@fal-ai/client/';
		const used = files.filter((file) => file.startsWith(prefix));
		expect([...new Set(used)].map((file) => file.slice(prefix.length)).sort()).toEqual([
			'package.json',
			'src/headers.js',
			'src/queue.js',
			'src/request.js',
			'src/response.js',
			'src/retry.js',
			'src/runtime.js',
			'src/storage.js',
			'src/streaming.js',
			'src/utils.js',
		]);
	});

	test.each(['FalLtxVideo', 'FalLtxVideoTrigger'])('%s reads no environment', async (node) => {
		const file = join(ROOT, 'dist', 'nodes', node, `${node}.node.js`);
		const script = await readFile(file, 'utf8');
		const code = script.replace(/^\s*\/\/.*$/gm, '');
		for (const trace of ['FAL_KEY', '.env.', 'credentialsFromEnv', 'WebSocket', '/tokens/']) {
			expect({ trace, found: code.includes(trace) }).toEqual({ trace, found: false });
		}
	});
});

describe('the third-party notices', () => {
	let shipped: Packed;

	beforeAll(async () => {
		shipped = await packed();
	}, 60_000);

	afterAll(async () => await shipped.remove());

	test('name each bundled package with its version and the text of its licence', async () => {
		const file = join(shipped.folder, 'dist', 'THIRD-PARTY-NOTICES.txt');
		const notices = await readFile(file, 'utf8');
		const headings = [...notices.matchAll(/^-{80}\n(.+)\n-{80}$/gm)].map(([, heading]) => heading);
		expect(headings).toEqual(
			BUNDLED.map((name) => `${name} ${lockedAs(name).version} (${lockedAs(name).license})`),
		);
		for (const { licenseText } of await bundledPackages(metafile)) {
			expect(licenseText).toMatch(/permission|redistribution/i);
			expect(notices).toContain(licenseText);
		}
	});
});

describe('a package that is bundled', () => {
	let folder: string;

	const outputs = (inputs: Record<string, number>): Metafile => ({
		inputs: {},
		outputs: {
			'dist/node.js': {
				bytes: 1,
				inputs: Object.fromEntries(
					Object.entries(inputs).map(([path, bytesInOutput]) => [path, { bytesInOutput }]),
				),
				imports: [],
				exports: [],
			},
		},
	});

	async function installPackage(name: string, manifest: object, files: Record<string, string>) {
		const home = join(folder, 'node_modules', name);
		await mkdir(home, { recursive: true });
		await writeFile(join(home, 'package.json'), JSON.stringify({ name, ...manifest }));
		for (const [file, text] of Object.entries(files)) await writeFile(join(home, file), text);
	}

	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), 'n8n-nodes-fal-ltx-notices-'));
	});

	afterEach(async () => await rm(folder, { recursive: true }));

	test('counts with its first byte in a bundle', async () => {
		const manifest = { version: '1.0.0', license: 'ISC' };
		await installPackage('@some/used', manifest, { 'LICENCE.md': 'Its text.\n' });
		const metafile = outputs({
			'node_modules/@some/used/deep/index.js': 1,
			'node_modules/imported-only/index.js': 0,
			'nodes/own.ts': 10,
		});
		expect(await bundledPackages(metafile, folder)).toEqual([
			{
				name: '@some/used',
				version: '1.0.0',
				license: 'ISC',
				licenseText: 'Its text.',
				folder: 'node_modules/@some/used',
			},
		]);
	});

	test.each([
		['no text of a licence', { license: 'MIT' }, { 'README.md': 'MIT' }],
		['no licence', {}, { LICENSE: 'Some text.' }],
	])('ends the build when it has %s', async (_what, manifest, files) => {
		await installPackage('nameless', { version: '1.0.0', ...manifest }, files);
		const metafile = outputs({ 'node_modules/nameless/index.js': 1 });
		await expect(bundledPackages(metafile, folder)).rejects.toThrow(
			'node_modules/nameless is bundled, but has no licence',
		);
	});
});

describe('the SBOM', () => {
	interface Sbom {
		bomFormat: string;
		metadata: { component: { purl: string } };
		components: Array<{
			name: string;
			version: string;
			purl: string;
			hashes: Array<{ alg: string; content: string }>;
			licenses: Array<{ license: { id: string } }>;
		}>;
		dependencies: Array<{ ref: string; dependsOn: string[] }>;
	}

	const purl = (name: string, version: string) => `pkg:npm/${name.replace('@', '%40')}@${version}`;

	test('lists the bundled packages, each with its version, licence and digest', async () => {
		const folder = await mkdtemp(join(tmpdir(), 'n8n-nodes-fal-ltx-sbom-'));
		try {
			const file = join(folder, 'sbom.json');
			const program = ['--import', 'tsx', 'scripts/sbom.mts', file];
			await runCommand(process.execPath, program, { cwd: ROOT });
			const sbom = JSON.parse(await readFile(file, 'utf8')) as Sbom;
			expect(sbom.bomFormat).toBe('CycloneDX');
			const { name, version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
			expect(sbom.metadata.component.purl).toBe(purl(name, version));
			const digest = (integrity: string) =>
				Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex');
			expect(
				sbom.components.map(({ purl, hashes, licenses }) => ({ purl, hashes, licenses })),
			).toEqual(
				BUNDLED.map((name) => ({
					purl: purl(name, lockedAs(name).version),
					hashes: [{ alg: 'SHA-512', content: digest(lockedAs(name).integrity) }],
					licenses: [{ license: { id: lockedAs(name).license } }],
				})),
			);
			const needed = sbom.dependencies.find(({ ref }) => ref.startsWith('p-limit@'));
			expect(needed?.dependsOn).toEqual([`yocto-queue@${lockedAs('yocto-queue').version}`]);
		} finally {
			await rm(folder, { recursive: true });
		}
	});
});
