const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** A person (or the system) asked this process to end. */
export class Interrupted extends Error {
	constructor(readonly exitCode: number) {
		super('Interrupted.');
		// What Node.js calls whatever was ended on purpose.
		this.name = 'AbortError';
	}
}

/**
 * Turns Ctrl-C and its like into an AbortSignal, so that whatever is going on ends in order.
 * A second one meanwhile changes nothing: it would leave processes behind.
 */
export function interruption(): AbortSignal {
	const controller = new AbortController();
	for (const [name, exitCode] of Object.entries(SIGNALS)) {
		process.on(name, () => controller.abort(new Interrupted(exitCode)));
	}
	return controller.signal;
}

/** Settles when the signal comes. */
export async function untilAborted(signal: AbortSignal): Promise<void> {
	if (signal.aborted) return;
	// A timer keeps this process alive while it only waits.
	const alive = setInterval(() => undefined, 60_000);
	await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
	clearInterval(alive);
}
