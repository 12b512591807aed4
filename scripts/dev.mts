// npm run dev: a real n8n with the node, which is built and loaded again at each change of it.
import { join } from 'node:path';
import { watchSources } from './build/watch.mts';
import { startHost } from './n8n/host.mts';
import { RELOADING, untilReloading } from './n8n/hotReload.mts';
import { N8nClient } from './n8n/rest.mts';
import type { Cleanup } from './processes/cleanup.mts';
import { runVisibly } from './processes/command.mts';
import { runMain } from './processes/main.mts';
import { readExample } from './start/example.mts';
import { localFal } from './start/fal.mts';
import { importExample } from './start/importExample.mts';
import { credentialReport, editorReport } from './start/report.mts';
import { runStep } from './terminal/steps.mts';

const WATCH_TYPES = ['--noEmit', '--watch', '--preserveWatchOutput'];

function reportBuild(hasWorked: boolean): void {
	const time = new Date().toLocaleTimeString();
	console.log(`[${time}] ${hasWorked ? 'Built; n8n loads it.' : 'Not built: see above.'}`);
}

async function run(signal: AbortSignal, cleanup: Cleanup): Promise<number> {
	const fal = await runStep('Local fal started', localFal);
	cleanup.add(fal.close);
	const host = await startHost({ signal, cleanup, env: RELOADING });
	const { url, owner, session, packageFolder } = host;
	const { id } = await runStep(
		'Credential tested, example workflow imported',
		async () => await importExample(new N8nClient(url, session), fal, await readExample()),
	);
	await runStep('n8n watches the package', async () => await untilReloading(host, signal));
	const outdir = join(packageFolder, 'dist');
	cleanup.add(await watchSources({ outdir, onBuilt: reportBuild }));
	console.log(editorReport(`${url}/workflow/${id}`, owner));
	console.log(credentialReport(fal));
	console.log(
		'\nWatching nodes/, credentials/ and icons/. Ctrl-C ends n8n and removes its folder.\n',
	);
	return await runVisibly('tsc', WATCH_TYPES, { signal, preferLocal: true });
}

await runMain(run);
