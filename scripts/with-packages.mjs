#!/usr/bin/env node
// Plain JavaScript without packages: on a fresh clone there are none yet.
//
//   node scripts/with-packages.mjs SCRIPT.mts [args…]
//
// makes sure that the project's packages are those of package-lock.json, then runs the script.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withPlainLock } from './lock/plainLock.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const STAMP = join(ROOT, 'node_modules', '.installed-from');
const LOCK = join(ROOT, '.cache', 'packages.lock');
const OLDEST_NODE = 20;
const STILL_BUSY_MS = 15_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const seconds = (since) => `${Math.round((Date.now() - since) / 1000)} s`;

const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '');

/** What decides which packages are installed; a new version or script of ours does not. */
function wantedPackages() {
	const { dependencies, devDependencies, optionalDependencies, peerDependencies, overrides } =
		JSON.parse(read(join(ROOT, 'package.json')));
	return createHash('sha256')
		.update(read(join(ROOT, 'package-lock.json')))
		.update(
			JSON.stringify({
				dependencies,
				devDependencies,
				optionalDependencies,
				peerDependencies,
				overrides,
			}),
		)
		.digest('hex');
}

const isInstalled = () => read(STAMP) === wantedPackages();

function checkNode() {
	const major = Number(process.versions.node.split('.')[0]);
	if (major >= OLDEST_NODE) return;
	console.error(
		`This project needs Node.js ${OLDEST_NODE} or newer; this is ${process.version}.\n` +
			'Install a newer one from https://nodejs.org and run the command again.',
	);
	process.exit(1);
}

/** The npm that runs this script if there is one, else the one on the PATH. */
function npmCommand() {
	const running = process.env.npm_execpath;
	return running?.endsWith('npm-cli.js') ? [process.execPath, [running]] : ['npm', []];
}

/**
 * Runs a command in this terminal, hands signals on to it and gives its exit code. (A Ctrl-C
 * reaches it from the terminal as well; our scripts take the second for the first.)
 */
function run(file, args) {
	return new Promise((done, fail) => {
		const child = spawn(file, args, { cwd: ROOT, stdio: 'inherit' });
		const handOn = (signal) => child.kill(signal);
		for (const signal of SIGNALS) process.on(signal, handOn);
		child.on('error', fail);
		child.on('exit', (code, signal) => {
			for (const name of SIGNALS) process.off(name, handOn);
			done(code ?? 128 + constants.signals[signal]);
		});
	});
}

const INSTALL = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];

async function installPackages() {
	if (isInstalled()) return;
	console.log('Installing the packages of package-lock.json, one to two minutes …');
	const since = Date.now();
	const busy = setInterval(
		() => console.log(`  … still installing, ${seconds(since)}`),
		STILL_BUSY_MS,
	);
	const [npm, before] = npmCommand();
	const code = await run(npm, [...before, ...INSTALL]).finally(() => clearInterval(busy));
	if (code > 128) process.exit(code);
	if (code !== 0) {
		console.error(
			'\nnpm could not install the packages; its own words are above. Run the command again once that is solved.',
		);
		process.exit(code);
	}
	writeFileSync(STAMP, wantedPackages());
	console.log(`Packages installed in ${seconds(since)}.\n`);
}

const [script, ...args] = process.argv.slice(2);
if (script === undefined) {
	console.error('Usage: node scripts/with-packages.mjs SCRIPT.mts [args…]');
	process.exit(2);
}
checkNode();
if (!isInstalled()) {
	await withPlainLock(LOCK, installPackages, (owner) =>
		console.log(`Waiting: process ${owner} is installing the packages …`),
	);
}
process.exitCode = await run(process.execPath, ['--import', 'tsx', resolve(ROOT, script), ...args]);
