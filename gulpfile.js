/*
 * The build: what is published, and nothing else, ends up in dist/.
 *
 * n8n Cloud takes a package only when it has no dependencies and its JavaScript touches no process,
 * no timers and no console. So the libraries that ship (fal's client, zod, …) are bundled into each
 * node, and what they would do with those three is taken out: see `bundle` below.
 */
const { dest, parallel, series, src, watch } = require('gulp');
const esbuild = require('esbuild');
const { execFile } = require('node:child_process');
const { n8n } = require('./package.json');
const { rm } = require('node:fs/promises');
const { promisify } = require('node:util');

const SOURCES = ['nodes/**/*.ts', 'credentials/**/*.ts'];

/** n8n is told in package.json what to load; these are the sources of just that. */
const ENTRIES = [...n8n.nodes, ...n8n.credentials].map((file) =>
	file.replace(/^dist\//, '').replace(/\.js$/, '.ts'),
);
const ASSETS = ['nodes/**/*.node.json', 'icons/*.svg'];

const clean = () => rm('dist', { recursive: true, force: true });

/** esbuild doesn't check types; tsc does nothing else here. */
const types = () =>
	promisify(execFile)(process.execPath, [
		require.resolve('typescript/bin/tsc'),
		'--project',
		'tsconfig.build.json',
	]);

const bundle = () =>
	esbuild.build({
		entryPoints: ENTRIES,
		outdir: 'dist',
		outbase: '.',
		bundle: true,
		platform: 'node',
		format: 'cjs',
		target: 'node20',
		// n8n brings it; a second copy would not be recognised by n8n's own `instanceof`.
		external: ['n8n-workflow'],
		// fal's client reads the key from the environment when there is a `process`: there is none.
		define: { process: 'undefined', globalThis: 'undefined' },
		drop: ['console'],
		// Timers become n8n's own `sleep`.
		inject: ['scripts/build/timers.ts'],
		keepNames: true,
		legalComments: 'none',
		logLevel: 'warning',
	});

// Without `encoding: false` gulp takes every file for text.
const assets = () => src(ASSETS, { base: '.', encoding: false }).pipe(dest('dist'));

const build = series(clean, parallel(types, bundle, assets));

const rebuild = () => watch([...SOURCES, ...ASSETS], parallel(bundle, assets));

module.exports = { build, watch: series(build, rebuild), default: build };
