import { startProcessTree, type Exit, type ProcessOptions } from './processTree.mts';

/** How to run a command. */
export interface CommandOptions extends Omit<ProcessOptions, 'output'> {
	/** Ends the command with all its descendants. */
	signal?: AbortSignal;
}

/** A command that ended with another exit code than 0; the message shows the end of its output. */
export class CommandFailed extends Error {
	constructor(
		readonly command: string,
		readonly exitCode: number,
		readonly output: string,
	) {
		super(`${command} failed with exit code ${exitCode}:\n${lastLines(output)}`);
		this.name = 'CommandFailed';
	}
}

/** The last lines of a longer text. */
export function lastLines(text: string, count = 25): string {
	return text.trimEnd().split('\n').slice(-count).join('\n');
}

/** Runs a process to its end; when the signal comes it ends the tree, and waits until it has ended. */
async function untilExit(
	file: string,
	args: readonly string[],
	{ signal, ...options }: CommandOptions & ProcessOptions,
): Promise<Exit> {
	signal?.throwIfAborted();
	const tree = startProcessTree(file, args, options);
	let ending: Promise<void> | undefined;
	const end = () => {
		ending = tree.end();
	};
	signal?.addEventListener('abort', end, { once: true });
	try {
		const exit = await tree.exited;
		await ending;
		signal?.throwIfAborted();
		return exit;
	} finally {
		signal?.removeEventListener('abort', end);
	}
}

/** Runs a command to its end and gives what it wrote to standard output. */
export async function runCommand(
	file: string,
	args: readonly string[],
	options: CommandOptions = {},
): Promise<string> {
	const { exitCode = 1, stdout, all } = await untilExit(file, args, options);
	if (exitCode !== 0) throw new CommandFailed([file, ...args].join(' '), exitCode, all);
	return stdout;
}

/** Runs a command in this terminal and gives its exit code. */
export async function runVisibly(
	file: string,
	args: readonly string[],
	options: CommandOptions = {},
): Promise<number> {
	const { exitCode = 1 } = await untilExit(file, args, { ...options, output: 'inherit' });
	return exitCode;
}
