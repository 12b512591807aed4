import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { lastLines } from '../processes/command.mts';
import { startProcessTree, type ProcessTree } from '../processes/processTree.mts';
import type { Installation } from './location.mts';

const READY_WITHIN_MS = 120_000;
const POLL_MS = 100;
const ATTEMPTS = 3;
const PORT_TAKEN = /already in use|EADDRINUSE/;

/** How long n8n may take to end before it is made to. */
export const STOP_GRACE_MS = 10_000;

/** One process of n8n, and the sign that it is ready. */
export interface LaunchOptions {
	installation: Installation;
	/** n8n's own command, e.g. start. */
	command: string;
	/** n8n reads a .env file from where it is started. */
	folder: string;
	env: NodeJS.ProcessEnv;
	logFile: string;
	/** Answers 2xx as soon as n8n can work. */
	readinessUrl: string;
	/** Is in the log by then. */
	readyLine: string;
	signal?: AbortSignal;
}

/** n8n ended, or did not become ready in time, when it should have started. */
export class N8nDidNotStart extends Error {
	constructor(reason: string, log: string) {
		super(`n8n ${reason}. The end of its log:\n\n${lastLines(log)}`);
		this.name = 'N8nDidNotStart';
	}
}

function start({ installation, command, folder, env, logFile }: LaunchOptions): ProcessTree {
	return startProcessTree(installation.node, [installation.n8n, command], {
		cwd: folder,
		env,
		output: { file: logFile },
	});
}

async function answersReady(url: string): Promise<boolean> {
	try {
		const response = await fetch(url);
		await response.arrayBuffer();
		return response.ok;
	} catch {
		return false;
	}
}

async function untilReady(tree: ProcessTree, options: LaunchOptions): Promise<void> {
	const { readinessUrl, readyLine, signal } = options;
	const deadline = Date.now() + READY_WITHIN_MS;
	const log = async () => await readFile(options.logFile, 'utf8');
	let ended = false;
	const noteEnd = () => {
		ended = true;
	};
	tree.exited.then(noteEnd, noteEnd);
	while (!((await answersReady(readinessUrl)) && (await log()).includes(readyLine))) {
		signal?.throwIfAborted();
		if (ended) {
			await tree.exited;
			throw new N8nDidNotStart('ended while it was starting', await log());
		}
		if (Date.now() > deadline) {
			throw new N8nDidNotStart(`was not ready in ${READY_WITHIN_MS / 1000} s`, await log());
		}
		await wait(POLL_MS);
	}
}

/**
 * Starts one process of n8n and waits until it is ready.
 *
 * @throws N8nDidNotStart, or what kept its process from being started; nothing of it runs any more then
 */
export async function launchN8n(options: LaunchOptions): Promise<ProcessTree> {
	const tree = start(options);
	try {
		await untilReady(tree, options);
		return tree;
	} catch (error) {
		await tree.end(STOP_GRACE_MS);
		throw error;
	}
}

const lostItsPort = (error: unknown) =>
	error instanceof N8nDidNotStart && PORT_TAKEN.test(error.message);

/** Runs a start again when somebody else took a port between finding it free and listening on it. */
export async function withFreePorts<Started>(
	start: () => Promise<Started>,
	signal?: AbortSignal,
): Promise<Started> {
	for (let tries = 1; ; tries++) {
		signal?.throwIfAborted();
		try {
			return await start();
		} catch (error) {
			if (tries === ATTEMPTS || !lostItsPort(error)) throw error;
		}
	}
}
