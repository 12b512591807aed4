// npm run e2e [-- jest arguments]: the tests that need a real n8n.
import { startHost } from './n8n/host.mts';
import { runJest } from './processes/jest.mts';
import { runMain } from './processes/main.mts';
import { Steps } from './terminal/steps.mts';

/** test/e2e/harness.mts reads it: n8n is started here, where a Ctrl-C ends it in order. */
const HOST_VARIABLE = 'E2E_HOST';

await runMain(async (signal, cleanup) => {
	const host = await startHost({ steps: new Steps(), signal, cleanup });
	console.log();
	return await runJest({
		projects: ['e2e'],
		// All tests share one n8n; side by side they would only wait for each other.
		args: ['--runInBand', ...process.argv.slice(2)],
		env: { ...process.env, [HOST_VARIABLE]: JSON.stringify(host) },
		signal,
	});
});
