import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { lock } from 'proper-lockfile';

const POLL_MS = 200;
/** A lock is renewed every half of this; one that was not renewed for so long was left by a crash. */
const STALE_MS = 20_000;

/** How to wait for a lock. */
export interface ExclusiveOptions {
	/** Called once when another process holds the lock. */
	onWait?: () => void;
	/** Ends the waiting. */
	signal?: AbortSignal;
}

type Release = () => Promise<void>;

/** Undefined while another process has the lock. */
async function tryToLock(file: string, onLost: (error: Error) => void) {
	try {
		return await lock(file, { stale: STALE_MS, realpath: false, onCompromised: onLost });
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ELOCKED') return undefined;
		throw error;
	}
}

async function untilLocked(
	file: string,
	onLost: (error: Error) => void,
	{ onWait, signal }: ExclusiveOptions,
): Promise<Release> {
	const first = await tryToLock(file, onLost);
	if (first) return first;
	onWait?.();
	for (;;) {
		await wait(POLL_MS, undefined, { signal });
		const release = await tryToLock(file, onLost);
		if (release) return release;
	}
}

/**
 * Runs `work` while no other process of this machine holds the same lock, the folder `<file>.lock`.
 *
 * @param work ends when its signal comes: that of the options, or when the lock was lost because this
 * machine slept
 */
export async function exclusive<Result>(
	file: string,
	work: (signal: AbortSignal) => Promise<Result>,
	options: ExclusiveOptions = {},
): Promise<Result> {
	await mkdir(dirname(file), { recursive: true });
	const lost = new AbortController();
	const release = await untilLocked(file, (error) => lost.abort(error), options);
	try {
		return await work(AbortSignal.any([lost.signal, ...(options.signal ? [options.signal] : [])]));
	} finally {
		if (!lost.signal.aborted) await release();
	}
}
