import Big from 'big.js';
import {
	checkItemLimit,
	checkRunLimit,
	CostLimitError,
	type ItemCost,
} from '../../../nodes/FalLtxVideo/cost/costLimits';
import { endpoints } from '../../../nodes/FalLtxVideo/endpoints';

/* Limits in the face of costs that are known, and of those that can't be. */

const { price } = endpoints[0]!;

const known = (cost: string): ItemCost => ({ cost: new Big(cost), unknown: [] });
const unknown: ItemCost = { cost: null, unknown: ['Set a size', 'Set a length'] };

const itemError = (cost: ItemCost, limit?: number, of = price) =>
	messageOf(() => checkItemLimit(cost, limit, of));

const runError = (costs: ItemCost[], limit?: number, earlier?: Array<Big | null>, of = price) =>
	messageOf(() => checkRunLimit(new Map(costs.map((cost, n) => [n, cost])), limit, of, earlier));

function messageOf(check: () => void): string {
	try {
		check();
		return 'accepted';
	} catch (error) {
		expect(error).toBeInstanceOf(CostLimitError);
		return (error as Error).message;
	}
}

describe('of one item', () => {
	test.each([
		[known('0.2'), undefined, 'accepted'],
		[known('0.2'), 0.2, 'accepted'],
		[known('0'), 0, 'accepted'],
		[unknown, undefined, 'accepted'],
		[
			known('0.2001'),
			0.2,
			'The video would cost about $0.2001, but Max Cost per Item (maxCostPerItem) is $0.2',
		],
		[
			unknown,
			1000,
			"The cost of the video can't be known beforehand, but Max Cost per Item (maxCostPerItem) is $1000. Set a size. Set a length",
		],
	])('%j with the limit %s: %s', (cost, limit, message) => {
		expect(itemError(cost, limit)).toBe(message);
	});

	test('in another currency there is nothing to hold against it', () => {
		const euros = { ...price, currency: 'EUR' };
		expect(itemError(known('0.1'), 1, euros)).toContain("fal's price is in EUR now");
		expect(itemError(known('0.1'), undefined, euros)).toBe('accepted');
	});
});

describe('of a run', () => {
	test.each([
		[[known('0.1'), known('0.2')], 0.3, 'accepted'],
		[[known('0.1'), unknown], undefined, 'accepted'],
		[[], 0, 'accepted'],
		[
			[known('0.1'), known('0.2001')],
			0.3,
			'The 2 videos of this run (items 0 to 1) would cost about $0.3001, but Max Cost per Run (maxCostPerRun) is $0.3',
		],
		[
			[known('0.1'), unknown],
			1000,
			"The cost of item 1 can't be known beforehand, but Max Cost per Run (maxCostPerRun) is $1000. Set a size. Set a length",
		],
		[
			[unknown, unknown, known('9'), unknown],
			1,
			/^The cost of items 0, 1, 3 can't be known beforehand, but Max Cost per Run/,
		],
	])('%j with the limit %s', (costs, limit, message) => {
		const found = runError(costs, limit);
		if (typeof message === 'string') expect(found).toBe(message);
		else expect(found).toMatch(message);
	});

	test('what was submitted earlier counts', () => {
		expect(runError([known('0.1')], 0.3, [new Big('0.2')])).toBe('accepted');
		expect(runError([known('0.1')], 0.3, [new Big('0.2'), new Big('0.1')])).toBe(
			'The video would cost about $0.10 after 2 of about $0.30 in this execution, but Max Cost per Run (maxCostPerRun) is $0.3',
		);
	});

	test('of which the cost is not known, there is nothing to hold against the limit', () => {
		const message = runError([known('0.1')], 100, [new Big('0.2'), null]);
		expect(message).toContain('what this execution has submitted already is not known');
		expect(message).toContain('remove it to continue');
		expect(runError([known('0.1')], undefined, [null])).toBe('accepted');
	});
});
