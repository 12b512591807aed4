import { writeFile } from 'node:fs/promises';
import type { BundledPackage } from './bundledPackages.mts';

const RULE = '-'.repeat(80);

const INTRODUCTION = `Third-party notices

The JavaScript files of this package contain code of the packages below. Each is under its own
licence, whose text follows.`;

const entry = ({ name, version, license, licenseText }: BundledPackage) =>
	[RULE, `${name} ${version} (${license})`, RULE, '', licenseText].join('\n');

/** Writes the names, versions and licence texts of bundled packages into a file. */
export async function writeNotices(
	file: string,
	packages: readonly BundledPackage[],
): Promise<void> {
	await writeFile(file, `${[INTRODUCTION, ...packages.map(entry)].join('\n\n')}\n`);
}
