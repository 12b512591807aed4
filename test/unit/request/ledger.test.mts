import { fingerprint } from '../../../nodes/FalLtxVideo/request/fingerprint';
import { Ledger } from '../../../nodes/FalLtxVideo/request/Ledger';

const purchase = { fingerprint: 'abc', requestId: 'r1', acceptedAt: 1, estimate: '0.1' };

test('a purchase is found for the same item and input, in what n8n saves', () => {
	const saved = {};
	new Ledger(saved, 0).write(2, purchase);
	const restored = JSON.parse(JSON.stringify(saved)) as typeof saved;
	expect(new Ledger(restored, 0).find(2, 'abc')).toEqual(purchase);
	expect(new Ledger(restored, 0).find(2, 'other input')).toBeUndefined();
	expect(new Ledger(restored, 0).find(1, 'abc')).toBeUndefined();
});

test('the runs of a loop never mix', () => {
	const saved = {};
	new Ledger(saved, 0).write(0, purchase);
	expect(new Ledger(saved, 1).find(0, 'abc')).toBeUndefined();
	expect(new Ledger(saved, 1).all()).toEqual([]);
});

test('what ended without a result is struck out', () => {
	const ledger = new Ledger({}, 0);
	ledger.write(0, purchase);
	ledger.strike(0);
	expect(ledger.find(0, 'abc')).toBeUndefined();
});

test('a fingerprint tells inputs apart, not the order of their fields', () => {
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
