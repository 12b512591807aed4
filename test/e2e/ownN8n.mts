import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installPackage } from '../../scripts/n8n/communityPackage.mts';
import { ensureN8n } from '../../scripts/n8n/install.mts';
import { startN8n } from '../../scripts/n8n/instance.mts';
import { N8nClient } from '../../scripts/n8n/rest.mts';
import { targetNamed } from '../../scripts/n8n/targets.mts';
import { Cleanup } from '../../scripts/processes/cleanup.mts';
import { runningHost } from './harness.mts';

/** An n8n of one test file. */
export interface OwnN8n {
	n8n: N8nClient;
	/** Ends it, and takes its folder away. */
	close(): Promise<void>;
}

/**
 * Starts an n8n with other settings than the one that all tests share: the same version, with the
 * same package.
 * @param env n8n's environment variables
 */
export async function startOwnN8n(env: Record<string, string>): Promise<OwnN8n> {
	const { target, tarball, owner } = runningHost();
	const cleanup = new Cleanup();
	const close = async () => await cleanup.run();
	try {
		const folder = await mkdtemp(join(tmpdir(), 'n8n-nodes-fal-ltx-own-'));
		cleanup.add(async () => await rm(folder, { recursive: true, force: true, maxRetries: 5 }));
		const installation = await ensureN8n({ target: targetNamed(target) });
		await installPackage(tarball, folder);
		const { url, stop } = await startN8n({ installation, folder, env });
		cleanup.add(stop);
		const n8n = new N8nClient(url);
		await n8n.setUpOwner(owner);
		return { n8n, close };
	} catch (error) {
		await close();
		throw error;
	}
}
