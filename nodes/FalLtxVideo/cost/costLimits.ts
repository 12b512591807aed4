import { NotSentError } from '../request/NotSentError';
import type Big from 'big.js';
import type { Price } from '../endpoints/Endpoint';
import { money, sum } from './estimate';

/*
 * Rule: a limit is checked with the estimates of all items before the first one is submitted, so a
 * run that is over its limit costs nothing.
 */

/** Limits are in US dollars, as fal's prices are. */
const LIMIT_CURRENCY = 'USD';

/** A run or an item that would cost more than the person allows. Nothing was sent when it is thrown. */
export class CostLimitError extends NotSentError {
	override readonly name = 'CostLimitError';
}

/**
 * @param limit in US dollars; 0 allows nothing that costs, undefined is no limit
 * @throws CostLimitError when one item is estimated above its limit
 */
export function checkItemLimit(cost: Big, limit: number | undefined, price: Price): void {
	if (limit === undefined || !isOver(cost, limit, price)) return;
	throw new CostLimitError(
		`The video would cost about ${money(cost, price.currency)}, but Max Cost per Item (maxCostPerItem) is ${limitText(limit)}`,
	);
}

/**
 * @param spent what also counts against the limit
 * @param costs the estimates of the items that are to be submitted, by item index
 * @param limit in US dollars; 0 allows nothing that costs, undefined is no limit
 * @throws CostLimitError when they are together above the run's limit
 */
export function checkRunLimit(
	costs: Map<number, Big>,
	limit: number | undefined,
	price: Price,
	spent: Big[] = [],
): void {
	const total = sum([...costs.values()]);
	if (limit === undefined || !isOver(sum([total, ...spent]), limit, price)) return;
	const videos =
		costs.size === 1 && spent.length > 0
			? 'The video'
			: `The ${costs.size} videos of this run (${itemsText([...costs.keys()])})`;
	throw new CostLimitError(
		`${videos} would cost about ${money(total, price.currency)}${spentText(spent, price)}, but Max Cost per Run (maxCostPerRun) is ${limitText(limit)}`,
	);
}

function spentText(spent: Big[], { currency }: Price): string {
	if (spent.length === 0) return '';
	return ` after ${spent.length} of about ${money(sum(spent), currency)} in this execution`;
}

function isOver(cost: Big, limit: number, { currency }: Price): boolean {
	if (currency === LIMIT_CURRENCY) return cost.gt(limit);
	throw new CostLimitError(
		`fal's price is in ${currency} now, so limits in ${LIMIT_CURRENCY} can't be checked: remove Max Cost per Item and Max Cost per Run to continue without`,
	);
}

const limitText = (limit: number) => `$${limit}`;

/** e.g. `items 0 to 29`, `items 0, 2, 5`. */
function itemsText(indexes: number[]): string {
	const first = indexes[0]!;
	const last = indexes[indexes.length - 1]!;
	if (indexes.length === 1) return `item ${first}`;
	if (last - first === indexes.length - 1) return `items ${first} to ${last}`;
	const listed = indexes.slice(0, 20).join(', ');
	return `items ${listed}${indexes.length > 20 ? ' and more' : ''}`;
}
