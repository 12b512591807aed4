import { backoffMs } from '../../../../nodes/FalLtxVideo/fal/http/backoff';

const pace = { firstMs: 100, factor: 2, longestMs: 1000 };
const middle = () => 0.5;

test('waits grow up to the longest', () => {
	const waits = [0, 1, 2, 3, 4, 50].map((attempt) => backoffMs(pace, attempt, 0, middle));
	expect(waits).toEqual([100, 200, 400, 800, 1000, 1000]);
});

test('jitter spreads them by a quarter either way', () => {
	expect(backoffMs(pace, 0, 0, () => 0)).toBe(75);
	expect(backoffMs(pace, 0, 0, () => 1)).toBe(125);
});

test("fal's Retry-After is not undercut, up to a minute", () => {
	expect(backoffMs(pace, 0, 3_000_000, middle)).toBe(60_000);
	expect(backoffMs(pace, 0, 7, middle)).toBe(7000);
	expect(backoffMs(pace, 4, 0.5, middle)).toBe(1000);
});
