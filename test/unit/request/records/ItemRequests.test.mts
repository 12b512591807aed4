import { couldBe, fingerprint } from '../../../../nodes/FalLtxVideo/request/records/fingerprint';
import { ItemRequests } from '../../../../nodes/FalLtxVideo/request/records/ItemRequests';

const facts = {
	endpointId: 'a/b',
	fingerprint: 'abc',
	executionId: 'first',
	sentAt: 1,
	estimate: '0.1',
};
const request = { ...facts, requestId: 'r1' };
const pending = { ...facts, sentFingerprint: 'sent', isListed: true };

const storeIn = (saved: object, changes: { executionId?: string; runIndex?: number } = {}) => {
	const { executionId = 'first', runIndex = 0 } = changes;
	return new ItemRequests(saved as Record<string, undefined>, {
		...{ executionId, runIndex },
		isRetry: executionId !== 'first',
	});
};

test('a request is found for the same item and input, in what n8n saves', () => {
	const saved = {};
	storeIn(saved).write(2, { ...request });
	const restored = storeIn(JSON.parse(JSON.stringify(saved)) as object, { executionId: 'retry' });
	expect(restored.isDataLost).toBe(false);
	expect(restored.find(2, 'other input')).toBeUndefined();
	expect(restored.find(2, 'abc')).toMatchObject(request);
	// What it has taken is its own, whatever an expression makes of the input then.
	expect(restored.find(2, 'other input')).toMatchObject(request);
	expect(restored.find(1, 'abc')).toBeUndefined();
});

test('in the same execution it is found whatever an expression makes of the input', () => {
	const store = storeIn({});
	store.write(0, request);
	expect(store.find(0, 'other input')).toMatchObject(request);
	store.write(0, pending);
	expect(store.find(0, 'other input')).toMatchObject(pending);
});

test('but not when fal refused the earlier input, or the request ended without a result', () => {
	const store = storeIn({});
	const refusal = { kind: 'response', doing: 'Fetching', status: 422 } as const;
	for (const over of [
		{ ...request, hasEnded: true },
		{ ...request, refusal },
	]) {
		store.write(0, over);
		expect(store.find(0, 'abc')).toMatchObject(over);
		expect(store.find(0, 'other input')).toBeUndefined();
	}
});

test('the runs of a loop never mix', () => {
	const saved = {};
	storeIn(saved).write(0, request);
	expect(storeIn(saved, { runIndex: 1 }).find(0, 'abc')).toBeUndefined();
	expect(storeIn(saved, { runIndex: 1 }).entries()).toEqual([]);
	expect(storeIn(saved, { runIndex: 1 }).has('r1')).toBe(true);
});

test('a submit that fal refused is forgotten', () => {
	const store = storeIn({});
	store.write(0, pending);
	store.remove(0);
	expect(store.find(0, 'abc')).toBeUndefined();
});

test.each([[request], [pending]])(
	'and what was there for another input is there again, and counts once: %#',
	(earlier) => {
		const store = storeIn({});
		store.write(0, earlier);
		store.write(0, { ...pending, fingerprint: 'other' });
		expect(store.spent()).toEqual(['0.1']);
		store.remove(0);
		expect(store.get(0)).toEqual(earlier);
		expect(store.spent()).toEqual([]);
	},
);

test('the same submit does not count as another one when its outcome is known', () => {
	const store = storeIn({});
	store.write(0, pending);
	store.write(0, { ...pending, failedAt: 2 });
	store.write(0, request);
	expect(store.spent()).toEqual([]);
});

test('a retry distinguishes "nothing was submitted" from "the data was lost"', () => {
	const saved = {};
	expect(storeIn(saved).isDataLost).toBe(false);
	expect(storeIn(saved, { executionId: 'retry' }).isDataLost).toBe(false);
	const lost = {};
	expect(storeIn(lost, { executionId: 'retry' }).isDataLost).toBe(true);
	expect(storeIn(lost, { executionId: 'retry of the retry' }).isDataLost).toBe(true);
});

test('a fingerprint distinguishes inputs, not the order of their fields', () => {
	const input = { prompt: 'a', seed: 9007199254740993n, loras: [{ path: 'x', scale: 1 }] };
	const same = { loras: [{ scale: 1, path: 'x' }], seed: 9007199254740993n, prompt: 'a' };
	expect(fingerprint('e', input)).toBe(fingerprint('e', same));
	for (const other of [
		{ ...input, prompt: 'b' },
		{ ...input, seed: 9007199254740992n },
		{ ...input, loras: [{ path: 'x', scale: 2 }] },
		{ ...input, fps: 24 },
	]) {
		expect(fingerprint('e', other)).not.toBe(fingerprint('e', input));
	}
	expect(fingerprint('e', input)).not.toBe(fingerprint('f', input));
});

test('an input could be a draft with files when it differs in their addresses only', () => {
	const draft = { prompt: 'a', loras: [{ path: { sha256: 'f00' }, scale: 1 }] };
	const withPath = (path: unknown, more = {}) => ({
		prompt: 'a',
		loras: [{ path, scale: 1 }],
		...more,
	});
	expect(couldBe(draft, withPath('https://v3.fal.media/a'))).toBe(true);
	expect(couldBe(draft, withPath('https://v3.fal.media/a', { fps: 24 }))).toBe(false);
	expect(couldBe(draft, { ...withPath('x'), prompt: 'b' })).toBe(false);
	expect(couldBe(draft, withPath(undefined))).toBe(false);
	expect(couldBe(draft, { prompt: 'a' })).toBe(false);
	expect(couldBe(draft, null)).toBe(false);
	expect(couldBe({ prompt: 'a' }, { prompt: 'a' })).toBe(false);
});

describe('a retry whose data may be lost', () => {
	const saved = () => ({}) as object;
	const retried = (runs: object, runIndex: number) =>
		storeIn(runs, { executionId: 'retry', runIndex }).isDataLost;

	test('is one in whose data the run that it begins with is missing', () => {
		const runs = saved();
		storeIn(runs);
		expect(retried(runs, 1)).toBe(true);
	});

	test('knows that what follows was never reached, unless the run it begins with is missing', () => {
		const runs = saved();
		storeIn(runs);
		expect(retried(runs, 0)).toBe(false);
		expect(retried(runs, 1)).toBe(false);
		expect(retried(runs, 2)).toBe(false);
		const lost = saved();
		expect(retried(lost, 0)).toBe(true);
		expect(retried(lost, 1)).toBe(true);
		expect(storeIn(lost, { executionId: 'second', runIndex: 0 }).isDataLost).toBe(true);
	});
});

test('an item is no new submit while its earlier one is collected, looked for or refused', () => {
	const store = storeIn({});
	expect(store.earlierEstimate(0, 'abc')).toBeUndefined();
	const refusal = { kind: 'response', doing: 'Fetching', status: 422 } as const;
	for (const open of [pending, request, { ...request, refusal }]) {
		store.write(0, open);
		expect(store.earlierEstimate(0, 'abc')).toBe('0.1');
	}
	store.write(0, { ...request, hasEnded: true });
	expect(store.earlierEstimate(0, 'abc')).toBeUndefined();
});
