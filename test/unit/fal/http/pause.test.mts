import { pause, Watchdog, within } from '../../../../nodes/FalLtxVideo/fal/http/pause';

const never = new Promise<never>(() => undefined);

test('a wait ends at once with the reason of its signal', async () => {
	const stop = new AbortController();
	const waiting = pause(60_000, stop.signal);
	stop.abort(new Error('stopped'));
	await expect(waiting).rejects.toThrow('stopped');
	await expect(pause(60_000, stop.signal)).rejects.toThrow('stopped');
});

test('a wait ends with the reason of its signal in an older n8n, too', async () => {
	// As n8n-workflow 2.8 has it: its sleep rejects with an error of its own.
	const sleepWithAbort = async (milliseconds: number, signal: AbortSignal) =>
		await new Promise((resolve, reject) => {
			const timer = setTimeout(resolve, milliseconds);
			signal.addEventListener('abort', () => {
				clearTimeout(timer);
				reject(new Error('The execution was cancelled'));
			});
		});
	jest.doMock('n8n-workflow', () => ({ sleepWithAbort }));
	await jest.isolateModulesAsync(async () => {
		const older = await import('../../../../nodes/FalLtxVideo/fal/http/pause');
		const stop = new AbortController();
		const waiting = older.pause(60_000, stop.signal);
		stop.abort(new Error('stopped'));
		await expect(waiting).rejects.toThrow('stopped');
	});
	jest.dontMock('n8n-workflow');
});

test('what comes in time is passed on, its failure too', async () => {
	await expect(within(60_000, Promise.resolve(1), () => 'late')).resolves.toBe(1);
	await expect(within(60_000, Promise.reject(new Error('no')), () => 'late')).rejects.toThrow('no');
});

test('what does not come ends with the time limit', async () => {
	await expect(within(20, never, () => new Error('late'))).rejects.toThrow('late');
});

describe('a watchdog', () => {
	const late = () => new Error('late');
	const after = async <T,>(milliseconds: number, value: T) => {
		await pause(milliseconds, new AbortController().signal);
		return value;
	};

	test('lets every wait take its time, and passes on what comes', async () => {
		const watchdog = new Watchdog(1000, late);
		for (const value of [1, 2, 3]) {
			expect(await watchdog.wait(after(400, value))).toBe(value);
		}
		await expect(watchdog.wait(Promise.reject(new Error('no')))).rejects.toThrow('no');
		watchdog.close();
	});

	test('does not count the time between two waits', async () => {
		const watchdog = new Watchdog(500, late);
		expect(await watchdog.wait(Promise.resolve(1))).toBe(1);
		await after(700, undefined);
		expect(await watchdog.wait(after(20, 2))).toBe(2);
		watchdog.close();
	});

	test('ends the wait that takes too long, whichever it is', async () => {
		const watchdog = new Watchdog(60, late);
		await watchdog.wait(Promise.resolve(1));
		await after(20, undefined);
		const since = Date.now();
		await expect(watchdog.wait(never)).rejects.toThrow('late');
		expect(Date.now() - since).toBeGreaterThanOrEqual(59);
		await expect(watchdog.wait(never)).rejects.toThrow('late');
		watchdog.close();
	});
});
