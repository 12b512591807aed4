import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exclusive } from '../lock/exclusive.mts';
import { CommandFailed } from '../processes/command.mts';
import { npm } from '../processes/npm.mts';
import type { Report } from '../terminal/steps.mts';
import {
	installationFolder,
	installationIn,
	isInstalled,
	nodeFolder,
	partialFolder,
	type Installation,
} from './location.mts';
import { manifestFiles, n8nVersion, NEWEST, NODE_PACKAGE, type Target } from './targets.mts';

const QUIET = ['--no-audit', '--no-fund', '--loglevel=error'];

/** Which n8n to install, what is called with its progress, and how it is ended early. */
export interface InstallOptions {
	/** The newest if left out. */
	target?: Target;
	report?: Report;
	signal?: AbortSignal;
}

/**
 * A package.json and a lock file with one package in them: npm compares what it fetches with the
 * digest that is written here, and installs nothing else.
 */
function lockedNode({ name, nodeVersion, nodeIntegrity }: Target): Record<string, object> {
	const integrity = nodeIntegrity[NODE_PACKAGE];
	if (integrity === undefined) {
		throw new Error(
			`The digest of ${NODE_PACKAGE} ${nodeVersion} is not in scripts/n8n/targets.mts ("${name}"). ` +
				`It is what "npm view ${NODE_PACKAGE}@${nodeVersion} dist.integrity" says.`,
		);
	}
	const manifest = { private: true, dependencies: { [NODE_PACKAGE]: nodeVersion } };
	const locked = { [`node_modules/${NODE_PACKAGE}`]: { version: nodeVersion, integrity } };
	return {
		'package.json': manifest,
		'package-lock.json': {
			lockfileVersion: 3,
			requires: true,
			packages: { '': manifest, ...locked },
		},
	};
}

/**
 * Installs Node.js from npm into a folder.
 *
 * @throws CommandFailed when what npm has is not what the target's digest says
 */
export async function installNode(folder: string, target: Target, signal?: AbortSignal) {
	await mkdir(folder, { recursive: true });
	for (const [file, content] of Object.entries(lockedNode(target))) {
		await writeFile(join(folder, file), JSON.stringify(content));
	}
	await npm(['ci', '--ignore-scripts', ...QUIET], { cwd: folder, signal });
}

/**
 * Installs without the packages' scripts and then builds the one native package that n8n needs,
 * with the headers that came with Node.js: nothing is fetched from anywhere but the registry.
 */
async function installPackages(
	{ folder, node, target }: Installation,
	{ report, signal }: InstallOptions,
): Promise<void> {
	const env = { ...process.env, npm_config_nodedir: nodeFolder(folder) };
	const options = { cwd: folder, node, env, signal };
	for (const { name, path } of manifestFiles(target)) await copyFile(path, join(folder, name));
	report?.(`fetching n8n ${n8nVersion(target)} and its packages, about 2.7 GB and some minutes`);
	await npm(['install', '--ignore-scripts', ...QUIET], options);
	report?.('building its database driver');
	await npm(['rebuild', 'sqlite3', '--ignore-scripts=false', ...QUIET], options);
}

/** Installs next to the final place, so that a broken installation is never taken for a good one. */
async function installInto(
	{ folder, target }: Installation,
	options: InstallOptions,
): Promise<void> {
	const partial = installationIn(partialFolder(folder), target);
	await rm(partial.folder, { recursive: true, force: true });
	await mkdir(partial.folder, { recursive: true });
	try {
		options.report?.(`fetching Node.js ${target.nodeVersion}`);
		await installNode(join(partial.folder, 'node'), target, options.signal);
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
	const install = async (signal: AbortSignal) => {
		if (!isInstalled(installation)) await installInto(installation, { ...options, signal });
	};
	try {
		await exclusive(partialFolder(folder), install, {
			signal: options.signal,
			onWait: () => options.report?.('another process is installing it, waiting'),
		});
	} catch (error) {
		throw explain(error, target);
	}
	return installation;
}
