import { pause, within } from '../../../nodes/FalLtxVideo/fal/pause';

const never = new Promise<never>(() => undefined);

test('a wait ends at once with the reason of its signal', async () => {
	const stop = new AbortController();
	const waiting = pause(60_000, stop.signal);
	stop.abort(new Error('stopped'));
	await expect(waiting).rejects.toThrow('stopped');
	await expect(pause(60_000, stop.signal)).rejects.toThrow('stopped');
});

test('what comes in time is passed on, its failure too', async () => {
	await expect(within(60_000, Promise.resolve(1), () => 'late')).resolves.toBe(1);
	await expect(within(60_000, Promise.reject(new Error('no')), () => 'late')).rejects.toThrow('no');
});

test('what does not come is given up', async () => {
	await expect(within(20, never, () => new Error('late'))).rejects.toThrow('late');
});
