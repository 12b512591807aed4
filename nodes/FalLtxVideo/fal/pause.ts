import * as n8n from 'n8n-workflow';

/*
 * Rule: this is the only place that waits. n8n's `sleep` heeds a signal from n8n 2.34 on; before
 * that it ignored one, and `sleepWithAbort`, gone by now, was the one that heeded it.
 */

type Sleep = (milliseconds: number, signal?: AbortSignal) => Promise<void>;

const sleep: Sleep = (n8n as unknown as { sleepWithAbort?: Sleep }).sleepWithAbort ?? n8n.sleep;

/** Waits. @throws the signal's reason as soon as it aborts; no timer is left behind then */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
	signal.throwIfAborted();
	await sleep(milliseconds, signal);
}

/**
 * Waits for something that may never come.
 *
 * @throws what `tooLate` makes, when it didn't come in time
 */
export async function within<T>(
	milliseconds: number,
	awaited: Promise<T>,
	tooLate: () => unknown,
): Promise<T> {
	const timer = new AbortController();
	const timeUp = pause(milliseconds, timer.signal).then(
		() => {
			throw tooLate();
		},
		// The timer was ended as it is no longer needed: the race is over.
		async () => await new Promise<never>(() => undefined),
	);
	try {
		return await Promise.race([awaited, timeUp]);
	} finally {
		timer.abort();
	}
}
