import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { installationName, NODE_PACKAGE, type Target } from './targets.mts';

/** An installed n8n and the Node.js that it runs on. */
export interface Installation {
	target: Target;
	folder: string;
	/** The Node.js executable. */
	node: string;
	/** n8n's own start script. */
	n8n: string;
}

const cacheFolder = () => process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');

/** Where a target's installation belongs: outside the package, shared by all its clones. */
export function installationFolder(target: Target): string {
	return join(cacheFolder(), 'n8n-nodes-fal-ltx', installationName(target));
}

/** The folder of Node.js inside an installation: executable, and headers for native packages. */
export function nodeFolder(installation: string): string {
	return join(installation, 'node', 'node_modules', NODE_PACKAGE);
}

/** The files of an installation, whether they are there or not. */
export function installationIn(folder: string, target: Target): Installation {
	const executable = process.platform === 'win32' ? 'node.exe' : 'node';
	return {
		target,
		folder,
		node: join(nodeFolder(folder), 'bin', executable),
		n8n: join(folder, 'node_modules', 'n8n', 'bin', 'n8n'),
	};
}

/** Whether all of an installation is there. The folder gets its name only when it is complete. */
export function isInstalled({ node, n8n }: Installation): boolean {
	return existsSync(node) && existsSync(n8n);
}

/** Where an installation is made, next to its final place. Whoever makes it has this folder locked. */
export function partialFolder(folder: string): string {
	return `${folder}.partial`;
}
