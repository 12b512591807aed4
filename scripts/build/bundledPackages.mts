import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Metafile } from 'esbuild';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A package with code in what is published. */
export interface BundledPackage {
	name: string;
	version: string;
	/** As SPDX names it, e.g. "MIT". */
	license: string;
	/** The text that has to come along with the code. */
	licenseText: string;
	/** Where it is installed, from the folder of the repository: `node_modules/zod`. */
	folder: string;
}

const PACKAGE_FOLDER = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

/** The folders of the packages that have at least one byte in an output, in order of their names. */
export function bundledFolders({ outputs }: Metafile): string[] {
	const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
	const folders = inputs
		.filter(([, { bytesInOutput }]) => bytesInOutput > 0)
		.flatMap(([path]) => PACKAGE_FOLDER.exec(path)?.[0] ?? []);
	return [...new Set(folders)].sort();
}

async function readPackage(folder: string, root: string): Promise<BundledPackage> {
	const manifest = await readFile(join(root, folder, 'package.json'), 'utf8');
	const { name, version, license } = JSON.parse(manifest) as Record<string, unknown>;
	const files = await readdir(join(root, folder));
	const file = files.find((candidate) => /^licen[cs]e(\.(md|txt))?$/i.test(candidate));
	if (typeof license !== 'string' || file === undefined) {
		throw new Error(
			`${folder} is bundled, but has no licence in its package.json or no file with the text. ` +
				'Its code may not be published without: use another package.',
		);
	}
	const licenseText = (await readFile(join(root, folder, file), 'utf8')).trim();
	return { name: String(name), version: String(version), license, licenseText, folder };
}

/**
 * Reads what has to be known of each package that esbuild has put into the bundles.
 *
 * @param root the folder that the paths in `metafile` start from; the repository's if left out
 * @throws Error that names a package without a licence
 */
export async function bundledPackages(metafile: Metafile, root = ROOT): Promise<BundledPackage[]> {
	const folders = bundledFolders(metafile);
	return await Promise.all(folders.map(async (folder) => await readPackage(folder, root)));
}
