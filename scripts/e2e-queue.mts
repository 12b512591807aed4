// npm run e2e:queue [-- jest arguments]: the tests that need n8n's queue mode, once for each place
// where it can keep binary data. PostgreSQL and Redis are found or started.
import { join } from 'node:path';
import { BINARY_MODES, startCluster, type BinaryMode } from './cluster/cluster.mts';
import { newDatabase } from './cluster/postgres.mts';
import { newQueue } from './cluster/redis.mts';
import type { ServerOptions } from './cluster/server.mts';
import { packPackage } from './n8n/communityPackage.mts';
import { newOwner, ownFolder } from './n8n/host.mts';
import { ensureN8n } from './n8n/install.mts';
import { N8nClient } from './n8n/rest.mts';
import { Cleanup } from './processes/cleanup.mts';
import { runJest } from './processes/jest.mts';
import { runMain } from './processes/main.mts';
import { runStep, runTogether } from './terminal/steps.mts';

/** test/queue/harness.mts reads it. */
const CLUSTER_VARIABLE = 'E2E_CLUSTER';
const WORKERS = 2;

/** n8n and the packed package: whichever takes longer is waited for. */
const prepare = async (folder: string, signal: AbortSignal) =>
	await runTogether(
		signal,
		['n8n is there', async (report, shared) => await ensureN8n({ report, signal: shared })],
		['Node built and packed', async (_, shared) => await packPackage(folder, { signal: shared })],
	);

const findServices = async (options: ServerOptions) =>
	await runStep('PostgreSQL and Redis are there', async () => ({
		...(await newDatabase(options)),
		...(await newQueue(options)),
	}));

/** Runs the tests in a cluster of their own, which is gone at the end. */
async function testIn(
	binaryMode: BinaryMode,
	{ tarball, installation }: { tarball: string; installation: ServerOptions['installation'] },
	signal: AbortSignal,
): Promise<number> {
	const cleanup = new Cleanup();
	console.log(`\nQueue mode, binary data in the ${binaryMode}`);
	try {
		const options = { installation, cleanup, signal };
		const services = await findServices(options);
		const folder = await ownFolder(cleanup);
		const cluster = await startCluster({
			...{ ...options, tarball, folder, binaryMode, services },
			workers: WORKERS,
		});
		const n8n = new N8nClient(cluster.url);
		await n8n.setUpOwner(newOwner());
		const known = { ...cluster, session: n8n.session, binaryMode };
		return await runJest({
			projects: ['queue'],
			args: ['--runInBand', ...process.argv.slice(2)],
			// What tests that are interrupted leave behind is gone with the folder.
			env: { ...process.env, TMPDIR: folder, [CLUSTER_VARIABLE]: JSON.stringify(known) },
			signal,
		});
	} finally {
		await cleanup.run();
	}
}

await runMain(async (signal, cleanup) => {
	const folder = await ownFolder(cleanup);
	const [installation, tarball] = await prepare(join(folder, 'package'), signal);
	for (const binaryMode of BINARY_MODES) {
		const code = await testIn(binaryMode, { tarball, installation }, signal);
		if (code !== 0) return code;
	}
	return 0;
});
