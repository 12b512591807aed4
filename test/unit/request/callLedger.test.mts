import { CallLedger } from '../../../nodes/FalLtxVideo/request/CallLedger';
import type { Pages } from '../../../nodes/FalLtxVideo/request/Ledger';

const purchase = (requestId: string, fingerprint = 'fox', estimate = '0.1') => ({
	fingerprint,
	requestId,
	acceptedAt: 1,
	estimate,
});

/** One call of a tool after another, in one execution unless another is named. */
const callsIn =
	(saved: Pages) =>
	(executionId = 'first') =>
		new CallLedger(saved, executionId);

test('an answered call is not given out again in its execution, but to a retry of it', () => {
	const saved: Pages = {};
	const call = callsIn(saved);
	call().write(0, purchase('r1'));
	expect(call().find(0, 'fox')).toBeUndefined();
	const restored = callsIn(JSON.parse(JSON.stringify(saved)) as Pages);
	expect(restored('retry').find(0, 'fox')).toMatchObject({ requestId: 'r1' });
	expect(restored('retry').find(0, 'fox')).toBeUndefined();
});

test('what a failed call bought is for the next call with the same input, and for one only', () => {
	const call = callsIn({});
	const failed = call();
	failed.write(0, purchase('r1'));
	failed.release();
	expect(failed.all()).toEqual([{ itemIndex: 0, requestId: 'r1' }]);
	expect(call().find(0, 'owl')).toBeUndefined();
	const next = call();
	expect(next.find(0, 'fox')).toMatchObject({ requestId: 'r1' });
	expect(next.of()).toMatchObject({ requestId: 'r1' });
	expect(call().find(0, 'fox')).toBeUndefined();
});

test('calls at the same time have purchases of their own', () => {
	const call = callsIn({});
	const [one, two] = [call(), call()];
	one.write(0, purchase('r1'));
	two.write(0, purchase('r2'));
	one.strike();
	expect(one.all()).toEqual([]);
	expect(two.of()).toMatchObject({ requestId: 'r2' });
	expect(call().knows('r1')).toBe(false);
	expect(call().knows('r2')).toBe(true);
});

test('the other calls count against the limit, but not what this call would be answered with', () => {
	const call = callsIn({});
	call().write(0, purchase('r1', 'fox', '0.1'));
	const failed = call();
	failed.write(0, purchase('r2', 'owl', '0.2'));
	failed.release();
	expect(call().spentBefore('fox')).toEqual(['0.1', '0.2']);
	expect(call().spentBefore('owl')).toEqual(['0.1']);
});
