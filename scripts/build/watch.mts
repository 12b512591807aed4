import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import gulp from 'gulp';
import { bundle } from './bundle.mts';
import sources from './sources.json' with { type: 'json' };

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Changes that come in one go, as an editor or git makes them, are one build. */
const DELAY_MS = 200;

/** Where to build, and what to call after each build. */
export interface WatchOptions {
	/** The folder to build into, which exists. */
	outdir: string;
	/** esbuild writes to the terminal why one failed. */
	onBuilt(hasWorked: boolean): void;
}

async function copyAssets(outdir: string): Promise<void> {
	// Without `encoding: false` gulp takes every file for text.
	const files = gulp.src(sources.assets, { cwd: ROOT, base: ROOT, encoding: false });
	await pipeline(files, gulp.dest(outdir));
}

async function rebuild({ outdir, onBuilt }: WatchOptions): Promise<void> {
	const work = Promise.all([bundle({ write: true, outdir }), copyAssets(outdir)]);
	const hasWorked = await work.then(
		() => true,
		() => false,
	);
	onBuilt(hasWorked);
}

/** Builds the nodes and credentials at each change of them, until that is ended. */
export async function watchSources(options: WatchOptions): Promise<() => Promise<void>> {
	const globs = [...sources.code, ...sources.assets];
	const watcher = gulp.watch(
		globs,
		{ cwd: ROOT, delay: DELAY_MS },
		async () => await rebuild(options),
	);
	await once(watcher, 'ready');
	return async () => await watcher.close();
}
