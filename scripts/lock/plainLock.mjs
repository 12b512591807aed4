// The lock of scripts/with-packages.mjs, which installs the packages and so can't use the one of
// exclusive.mts: that one is made with a package.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const POLL_MS = 200;

const isAlive = (pid) => {
	try {
		return process.kill(pid, 0);
	} catch (error) {
		return error.code === 'EPERM';
	}
};

/** Runs a file operation; undefined when it failed with this code. */
const unless = (code, operation) => {
	try {
		return operation() ?? true;
	} catch (error) {
		if (error.code === code) return undefined;
		throw error;
	}
};

const ownerOf = (file) => Number(unless('ENOENT', () => readFileSync(file, 'utf8')));

/** The lock file has its content, our process id, from the moment that it is there. */
function tryToTake(file) {
	const own = `${file}.${process.pid}`;
	writeFileSync(own, String(process.pid));
	const isTaken = unless('EEXIST', () => linkSync(own, file)) === true;
	rmSync(own);
	return isTaken;
}

/** Of several processes that see a dead owner one renames the file, and looks again at what it has. */
function removeIfDead(file) {
	const owner = ownerOf(file);
	if (Number.isNaN(owner) || isAlive(owner)) return;
	const aside = `${file}.${process.pid}`;
	if (unless('ENOENT', () => renameSync(file, aside)) === undefined) return;
	if (ownerOf(aside) !== owner) unless('EEXIST', () => linkSync(aside, file));
	rmSync(aside);
}

/** Runs `work` while no other process of this machine holds the lock file. */
export async function withPlainLock(file, work, onWait) {
	mkdirSync(dirname(file), { recursive: true });
	for (let tries = 0; !tryToTake(file); tries++) {
		removeIfDead(file);
		if (tries === 1) onWait(ownerOf(file));
		if (tries > 0) await wait(POLL_MS);
	}
	try {
		return await work();
	} finally {
		rmSync(file, { force: true });
	}
}
