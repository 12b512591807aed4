import type { SavedRuns } from '../../../../nodes/FalLtxVideo/request/records/RequestStore';
import { ToolRequests } from '../../../../nodes/FalLtxVideo/request/records/ToolRequests';

const factsOf = (fingerprint = 'fox', estimate = '0.1') => ({
	endpointId: 'a/b',
	fingerprint,
	executionId: 'first',
	sentAt: 1,
	estimate,
});

const request = (requestId: string, fingerprint?: string, estimate?: string) => ({
	...factsOf(fingerprint, estimate),
	requestId,
});

/** One call of a tool after another, in one execution unless another is named. */
const callsIn =
	(saved: SavedRuns) =>
	(executionId = 'first') =>
		new ToolRequests(saved, executionId, executionId === 'retry');

const idsOf = (call: ToolRequests) => call.entries().map(({ record }) => record.requestId);

test('a call with a response is not given out again in its execution, but to a retry of it', () => {
	const saved: SavedRuns = {};
	const call = callsIn(saved);
	const answered = call();
	answered.write(0, request('r1'));
	answered.finish(0, true);
	expect(call().find(0, 'fox')).toBeUndefined();
	const restored = callsIn(JSON.parse(JSON.stringify(saved)) as SavedRuns);
	expect(restored('retry').isDataLost).toBe(false);
	expect(restored('retry').find(0, 'fox')).toMatchObject({ requestId: 'r1' });
	expect(restored('retry').find(0, 'fox')).toBeUndefined();
});

test('what a failed call submitted is for the next call with the same input, and for one only', () => {
	const call = callsIn({});
	const failed = call();
	failed.write(0, request('r1'));
	failed.finish(0, false);
	expect(idsOf(failed)).toEqual(['r1']);
	expect(call().find(0, 'owl')).toBeUndefined();
	const next = call();
	expect(next.find(0, 'fox')).toMatchObject({ requestId: 'r1' });
	expect(next.get()).toMatchObject({ requestId: 'r1' });
	expect(call().find(0, 'fox')).toBeUndefined();
});

test('a submit whose outcome is not known is for the next call with the same input, too', () => {
	const call = callsIn({});
	const lost = call();
	lost.write(0, { ...factsOf(), sentFingerprint: 'sent', isListed: true });
	expect(call().find(0, 'fox')).toBeUndefined();
	lost.finish(0, false);
	expect(call().find(0, 'fox')).toMatchObject({ sentFingerprint: 'sent' });
});

test('a call takes what may still be had before it takes what another follows', () => {
	const call = callsIn({});
	const refusal = { kind: 'response', doing: 'Fetching', status: 422 } as const;
	const records = [
		{ ...request('ended'), hasEnded: true },
		{ ...request('refused'), refusal },
		{ ...factsOf(), sentFingerprint: 'sent', isListed: true },
		request('made'),
	];
	const failed = records.map((record) => {
		const one = call();
		one.write(0, record);
		return one;
	});
	for (const one of failed) one.finish(0, false);
	const taken = records.map(() => call().find(0, 'fox')?.requestId);
	expect(taken).toEqual(['made', undefined, 'refused', 'ended']);
});

test('calls at the same time have requests of their own', () => {
	const call = callsIn({});
	const [one, two] = [call(), call()];
	one.write(0, request('r1'));
	two.write(0, request('r2'));
	one.remove();
	expect(one.entries()).toEqual([]);
	expect(two.get()).toMatchObject({ requestId: 'r2' });
	expect(call().has('r1')).toBe(false);
	expect(call().has('r2')).toBe(true);
});

test('the other calls count against the limit, but not what this call would return', () => {
	const call = callsIn({});
	call().write(0, request('r1', 'fox', '0.1'));
	const failed = call();
	failed.write(0, request('r2', 'owl', '0.2'));
	failed.finish(0, false);
	expect(call().spent('fox')).toEqual(['0.1', '0.2']);
	expect(call().spent('owl')).toEqual(['0.1']);
});

test('a retry of the execution has spent what that one submitted', () => {
	const saved: SavedRuns = {};
	const answered = callsIn(saved)();
	answered.write(0, request('r1', 'fox', '0.1'));
	answered.finish(0, true);
	const retry = callsIn(JSON.parse(JSON.stringify(saved)) as SavedRuns)('retry');
	expect(retry.spent('owl')).toEqual(['0.1']);
	expect(retry.spent('fox')).toEqual([]);
});

test('a call that was checked counts for the others at once, and once only', () => {
	const call = callsIn({});
	const [submits, fails] = [call(), call()];
	submits.reserve('0.1');
	fails.reserve('0.2');
	expect(call().spent('fox')).toEqual(['0.1', '0.2']);
	submits.write(0, request('r1', 'fox', '0.1'));
	expect(call().spent('owl')).toEqual(['0.1', '0.2']);
	fails.finish(0, false);
	expect(call().spent('owl')).toEqual(['0.1']);
});

test('a call that fal was too busy for counts for the others until it is sent again', () => {
	const call = callsIn({});
	const busy = call();
	busy.reserve('0.1');
	busy.write(0, { ...factsOf(), sentFingerprint: 'sent', isListed: true });
	busy.remove();
	expect(call().spent('owl')).toEqual(['0.1']);
	busy.write(0, request('r1'));
	expect(call().spent('owl')).toEqual(['0.1']);
	busy.remove();
	busy.finish(0, false);
	expect(call().spent('owl')).toEqual([]);
});

test('a retry that finds nothing saved knows that the data may be lost, and so does its own retry', () => {
	const saved: SavedRuns = {};
	expect(callsIn(saved)('retry').isDataLost).toBe(true);
	expect(callsIn(saved)('second').isDataLost).toBe(true);
	expect(callsIn({})('first').isDataLost).toBe(false);
});

test('a call that was refused or ended without a result counts only where it may be billed', () => {
	const refusal = { kind: 'response', doing: 'Fetching', status: 422 } as const;
	const counts = (changes: object) => {
		const call = callsIn({});
		call().write(0, { ...request('r1', 'fox', '0.1'), ...changes });
		return call().spent('owl').length === 1;
	};
	expect(counts({})).toBe(true);
	expect(counts({ refusal })).toBe(false);
	expect(counts({ refusal: { ...refusal, billableUnits: '2' } })).toBe(true);
	expect(counts({ hasEnded: true })).toBe(false);
	expect(counts({ hasEnded: true, isCancelled: true })).toBe(true);
});

test('a call is no new submit when a failed one has submitted its input, and takes nothing by asking', () => {
	const call = callsIn({});
	const failed = call();
	failed.write(0, request('r1', 'fox', '0.1'));
	expect(call().earlierEstimate(0, 'fox')).toBeUndefined();
	failed.finish(0, false);
	expect(call().earlierEstimate(0, 'fox')).toBe('0.1');
	expect(call().find(0, 'fox')).toBeDefined();
	expect(call().earlierEstimate(0, 'fox')).toBeUndefined();
});
