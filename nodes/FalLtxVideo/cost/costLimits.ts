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

/** What a video is estimated at, or why that can't be known. */
export interface ItemCost {
	/** null when it can't be known. */
	cost: Big | null;
	/** What to set so that it can; empty when it is known. */
	unknown: string[];
}

/**
 * @param limit in US dollars; 0 allows nothing that costs, undefined is no limit
 * @throws CostLimitError when one item is estimated above its limit, or its cost can't be known
 */
export function checkItemLimit(
	{ cost, unknown }: ItemCost,
	limit: number | undefined,
	price: Price,
): void {
	if (limit === undefined) return;
	const limitIs = `Max Cost per Item (maxCostPerItem) is ${limitText(limit)}`;
	if (cost === null) {
		throw new CostLimitError(
			`The cost of the video can't be known beforehand, but ${limitIs}. ${unknown.join('. ')}`,
		);
	}
	if (!isOver(cost, limit, price)) return;
	throw new CostLimitError(
		`The video would cost about ${money(cost, price.currency)}, but ${limitIs}`,
	);
}

/**
 * @param items the estimates of the items that are to be submitted, by item index
 * @param limit in US dollars; 0 allows nothing that costs, undefined is no limit
 * @param earlier what also counts against the limit; null for what is not known
 * @throws CostLimitError when they are together above the run's limit, or one of them can't be known
 */
export function checkRunLimit(
	items: Map<number, ItemCost>,
	limit: number | undefined,
	price: Price,
	earlier: Array<Big | null> = [],
): void {
	if (limit === undefined) return;
	const costs = knownCosts(items, limit);
	const spent = knownSpent(earlier, limit);
	const total = sum([...costs.values()]);
	if (!isOver(sum([total, ...spent]), limit, price)) return;
	const videos =
		costs.size === 1 && spent.length > 0
			? 'The video'
			: `The ${costs.size} videos of this run (${itemsText([...costs.keys()])})`;
	throw new CostLimitError(
		`${videos} would cost about ${money(total, price.currency)}${spentText(spent, price)}, but Max Cost per Run (maxCostPerRun) is ${limitText(limit)}`,
	);
}

function knownCosts(items: Map<number, ItemCost>, limit: number): Map<number, Big> {
	const unknown = [...items].filter(([, { cost }]) => cost === null);
	const [first] = unknown;
	if (first) {
		const of = itemsText(unknown.map(([itemIndex]) => itemIndex));
		throw new CostLimitError(
			`The cost of ${of} can't be known beforehand, but Max Cost per Run (maxCostPerRun) is ${limitText(limit)}. ${first[1].unknown.join('. ')}`,
		);
	}
	return new Map([...items].map(([itemIndex, { cost }]) => [itemIndex, cost!]));
}

function knownSpent(earlier: Array<Big | null>, limit: number): Big[] {
	const known = earlier.filter((amount) => amount !== null);
	if (known.length === earlier.length) return known;
	throw new CostLimitError(
		`The cost of what this execution has submitted already is not known, so Max Cost per Run (maxCostPerRun), which is ${limitText(limit)}, can't be checked: remove it to continue`,
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
