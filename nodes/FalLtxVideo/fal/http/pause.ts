import * as n8n from 'n8n-workflow';

/*
 * Rule: this is the only place that waits. n8n's `sleep` takes a signal from n8n 2.34 on; before
 * that it ignored one, and `sleepWithAbort`, gone by now, took one, with an error of
 * its own in place of the signal's reason.
 */

type Sleep = (milliseconds: number, signal?: AbortSignal) => Promise<void>;

const sleep: Sleep = (n8n as unknown as { sleepWithAbort?: Sleep }).sleepWithAbort ?? n8n.sleep;

/** Waits. @throws the signal's reason as soon as it aborts; no timer is left behind then */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
	signal.throwIfAborted();
	await sleep(milliseconds, signal).catch((error: unknown) => {
		signal.throwIfAborted();
		throw error;
	});
}

/** @throws the signal's reason when it aborts first; what was awaited continues then */
export async function unlessAborted<T>(awaited: Promise<T>, signal: AbortSignal): Promise<T> {
	signal.throwIfAborted();
	let stop: () => void = () => undefined;
	const aborted = new Promise<never>((_resolve, reject) => {
		stop = () => reject(signal.reason as Error);
	});
	signal.addEventListener('abort', stop, { once: true });
	try {
		return await Promise.race([awaited, aborted]);
	} finally {
		signal.removeEventListener('abort', stop);
	}
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

/**
 * Waits many times, one after the other, for something that may never come. One timer stands for
 * many waits, as one for each piece of a large file would cost more than the file.
 */
export class Watchdog {
	/** Ends the wait that is going on. */
	private expire?: () => void;

	private waitingSince = 0;

	private isRunning = false;

	private readonly timer = new AbortController();

	/** @param tooLate makes what a wait throws that takes longer */
	constructor(
		private readonly milliseconds: number,
		private readonly tooLate: () => unknown,
	) {}

	/** Waits once. @throws what `tooLate` makes, when it didn't come in time */
	async wait<T>(awaited: Promise<T>): Promise<T> {
		this.waitingSince = Date.now();
		if (!this.isRunning) this.watch().catch(() => undefined);
		try {
			return await new Promise<T>((resolve, reject) => {
				this.expire = () => reject(this.tooLate());
				awaited.then(resolve, reject);
			});
		} finally {
			this.expire = undefined;
		}
	}

	/** Ends the timer. */
	close(): void {
		this.timer.abort();
	}

	/** Until a wait takes too long, or there is none: the next one is watched again. */
	private async watch(): Promise<void> {
		this.isRunning = true;
		for (let leftMs = this.milliseconds; leftMs > 0; leftMs = this.leftMs()) {
			await pause(leftMs, this.timer.signal);
		}
		this.isRunning = false;
		this.expire?.();
	}

	/** Between two waits nothing is late, however long that is. */
	private leftMs(): number {
		return this.expire ? this.waitingSince + this.milliseconds - Date.now() : 0;
	}
}
