import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import treeKill from 'tree-kill';

const POLL_MS = 50;
const AFTER_KILL_MS = 2_000;

/** How a process ended: by itself with a code, or by a signal. */
export interface Exit {
	code: number | null;
	signal: NodeJS.Signals | null;
}

/** A process with all its descendants. */
export interface ProcessTree {
	child: ChildProcess;
	/** Settles when the process itself has ended; rejects when it could not be started. */
	exited: Promise<Exit>;
	/** Asks the whole tree to end, and after `graceMs` makes it. */
	end(graceMs?: number): Promise<void>;
}

const running = new Set<number>();
const hasGroups = process.platform !== 'win32';

/** Signals every process of the tree; false when none is left. */
function signalTree(pid: number, signal: NodeJS.Signals | 0): boolean {
	if (!hasGroups) {
		if (signal !== 0) treeKill(pid, signal);
		return running.has(pid);
	}
	try {
		return process.kill(-pid, signal);
	} catch {
		return false;
	}
}

async function goneWithin(pid: number, milliseconds: number): Promise<boolean> {
	const deadline = Date.now() + milliseconds;
	while (signalTree(pid, 0)) {
		if (Date.now() > deadline) return false;
		await wait(POLL_MS);
	}
	return true;
}

async function endTree(pid: number, graceMs: number): Promise<void> {
	signalTree(pid, 'SIGTERM');
	if (await goneWithin(pid, graceMs)) return;
	signalTree(pid, 'SIGKILL');
	await goneWithin(pid, AFTER_KILL_MS);
}

// The last resort when this process ends in a way that nobody foresaw.
process.on('exit', () => {
	for (const pid of running) signalTree(pid, 'SIGKILL');
});

/**
 * Starts a process as the head of its own group: a Ctrl-C in the terminal reaches only us, so
 * that we decide in which order things end, and descendants are found even after it has died.
 */
export function startProcessTree(
	file: string,
	args: readonly string[],
	options: SpawnOptions,
): ProcessTree {
	const child = spawn(file, args, { ...options, detached: hasGroups });
	const { pid } = child;
	if (pid !== undefined) running.add(pid);
	const exited = new Promise<Exit>((resolve, reject) => {
		child.once('error', reject);
		child.once('close', (code, signal) => {
			if (pid !== undefined && !(hasGroups && signalTree(pid, 0))) running.delete(pid);
			resolve({ code, signal });
		});
	});
	// Whoever awaits `exited` sees the failure; nobody has to.
	exited.catch(() => undefined);
	return {
		child,
		exited,
		async end(graceMs = 5_000) {
			if (pid === undefined) return;
			await endTree(pid, graceMs);
			running.delete(pid);
		},
	};
}
