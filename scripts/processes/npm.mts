import { delimiter, dirname } from 'node:path';
import { runCommand, type CommandOptions } from './command.mts';

/** Where npm runs. */
export interface NpmOptions extends CommandOptions {
	cwd: string;
	/** The Node.js that runs npm and the packages' builds; this process's own if left out. */
	node?: string;
}

/**
 * Under `npm start` npm has put the settings of this project and of the running script into the
 * environment. They do not hold for a package elsewhere.
 */
function outsideOfThisProject(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
	const ofThisProject = /^npm_(package_|lifecycle_|command$|config_(local_prefix|ignore_scripts)$)/;
	return Object.fromEntries(Object.entries(env).filter(([name]) => !ofThisProject.test(name)));
}

/** Runs the system's npm and gives its standard output. */
export async function npm(
	args: readonly string[],
	{ cwd, node = process.execPath, env = process.env, signal }: NpmOptions,
): Promise<string> {
	const options = {
		cwd,
		signal,
		env: {
			...outsideOfThisProject(env),
			PATH: [dirname(node), env['PATH']].join(delimiter),
		},
	};
	const running = process.env['npm_execpath'];
	return running?.endsWith('npm-cli.js')
		? await runCommand(node, [running, ...args], options)
		: await runCommand('npm', args, options);
}
