import { setTimeout as wait } from 'node:timers/promises';

const POLL_MS = 50;

/** Waits until something is so; fails when it is not within the deadline. */
export async function until(
	what: string,
	isSo: () => boolean | Promise<boolean>,
	withinMs = 20_000,
): Promise<void> {
	const deadline = Date.now() + withinMs;
	while (!(await isSo())) {
		if (Date.now() > deadline) throw new Error(`${what}: not within ${withinMs / 1000} s`);
		await wait(POLL_MS);
	}
}
