// npm test [-- jest arguments]: everything that needs no n8n of its own.
import { fileURLToPath } from 'node:url';
import { buildPackage } from './n8n/communityPackage.mts';
import { CommandFailed, runCommand } from './processes/command.mts';
import { runJest } from './processes/jest.mts';
import { runMain } from './processes/main.mts';
import { npm } from './processes/npm.mts';
import { runSteps, type Step } from './terminal/steps.mts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PROJECTS = ['unit', 'emulator', 'integration', 'package'];

const checks = (signal: AbortSignal): Array<Step<unknown>> => [
	['Lint', async () => await npm(['run', 'lint'], { cwd: ROOT, signal })],
	[
		'Types, then the build',
		async () => {
			await runCommand('tsc', ['--noEmit'], { cwd: ROOT, signal, preferLocal: true });
			await buildPackage({ signal });
		},
	],
];

/** All that a failed command wrote: of a linter each line counts. */
const outputOf = (error: unknown) =>
	error instanceof CommandFailed ? error.output.trim() : String(error);

/** Runs the checks side by side, and shows the output of those that failed. */
async function runChecks(signal: AbortSignal): Promise<boolean> {
	const results = await runSteps(...checks(signal));
	signal.throwIfAborted();
	const failures = results.filter((result) => result.status === 'rejected');
	for (const { reason } of failures) console.error(`\n${outputOf(reason)}`);
	return failures.length === 0;
}

await runMain(async (signal) => {
	const good = await runChecks(signal);
	console.log();
	const args = process.argv.slice(2);
	const code = await runJest({ projects: PROJECTS, args, signal });
	if (!good) console.error('\nLint, types or build failed: see above.');
	return good ? code : 1;
});
