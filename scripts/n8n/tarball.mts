import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../processes/command.mts';
import { npm } from '../processes/npm.mts';

/** Packs a package as it is, the way it is published; gives the path of the tarball. */
export async function pack(cwd: string, into: string, signal?: AbortSignal): Promise<string> {
	await mkdir(into, { recursive: true });
	const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', into];
	const [packed] = JSON.parse(await npm(args, { cwd, signal })) as [{ filename: string }];
	return join(into, packed.filename);
}

/** Unpacks a tarball of npm, without the folder that everything in it lies in. */
export async function unpack(tarball: string, into: string): Promise<void> {
	await mkdir(into, { recursive: true });
	await runCommand('tar', ['-xzf', tarball, '-C', into, '--strip-components=1']);
}
