import Big from 'big.js';
import { checkItemLimit, checkRunLimit } from '../cost/costLimits';
import type { PreparedItem } from './PreparedItem';
import type { VideoRun } from './VideoRun';

/**
 * Holds the run's limit against all items. What was submitted already counts, but is collected whatever
 * the limit is by now.
 *
 * @throws CostLimitError when a new submit would make the run cost more than it may
 */
export function checkRunCost(run: VideoRun, items: Map<number, PreparedItem>): void {
	const { options, quotedPrice, store } = run;
	run.prepared = items;
	const toSubmit = [...items].filter(([, item]) => item.earlierEstimate === undefined);
	if (toSubmit.length === 0) return;
	const costs = new Map(toSubmit.map(([i, { estimated }]) => [i, estimated.cost]));
	const earlier = [...items].flatMap(([itemIndex, { earlierEstimate }]) =>
		earlierEstimate === undefined ? [] : [{ itemIndex, earlierEstimate }],
	);
	const counted = earlier.map(({ itemIndex }) => itemIndex);
	// A call of a tool has one item.
	const spent = [
		...earlier.map(({ earlierEstimate }) => earlierEstimate),
		...store.spent(toSubmit[0]![1].fingerprint, counted),
	];
	const amounts = spent.map((amount) => new Big(amount));
	checkRunLimit(costs, options.maxCostPerRun, quotedPrice.price, amounts);
	for (const [, { estimated }] of toSubmit) store.reserve(estimated.cost.toFixed());
}

/**
 * The same for an item whose earlier request turns out to have ended without a result, or to answer
 * another call of a tool. All others were checked before the first submit.
 */
export function checkNewSubmit(run: VideoRun, item: PreparedItem): void {
	if (item.earlierEstimate === undefined) return;
	item.earlierEstimate = undefined;
	checkItemLimit(item.estimated.cost, item.options.maxCostPerItem, run.quotedPrice.price);
	checkRunCost(run, run.prepared);
}
