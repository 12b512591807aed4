/*
 * The build: what is published, and nothing else, ends up in dist/.
 *
 * n8n Cloud takes a package only when it has no dependencies and its JavaScript touches no process,
 * no timers and no console. So the libraries that ship (fal's client, zod, …) are bundled into each
 * node, and what they would do with those three is taken out: see scripts/build/bundle.mts.
 */
const { dest, parallel, series, src, watch } = require('gulp');
const { spawn } = require('node:child_process');
const { rm } = require('node:fs/promises');

const { assets: ASSETS, code: SOURCES } = require('./scripts/build/sources.json');

const clean = () => rm('dist', { recursive: true, force: true });

const run = (...args) => spawn(process.execPath, args, { cwd: __dirname, stdio: 'inherit' });

/** esbuild doesn't check types; tsc does nothing else here. */
const types = () => run(require.resolve('typescript/bin/tsc'), '--project', 'tsconfig.build.json');

const bundle = () => run('--import', 'tsx', 'scripts/build/main.mts');

// Without `encoding: false` gulp takes every file for text.
const assets = () => src(ASSETS, { base: '.', encoding: false }).pipe(dest('dist'));

const build = series(clean, parallel(types, bundle, assets));

const rebuild = () => watch([...SOURCES, ...ASSETS], parallel(bundle, assets));

module.exports = { build, watch: series(build, rebuild), default: build };
