import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cleanup } from '../processes/cleanup.mts';
import { runStep, runTogether } from '../terminal/steps.mts';
import { installPackage, packPackage } from './communityPackage.mts';
import { ensureN8n } from './install.mts';
import { startN8n } from './instance.mts';
import { N8nClient, type Owner, type Session } from './rest.mts';
import { n8nVersion, NEWEST, type Target } from './targets.mts';

/** What a host is started with. */
export interface HostOptions {
	signal: AbortSignal;
	/** Ends the host, and takes its folder away. */
	cleanup: Cleanup;
	/** The newest n8n if left out. */
	target?: Target;
	/** More of n8n's environment variables. */
	env?: Record<string, string>;
}

/** A running n8n that has this project's node installed, and an owner. */
export interface Host {
	target: Target['name'];
	url: string;
	owner: Owner;
	/** The owner's, logged in. */
	session: Session;
	/** The packed package that was installed. */
	tarball: string;
	/** Where n8n has it. */
	packageFolder: string;
	logFile: string;
}

/** Somebody to own a new n8n. */
export const newOwner = (): Owner => ({
	email: 'you@example.com',
	// n8n asks for a capital and a digit.
	password: `Video7-${randomBytes(4).toString('hex')}`,
	firstName: 'Video',
	lastName: 'Maker',
});

/** A folder for what is started, gone in the end. */
export async function ownFolder(cleanup: Cleanup): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'n8n-nodes-fal-ltx-'));
	cleanup.add(async () => await rm(folder, { recursive: true, force: true, maxRetries: 5 }));
	return folder;
}

/** n8n, and the package installed in its folder: whichever takes longer is waited for. */
async function prepare(
	{ folder, userFolder }: { folder: string; userFolder: string },
	target: Target,
	{ signal }: HostOptions,
) {
	return await runTogether(
		signal,
		[
			`n8n ${n8nVersion(target)} is there`,
			async (report, shared) => await ensureN8n({ target, report, signal: shared }),
		],
		[
			'Node built, packed, installed as a community node',
			async (_, shared) => {
				const tarball = await packPackage(folder, { signal: shared });
				const installed = await installPackage(tarball, userFolder, { signal: shared });
				return { tarball, packageFolder: installed.folder };
			},
		],
	);
}

/** Starts an n8n of its own on 127.0.0.1, with the node as people install it. */
export async function startHost(options: HostOptions): Promise<Host> {
	const { signal, cleanup, target = NEWEST, env } = options;
	const folder = await ownFolder(cleanup);
	const userFolder = join(folder, 'n8n');
	const [installation, installed] = await prepare({ folder, userFolder }, target, options);
	return await runStep('n8n started', async () => {
		const { url, logFile, stop } = await startN8n({
			installation,
			folder: userFolder,
			env,
			signal,
		});
		cleanup.add(stop);
		const owner = newOwner();
		const n8n = new N8nClient(url);
		await n8n.setUpOwner(owner);
		return { target: target.name, url, owner, session: n8n.session, logFile, ...installed };
	});
}
