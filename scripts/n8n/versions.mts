import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The Node.js that n8n runs on; it refuses the older ones that this project itself supports. */
export const NODE_VERSION = '24.21.0';

/** Which npm package holds Node.js for this machine. */
export const NODE_PACKAGE = `node-${process.platform}-${process.arch}`;

/** The package and the lock file that n8n is installed from. */
export const MANIFEST_FILES = ['package.json', 'package-lock.json'].map((name) => ({
	name,
	path: fileURLToPath(new URL(name, import.meta.url)),
}));

const contents = MANIFEST_FILES.map(({ path }) => readFileSync(path, 'utf8'));

const manifest = JSON.parse(contents[0] ?? '') as { dependencies: { n8n: string } };

/** The n8n that is installed. */
export const N8N_VERSION = manifest.dependencies.n8n;

/** Names an installation: anything that would make it another one changes it. */
export const INSTALLATION_NAME = `n8n-${N8N_VERSION}-${createHash('sha256')
	.update([...contents, NODE_VERSION, NODE_PACKAGE].join('\n'))
	.digest('hex')
	.slice(0, 12)}`;
