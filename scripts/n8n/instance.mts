import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { n8nEnvironment } from './environment.mts';
import { freePorts } from './freePorts.mts';
import { launchN8n, STOP_GRACE_MS, withFreePorts } from './launch.mts';
import type { Installation } from './location.mts';

/** What n8n writes when its editor and its webhooks can be reached. */
export const EDITOR_READY = 'Editor is now accessible';

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
	/** Of n8n's main process. */
	pid: number;
	/** Ends n8n with all the processes that it started. */
	stop(): Promise<void>;
}

async function attempt({ installation, folder, env, signal }: StartOptions): Promise<N8nInstance> {
	const [port, brokerPort] = (await freePorts(2)) as [number, number];
	const encryptionKey = randomBytes(16).toString('hex');
	const settings = { installation, folder, port, brokerPort, encryptionKey };
	const url = `http://127.0.0.1:${port}`;
	const logFile = join(folder, 'n8n.log');
	const tree = await launchN8n({
		...{ installation, folder, logFile, signal },
		command: 'start',
		env: { ...n8nEnvironment(settings), ...env },
		readinessUrl: `${url}/healthz/readiness`,
		readyLine: EDITOR_READY,
	});
	const stop = async () => await tree.end(STOP_GRACE_MS);
	return { url, folder, logFile, pid: tree.pid!, stop };
}

/** Starts an n8n on free ports of 127.0.0.1 and waits until it is ready. */
export async function startN8n(options: StartOptions): Promise<N8nInstance> {
	await mkdir(join(options.folder, 'files'), { recursive: true });
	return await withFreePorts(async () => await attempt(options), options.signal);
}
