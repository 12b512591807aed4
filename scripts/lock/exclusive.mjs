// Plain JavaScript with types beside it: scripts/with-packages.mjs needs it before any package exists.
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const POLL_MS = 200;
/** A takeover is a few file operations in a row; a guard older than this was left by a crash. */
const GUARD_MAX_AGE_MS = 10_000;

const isAlive = (pid) => {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return error.code === 'EPERM';
	}
};

const createOnce = (file) => {
	try {
		writeFileSync(file, String(process.pid), { flag: 'wx' });
		return true;
	} catch (error) {
		if (error.code === 'EEXIST') return false;
		throw error;
	}
};

const readOrUndefined = (read) => {
	try {
		return read();
	} catch (error) {
		if (error.code === 'ENOENT') return undefined;
		throw error;
	}
};

const ownerOf = (file) => {
	const pid = Number(readOrUndefined(() => readFileSync(file, 'utf8')));
	return Number.isInteger(pid) && pid > 0 ? pid : undefined;
};

const dropOldGuard = (guard) => {
	const age = Date.now() - (readOrUndefined(() => statSync(guard).mtimeMs) ?? Date.now());
	if (age > GUARD_MAX_AGE_MS) rmSync(guard, { force: true });
};

/**
 * Two processes may both see a dead owner. Only the one that holds the guard looks again and
 * replaces the file, so that the second can't remove the lock that the first has just taken.
 */
const takeOverFromDead = (file) => {
	const guard = `${file}.takeover`;
	if (!createOnce(guard)) {
		dropOldGuard(guard);
		return false;
	}
	try {
		const owner = ownerOf(file);
		if (owner !== undefined && isAlive(owner)) return false;
		const mine = `${file}.${process.pid}`;
		writeFileSync(mine, String(process.pid));
		renameSync(mine, file);
		return true;
	} finally {
		rmSync(guard, { force: true });
	}
};

const tryToTake = (file) => {
	if (createOnce(file)) return true;
	const owner = ownerOf(file);
	return owner !== undefined && isAlive(owner) ? false : takeOverFromDead(file);
};

/** Runs `work` while no other process of this machine holds the same lock file. */
export async function exclusive(file, work, { onWait = () => {}, signal } = {}) {
	mkdirSync(dirname(file), { recursive: true });
	let told = false;
	while (!tryToTake(file)) {
		if (!told) onWait(ownerOf(file));
		told = true;
		await wait(POLL_MS, undefined, { signal });
	}
	try {
		return await work();
	} finally {
		rmSync(file, { force: true });
	}
}
