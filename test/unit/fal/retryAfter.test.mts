import { secondsOf } from '../../../nodes/FalLtxVideo/fal/http/falFetch';

const NOW = Date.parse('2026-01-31T12:00:00Z');

test.each([
	['7', 7],
	['0', 0],
	[' 1.5 ', 1.5],
	['Sat, 31 Jan 2026 12:00:30 GMT', 30],
	['Saturday, 31-Jan-26 12:00:30 GMT', 30],
	['Sat, 31 Jan 2026 11:59:00 GMT', 0],
	['-5', undefined],
	['1e3', undefined],
	['soon', undefined],
	['Sat, 99 Foo 2026 12:00:30 GMT', undefined],
	['', undefined],
	[undefined, undefined],
])('Retry-After: %s is %s seconds', (header, seconds) => {
	expect(secondsOf(header, NOW)).toBe(seconds);
});
