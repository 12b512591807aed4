import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { lastLines } from '../processes/command.mts';
import { startProcessTree, type ProcessTree } from '../processes/processTree.mts';
import { n8nEnvironment } from './environment.mts';
import { freePorts } from './freePorts.mts';
import type { Installation } from './location.mts';

const READY_WITHIN_MS = 120_000;
const POLL_MS = 100;
const STOP_GRACE_MS = 10_000;
const ATTEMPTS = 3;
const READY_LINE = 'Editor is now accessible';
const PORT_TAKEN = /already in use|EADDRINUSE/;

/** How to start an n8n. */
export interface StartOptions {
	installation: Installation;
	/** n8n's own folder: its database, files and log. Community packages may be there already. */
	folder: string;
	/** More of n8n's environment variables, e.g. another store for binary data. */
	env?: Record<string, string>;
	signal?: AbortSignal;
}

/** A running n8n. */
export interface N8nInstance {
	/** Without a slash at the end. */
	url: string;
	folder: string;
	logFile: string;
	/** Ends n8n with all the processes that it started. */
	stop(): Promise<void>;
}

/** n8n ended, or did not become ready in time, when it should have started. */
export class N8nDidNotStart extends Error {
	constructor(reason: string, log: string) {
		super(`n8n ${reason}. The end of its log:\n\n${lastLines(log)}`);
		this.name = 'N8nDidNotStart';
	}
}

async function launch(options: StartOptions, logFile: string) {
	const [port, brokerPort] = (await freePorts(2)) as [number, number];
	const { installation, folder } = options;
	const encryptionKey = randomBytes(16).toString('hex');
	const settings = { installation, folder, port, brokerPort, encryptionKey };
	const log = await open(logFile, 'w');
	try {
		const tree = startProcessTree(installation.node, [installation.n8n, 'start'], {
			// n8n reads a .env file from where it is started.
			cwd: folder,
			env: { ...n8nEnvironment(settings), ...options.env },
			stdio: ['ignore', log.fd, log.fd],
		});
		return { tree, url: `http://127.0.0.1:${port}` };
	} finally {
		await log.close();
	}
}

async function answersReady(url: string): Promise<boolean> {
	try {
		const answer = await fetch(`${url}/healthz/readiness`);
		await answer.arrayBuffer();
		return answer.ok;
	} catch {
		return false;
	}
}

async function untilReady(
	{ tree, url }: { tree: ProcessTree; url: string },
	logFile: string,
	signal?: AbortSignal,
): Promise<void> {
	const deadline = Date.now() + READY_WITHIN_MS;
	const log = async () => await readFile(logFile, 'utf8');
	let ended = false;
	const noteEnd = () => {
		ended = true;
	};
	tree.exited.then(noteEnd, noteEnd);
	while (!((await answersReady(url)) && (await log()).includes(READY_LINE))) {
		signal?.throwIfAborted();
		if (ended) throw new N8nDidNotStart('ended while it was starting', await log());
		if (Date.now() > deadline) {
			throw new N8nDidNotStart(`was not ready in ${READY_WITHIN_MS / 1000} s`, await log());
		}
		await wait(POLL_MS);
	}
}

async function attempt(options: StartOptions): Promise<N8nInstance> {
	const logFile = join(options.folder, 'n8n.log');
	const { tree, url } = await launch(options, logFile);
	try {
		await untilReady({ tree, url }, logFile, options.signal);
	} catch (error) {
		await tree.end(STOP_GRACE_MS);
		throw error;
	}
	const stop = async () => await tree.end(STOP_GRACE_MS);
	return { url, folder: options.folder, logFile, stop };
}

const lostItsPort = (error: unknown) =>
	error instanceof N8nDidNotStart && PORT_TAKEN.test(error.message);

/** Starts an n8n on free ports of 127.0.0.1 and waits until it is ready. */
export async function startN8n(options: StartOptions): Promise<N8nInstance> {
	await mkdir(join(options.folder, 'files'), { recursive: true });
	for (let tries = 1; ; tries++) {
		options.signal?.throwIfAborted();
		try {
			return await attempt(options);
		} catch (error) {
			// Between finding a free port and listening on it somebody else may take it.
			if (tries === ATTEMPTS || !lostItsPort(error)) throw error;
		}
	}
}
