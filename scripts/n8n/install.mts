import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exclusive } from '../lock/exclusive.mjs';
import { CommandFailed } from '../processes/command.mts';
import { npm } from '../processes/npm.mts';
import type { Tell } from '../terminal/steps.mts';
import {
	installationFolder,
	installationIn,
	installationLock,
	isInstalled,
	nodeFolder,
	type Installation,
} from './location.mts';
import { manifestFiles, n8nVersion, NEWEST, NODE_PACKAGE, type Target } from './targets.mts';

const QUIET = ['--no-audit', '--no-fund', '--loglevel=error'];

/** Which n8n to install, how that tells what it does, and how it is ended early. */
export interface InstallOptions {
	/** The newest if left out. */
	target?: Target;
	tell?: Tell;
	signal?: AbortSignal;
}

async function installNode(
	{ folder, target }: Installation,
	{ tell, signal }: InstallOptions,
): Promise<void> {
	tell?.(`fetching Node.js ${target.nodeVersion}`);
	const cwd = join(folder, 'node');
	await mkdir(cwd, { recursive: true });
	await writeFile(join(cwd, 'package.json'), '{ "private": true }\n');
	const wanted = `${NODE_PACKAGE}@${target.nodeVersion}`;
	await npm(['install', wanted, '--ignore-scripts', ...QUIET], { cwd, signal });
}

/**
 * Installs without the packages' scripts and then builds the one native package that n8n needs,
 * with the headers that came with Node.js: nothing is fetched from anywhere but the registry.
 */
async function installPackages(
	{ folder, node, target }: Installation,
	{ tell, signal }: InstallOptions,
): Promise<void> {
	const env = { ...process.env, npm_config_nodedir: nodeFolder(folder) };
	const options = { cwd: folder, node, env, signal };
	for (const { name, path } of manifestFiles(target)) await copyFile(path, join(folder, name));
	tell?.(`fetching n8n ${n8nVersion(target)} and its packages, about 2.7 GB and some minutes`);
	await npm(['install', '--ignore-scripts', ...QUIET], options);
	tell?.('building its database driver');
	await npm(['rebuild', 'sqlite3', '--ignore-scripts=false', ...QUIET], options);
}

/** Installs beside the final place, so that a broken installation is never taken for a good one. */
async function installInto(
	{ folder, target }: Installation,
	options: InstallOptions,
): Promise<void> {
	const partial = installationIn(`${folder}.partial`, target);
	await rm(partial.folder, { recursive: true, force: true });
	await mkdir(partial.folder, { recursive: true });
	try {
		await installNode(partial, options);
		await installPackages(partial, options);
		await rm(folder, { recursive: true, force: true });
		await rename(partial.folder, folder);
	} catch (error) {
		await rm(partial.folder, { recursive: true, force: true });
		throw error;
	}
}

function explain(error: unknown, target: Target): unknown {
	if (!(error instanceof CommandFailed)) return error;
	return new Error(
		`n8n ${n8nVersion(target)} could not be installed. Its packages come from the npm registry, and ` +
			'its database driver is compiled here (python3, make and a C++ compiler are needed). ' +
			`Run the command again once the reason below is solved.\n\n${error.message}`,
		{ cause: error },
	);
}

/**
 * Makes sure that an n8n and the Node.js that it needs are in the cache. The first time takes
 * minutes; of several starts at the same time one installs, and the others wait for it.
 */
export async function ensureN8n(options: InstallOptions = {}): Promise<Installation> {
	const { target = NEWEST } = options;
	const folder = installationFolder(target);
	const installation = installationIn(folder, target);
	if (isInstalled(installation)) return installation;
	const install = async () => {
		if (!isInstalled(installation)) await installInto(installation, options);
	};
	try {
		await exclusive(installationLock(folder), install, {
			signal: options.signal,
			onWait: (owner) => options.tell?.(`process ${owner} is installing it, waiting`),
		});
	} catch (error) {
		throw explain(error, target);
	}
	return installation;
}
