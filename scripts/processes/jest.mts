import { fileURLToPath } from 'node:url';
import { runVisibly } from './command.mts';
import { packageBin } from './packageBin.mts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const jest = packageBin('jest');

/** How to run jest. */
export interface JestOptions {
	projects: readonly string[];
	/** More arguments for jest, e.g. `-t name`. */
	args: readonly string[];
	env?: NodeJS.ProcessEnv;
	signal: AbortSignal;
}

/** Runs jest in this terminal, and gives its exit code. */
export async function runJest({ projects, args, env, signal }: JestOptions): Promise<number> {
	const command = [jest, '--selectProjects', ...projects, ...args];
	return await runVisibly(process.execPath, command, { cwd: ROOT, env, signal });
}
