import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Host } from './host.mts';

/** n8n watches the folders of its packages, loads what has changed and notifies its editor. */
export const RELOADING = { N8N_DEV_RELOAD: 'true' };

const RELOADS = 'Hot reload triggered for';
const WATCHING_WITHIN_MS = 120_000;
const CHANGE_EVERY_MS = 500;

/** A file in the package that nothing reads. */
const CHANGED = join('dist', '.watched');

/**
 * Waits until n8n loads the package again when a file of it changes. n8n is ready before it watches:
 * it goes through all its packages first, and a change before that would be lost.
 *
 * @throws Error when it doesn't within two minutes; the signal's reason when it aborts
 */
export async function untilReloading(
	{ packageFolder, logFile }: Pick<Host, 'packageFolder' | 'logFile'>,
	signal: AbortSignal,
): Promise<void> {
	const deadline = Date.now() + WATCHING_WITHIN_MS;
	for (let changes = 1; !(await readFile(logFile, 'utf8')).includes(RELOADS); changes++) {
		if (Date.now() > deadline) throw new Error(`n8n does not watch ${packageFolder}`);
		await writeFile(join(packageFolder, CHANGED), String(changes));
		await wait(CHANGE_EVERY_MS, undefined, { signal });
	}
}
