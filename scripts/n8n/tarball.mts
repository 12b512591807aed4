import { mkdir } from 'node:fs/promises';
import { runCommand } from '../processes/command.mts';

/** Unpacks a tarball of npm, without the folder that everything in it lies in. */
export async function unpack(tarball: string, into: string): Promise<void> {
	await mkdir(into, { recursive: true });
	await runCommand('tar', ['-xzf', tarball, '-C', into, '--strip-components=1']);
}
