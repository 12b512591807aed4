import { Cleanup } from './cleanup.mts';
import { Interrupted, interruption } from './interruption.mts';

/** A command's work; what it gives is the exit code. */
export type Work = (signal: AbortSignal, cleanup: Cleanup) => Promise<number>;

/** Runs a command's work, and leaves nothing behind, however that ends. */
export async function runMain(work: Work): Promise<void> {
	const cleanup = new Cleanup();
	const signal = interruption();
	try {
		process.exitCode = await work(signal, cleanup);
	} catch (error) {
		process.exitCode = exitCodeOf(error, signal);
	} finally {
		if (signal.aborted) console.log('\nEnding …');
		await cleanup.run();
	}
}

function exitCodeOf(error: unknown, signal: AbortSignal): number {
	if (signal.reason instanceof Interrupted) return signal.reason.exitCode;
	console.error(`\n${error instanceof Error ? error.message : String(error)}`);
	return 1;
}
