import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exclusive } from '../lock/exclusive.mts';
import { runCommand } from '../processes/command.mts';
import { npm } from '../processes/npm.mts';
import { pack, unpack } from './tarball.mts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Names the lock of builds; a build removes dist/, so it can not be in there. */
const BUILD = join(ROOT, '.cache', 'building');

interface Manifest {
	name: string;
	version: string;
	dependencies?: Record<string, string>;
	[field: string]: unknown;
}

interface Abortable {
	signal?: AbortSignal;
}

/** What a community package is called and where its files are. */
export interface InstalledPackage {
	name: string;
	version: string;
	folder: string;
}

const readManifest = async (file: string) => JSON.parse(await readFile(file, 'utf8')) as Manifest;

/** The name of a node type of this project's package, as workflows hold it. */
export async function nodeTypeOf(node: string): Promise<string> {
	const { name } = await readManifest(join(ROOT, 'package.json'));
	return `${name}.${node}`;
}

const build = async (signal?: AbortSignal) =>
	await runCommand('gulp', ['build'], { cwd: ROOT, signal, preferLocal: true });

/** Builds dist/. Two builds at the same time would take each other's files away. */
export async function buildPackage({ signal }: Abortable = {}): Promise<void> {
	await exclusive(BUILD, build, { signal });
}

/** Builds the package and packs it; gives the path of the tarball. */
export async function packPackage(into: string, { signal }: Abortable = {}): Promise<string> {
	const buildAndPack = async (shared: AbortSignal) => {
		await build(shared);
		return await pack(ROOT, into, shared);
	};
	return await exclusive(BUILD, buildAndPack, { signal });
}

const writeJson = async (file: string, content: object) =>
	await writeFile(file, `${JSON.stringify(content, null, 2)}\n`);

/** n8n takes these out of a package before it installs it. */
function withoutForeignDependencies(manifest: Manifest): Manifest {
	const kept: Manifest = { ...manifest };
	for (const field of ['devDependencies', 'peerDependencies', 'optionalDependencies']) {
		Reflect.deleteProperty(kept, field);
	}
	return kept;
}

const INSTALL_LIKE_N8N = [
	'install',
	'--audit=false',
	'--fund=false',
	'--bin-links=false',
	'--install-strategy=shallow',
	'--ignore-scripts=true',
	'--package-lock=false',
];

/** Where n8n keeps its community packages. */
const packagesFolder = (userFolder: string) => join(userFolder, '.n8n', 'nodes');

async function unpackNextTo(tarball: string, folder: string): Promise<Manifest> {
	const unpacked = await mkdtemp(join(tmpdir(), 'n8n-nodes-fal-ltx-manifest-'));
	try {
		await unpack(tarball, unpacked);
		const manifest = await readManifest(join(unpacked, 'package.json'));
		await unpack(tarball, join(folder, 'node_modules', manifest.name));
		return manifest;
	} finally {
		await rm(unpacked, { recursive: true, force: true });
	}
}

/** Puts a packed package where n8n's own installer puts it, as that leaves it. */
export async function installPackage(
	tarball: string,
	userFolder: string,
	{ signal }: Abortable = {},
): Promise<InstalledPackage> {
	const packages = packagesFolder(userFolder);
	const manifest = await unpackNextTo(tarball, packages);
	const { name, version } = manifest;
	const folder = join(packages, 'node_modules', name);
	await writeJson(join(folder, 'package.json'), withoutForeignDependencies(manifest));
	await npm(INSTALL_LIKE_N8N, { cwd: folder, signal });
	await writeJson(join(packages, 'package.json'), {
		name: 'installed-nodes',
		private: true,
		dependencies: { [name]: version },
	});
	return { name, version, folder };
}
