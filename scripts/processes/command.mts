import { startProcessTree } from './processTree.mts';

/** How to run a command. */
export interface CommandOptions {
	cwd?: string;
	env?: NodeJS.ProcessEnv;
	/** Runs it as another user. */
	uid?: number;
	gid?: number;
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

const nameOf = (file: string, args: readonly string[]) => [file, ...args].join(' ');

/** Ends the tree when the signal comes, and waits until it has ended. */
async function untilExit(
	tree: ReturnType<typeof startProcessTree>,
	signal: AbortSignal | undefined,
): Promise<number> {
	let ending: Promise<void> | undefined;
	const end = () => {
		ending = tree.end();
	};
	signal?.addEventListener('abort', end, { once: true });
	try {
		const exit = await tree.exited;
		await ending;
		signal?.throwIfAborted();
		return exit.code ?? 1;
	} finally {
		signal?.removeEventListener('abort', end);
	}
}

/** Runs a command to its end and gives what it wrote to standard output. */
export async function runCommand(
	file: string,
	args: readonly string[],
	{ signal, ...options }: CommandOptions = {},
): Promise<string> {
	signal?.throwIfAborted();
	const tree = startProcessTree(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
	const stdout: Buffer[] = [];
	const both: Buffer[] = [];
	tree.child.stdout?.on('data', (chunk: Buffer) => {
		stdout.push(chunk);
		both.push(chunk);
	});
	tree.child.stderr?.on('data', (chunk: Buffer) => both.push(chunk));
	const code = await untilExit(tree, signal);
	if (code !== 0) {
		throw new CommandFailed(nameOf(file, args), code, Buffer.concat(both).toString());
	}
	return Buffer.concat(stdout).toString();
}

/** Runs a command in this terminal and gives its exit code. */
export async function runVisibly(
	file: string,
	args: readonly string[],
	{ signal, ...options }: CommandOptions = {},
): Promise<number> {
	signal?.throwIfAborted();
	const tree = startProcessTree(file, args, {
		...options,
		stdio: ['ignore', 'inherit', 'inherit'],
	});
	return await untilExit(tree, signal);
}
