// npm run e2e [-- --n8n oldest] [jest arguments]: the tests that need a real n8n.
import { startHost } from './n8n/host.mts';
import { NEWEST, targetNamed, type Target } from './n8n/targets.mts';
import { runJest } from './processes/jest.mts';
import { runMain } from './processes/main.mts';

/** test/e2e/harness.mts reads it: n8n is started here, where a Ctrl-C ends it in order. */
const HOST_VARIABLE = 'E2E_HOST';
const TARGET_OPTION = '--n8n';

/** The n8n that is asked for, and what is for jest. */
function readArguments([first, name, ...rest]: string[]) {
	if (first !== TARGET_OPTION) return { target: NEWEST, args: process.argv.slice(2) };
	return { target: targetNamed(name ?? ''), args: rest };
}

const leftOut = (target: Target) =>
	target.leftOut.map((pattern) => `--testPathIgnorePatterns=${pattern}`);

await runMain(async (signal, cleanup) => {
	const { target, args } = readArguments(process.argv.slice(2));
	const host = await startHost({ target, signal, cleanup });
	console.log();
	return await runJest({
		projects: ['e2e'],
		// All tests share one n8n; side by side they would only wait for each other.
		args: ['--runInBand', ...args, ...leftOut(target)],
		env: { ...process.env, [HOST_VARIABLE]: JSON.stringify(host) },
		signal,
	});
});
