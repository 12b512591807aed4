import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from '../build/bundle.mts';
import { bundledFolders } from '../build/bundledPackages.mts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

type Versions = Record<string, string>;

interface Locked {
	version: string;
	dependencies?: Versions;
	[field: string]: unknown;
}

interface Manifest {
	name: string;
	version: string;
	license: string;
	devDependencies: Versions;
}

const readJson = async (name: string): Promise<unknown> =>
	JSON.parse(await readFile(join(ROOT, name), 'utf8'));

const keep = (versions: Versions | undefined, names: ReadonlySet<string>): Versions =>
	Object.fromEntries(Object.entries(versions ?? {}).filter(([name]) => names.has(name)));

const nameOf = (folder: string) => folder.replace(/^.*node_modules\//, '');

/** An entry of the lock file as that of a package that ships, with those it needs that ship too. */
function shipped(locked: Locked, names: ReadonlySet<string>): Locked {
	const { version, integrity, license, dependencies } = locked;
	return { version, integrity, license, dependencies: keep(dependencies, names) } as Locked;
}

/**
 * Runs `work` in a folder with a package.json and a lock file of only those packages whose code is
 * in the bundles, as the dependencies that they are to a user. To npm our libraries are development
 * dependencies like the test tools, so it does not know what ships.
 *
 * @throws Error when a bundled package is not in package-lock.json
 */
export async function inBundledProject<Result>(
	work: (folder: string) => Promise<Result>,
): Promise<Result> {
	const { name, version, license, devDependencies } = (await readJson('package.json')) as Manifest;
	const lock = (await readJson('package-lock.json')) as { packages: Record<string, Locked> };
	const folders = bundledFolders(await bundle({ write: false }));
	const names = new Set(folders.map(nameOf));
	const manifest = { name, version, license, dependencies: keep(devDependencies, names) };
	const packages: Record<string, object> = { '': manifest };
	for (const folder of folders) {
		const locked = lock.packages[folder];
		if (!locked) throw new Error(`${folder} is bundled, but package-lock.json does not have it.`);
		packages[folder] = shipped(locked, names);
	}
	const parent = await mkdtemp(join(tmpdir(), 'n8n-nodes-fal-ltx-bundled-'));
	// npm names the root of an SBOM after its folder.
	const folder = join(parent, name);
	try {
		await mkdir(folder, { recursive: true });
		await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
		const lockFile = { name, version, lockfileVersion: 3, requires: true, packages };
		await writeFile(join(folder, 'package-lock.json'), JSON.stringify(lockFile));
		return await work(folder);
	} finally {
		await rm(parent, { recursive: true });
	}
}
