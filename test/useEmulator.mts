import { type Emulator, type EmulatorOptions, startEmulator } from '../emulator/index.mts';
import { lateBound, running } from './lateBound.mts';

/** The local fal of the test that runs. */
export interface CurrentEmulator extends Emulator {
	/** Closes it and starts another one in its place. */
	restart(options?: EmulatorOptions): Promise<void>;
}

/** What hooks start and close, and what tests see of it. */
function emulatorSlot() {
	let emulator: Emulator | undefined;
	const close = async () => {
		const closing = emulator;
		emulator = undefined;
		await closing?.close();
	};
	const restart = async (options?: EmulatorOptions) => {
		await close();
		emulator = await startEmulator(options);
	};
	const current = lateBound(() => running(emulator, 'local fal'), { restart });
	return { current, restart, close };
}

/**
 * Gives each test of a file, or of a `describe`, a local fal of its own, and closes it: the test fails
 * when the key was sent where it must not be.
 */
export function useEmulator(options?: EmulatorOptions): CurrentEmulator {
	const { current, restart, close } = emulatorSlot();
	beforeEach(async () => await restart(options));
	afterEach(close);
	return current;
}

/** As `useEmulator`, but one local fal for all tests of the file, or of the `describe`. */
export function useSharedEmulator(options?: EmulatorOptions): CurrentEmulator {
	const { current, restart, close } = emulatorSlot();
	beforeAll(async () => await restart(options));
	afterAll(close);
	return current;
}
