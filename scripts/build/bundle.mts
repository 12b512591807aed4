import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile, type Plugin } from 'esbuild';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const inThisFolder = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/** package.json names what n8n loads; these are the sources of just that. */
function entries(): string[] {
	const { n8n } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
		n8n: { nodes: string[]; credentials: string[] };
	};
	return [...n8n.nodes, ...n8n.credentials].map((file) =>
		file.replace(/^dist\//, '').replace(/\.js$/, '.ts'),
	);
}

const FAL_CLIENT = join('node_modules', '@fal-ai', 'client', 'src');

/**
 * What the queue of fal's client names but never calls: keys from the environment and their proxy
 * (`config`), and tokens that would open fal to a browser (`auth`).
 */
const withoutUnreachable: Plugin = {
	name: 'without-unreachable',
	setup({ onResolve }) {
		onResolve({ filter: /^\.\/(auth|config)$/ }, ({ importer }) =>
			dirname(importer).endsWith(FAL_CLIENT) ? { path: inThisFolder('absent.ts') } : undefined,
		);
	},
};

/** What becomes of the bundles. */
export interface BundleOptions {
	/** Whether files are written; without it the bundles are only made. */
	write: boolean;
	/** The folder that they are written into; `dist` if left out. */
	outdir?: string;
}

/**
 * Bundles each node and credential with the libraries it uses into `dist/`, and takes out what n8n
 * Cloud refuses: `process`, timers, `console`.
 *
 * @returns what esbuild put into which file
 */
export async function bundle({ write, outdir = 'dist' }: BundleOptions): Promise<Metafile> {
	const { metafile } = await build({
		absWorkingDir: ROOT,
		entryPoints: entries(),
		outdir,
		outbase: '.',
		write,
		metafile: true,
		bundle: true,
		platform: 'node',
		format: 'cjs',
		target: 'node20',
		// n8n brings it; a second copy would not be recognised by n8n's own `instanceof`.
		external: ['n8n-workflow'],
		alias: { '@fal-ai/client': inThisFolder('falClient.ts') },
		plugins: [withoutUnreachable],
		// Libraries that look for either are to find none.
		define: { process: 'undefined', globalThis: 'undefined' },
		drop: ['console'],
		// Timers become n8n's own `sleep`.
		inject: [inThisFolder('timers.ts')],
		keepNames: true,
		legalComments: 'none',
		logLevel: 'warning',
	});
	return metafile;
}
