import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Installation } from '../n8n/location.mts';
import type { Cleanup } from '../processes/cleanup.mts';

const POLL_MS = 100;
const ANSWERS_WITHIN_MS = 30_000;
const DEBIAN_POSTGRES = '/usr/lib/postgresql';

/** What a server of the cluster is found, or started, with. */
export interface ServerOptions {
	/** Its drivers are the ones that n8n itself will use. */
	installation: Installation;
	cleanup: Cleanup;
	signal: AbortSignal;
}

/** A driver that came with n8n. Its types are the caller's to state. */
export function driverOf<Driver>({ n8n }: Installation, name: string): Driver {
	return createRequire(n8n)(name) as Driver;
}

const foldersOfDebian = () =>
	existsSync(DEBIAN_POSTGRES)
		? readdirSync(DEBIAN_POSTGRES).map((version) => join(DEBIAN_POSTGRES, version, 'bin'))
		: [];

/** Where an installed program is; undefined when it is not installed. */
export function programNamed(name: string): string | undefined {
	const onPath = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
	return [...onPath, ...foldersOfDebian()]
		.map((folder) => join(folder, name))
		.find((file) => existsSync(file));
}

/** A folder for a server's files, gone in the end; of this user unless another one is named. */
export async function serverFolder(name: string, cleanup: Cleanup, uid?: number): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), `n8n-nodes-fal-ltx-${name}-`));
	cleanup.add(async () => await rm(folder, { recursive: true, force: true, maxRetries: 5 }));
	if (uid !== undefined) await chown(folder, uid, uid);
	return folder;
}

/** Waits until a server that was just started answers. @throws what it answered last otherwise */
export async function untilAnswers(
	ask: () => Promise<unknown>,
	signal: AbortSignal,
): Promise<void> {
	const deadline = Date.now() + ANSWERS_WITHIN_MS;
	for (;;) {
		try {
			await ask();
			return;
		} catch (error) {
			if (Date.now() > deadline) throw error;
			await wait(POLL_MS, undefined, { signal });
		}
	}
}
