import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa, ExecaError } from 'execa';
import treeKill from 'tree-kill';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const POLL_MS = 50;
const AFTER_KILL_MS = 2_000;

/** How to start a process. */
export interface ProcessOptions {
	cwd?: string;
	/** Exactly this environment; that of this process if left out. */
	env?: NodeJS.ProcessEnv;
	/** Runs it as another user. */
	uid?: number;
	gid?: number;
	/** Finds the commands of this project's packages by their names. */
	preferLocal?: boolean;
	/** Where its output goes: kept for the result (the default), a new file, or this terminal. */
	output?: 'pipe' | 'ignore' | 'inherit' | { file: string };
}

/** How a process ended: by itself with an exit code, or by a signal. */
export interface Exit {
	exitCode: number | undefined;
	signal: NodeJS.Signals | undefined;
	/** What it wrote to standard output, and to both of its outputs, where that was kept. */
	stdout: string;
	all: string;
}

/** A process with all its descendants. */
export interface ProcessTree {
	/** Of the process, which is the head of its own group. */
	pid: number | undefined;
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

// The last resort when this process ends in an unforeseen way.
process.on('exit', () => {
	for (const pid of running) signalTree(pid, 'SIGKILL');
});

const start = (
	file: string,
	args: readonly string[],
	{ output = 'pipe', env = process.env, ...options }: ProcessOptions,
) =>
	execa(file, args, {
		...options,
		env,
		extendEnv: false,
		localDir: HERE,
		stdin: 'ignore',
		stdout: output,
		stderr: output,
		all: true,
		stripFinalNewline: false,
		reject: false,
		detached: hasGroups,
		// It ends one process; the trees are ended above.
		cleanup: false,
	});

async function untilExit(child: ReturnType<typeof start>): Promise<Exit> {
	const result = await child;
	const { exitCode, signal, stdout = '', all = '' } = result;
	const hasStarted = exitCode !== undefined || signal !== undefined;
	if (!hasStarted && result instanceof ExecaError) throw result;
	return { exitCode, signal, stdout, all };
}

/**
 * Starts a process as the head of its own group: a Ctrl-C in the terminal reaches only us, so
 * that we decide in which order things end, and descendants are found even after it has died.
 */
export function startProcessTree(
	file: string,
	args: readonly string[],
	options: ProcessOptions = {},
): ProcessTree {
	const child = start(file, args, options);
	const { pid } = child;
	if (pid !== undefined) running.add(pid);
	const exited = untilExit(child).finally(() => {
		if (pid !== undefined && !(hasGroups && signalTree(pid, 0))) running.delete(pid);
	});
	// A caller that awaits `exited` gets the failure; without one it must not be unhandled.
	exited.catch(() => undefined);
	return {
		pid,
		exited,
		async end(graceMs = 5_000) {
			if (pid === undefined) return;
			await endTree(pid, graceMs);
			running.delete(pid);
		},
	};
}
