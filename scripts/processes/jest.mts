import { fileURLToPath } from 'node:url';
import { runVisibly } from './command.mts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

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
	const command = ['--selectProjects', ...projects, ...args];
	return await runVisibly('jest', command, { cwd: ROOT, env, signal, preferLocal: true });
}
