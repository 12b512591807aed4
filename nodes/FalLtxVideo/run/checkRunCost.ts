import Big from 'big.js';
import { checkItemLimit, checkRunLimit } from '../cost/costLimits';
import { isOver, isSubmitted, type SubmitRecord } from '../request/records/SubmitRecord';
import type { PreparedItem } from './PreparedItem';
import type { VideoRun } from './VideoRun';

/**
 * Holds the run's limit against all items. What was submitted already counts, but is collected whatever
 * the limit is by now.
 *
 * @throws CostLimitError when a new submit would make the run cost more than it may
 */
export function checkRunCost(run: VideoRun, items: Map<number, PreparedItem>): void {
	const { options, store } = run;
	run.prepared = items;
	const toSubmit = [...items].filter(([, item]) => item.earlierEstimate === undefined);
	const [first] = toSubmit;
	if (!first) return;
	const [, { fingerprint, price }] = first;
	const costs = new Map(toSubmit.map(([itemIndex, { estimated }]) => [itemIndex, estimated]));
	const earlier = [...items].flatMap(([itemIndex, { earlierEstimate }]) =>
		earlierEstimate === undefined ? [] : [{ itemIndex, earlierEstimate }],
	);
	// Of items that failed before anything could be sent for them now, or have another input by now.
	const others = store
		.entries()
		.filter(({ itemIndex, record }) => isUnderWay(record) && !isOf(items.get(itemIndex), record))
		.map(({ record }) => record.estimate);
	const counted = earlier.map(({ itemIndex }) => itemIndex);
	// A call of a tool has one item.
	const spent = [
		...earlier.map(({ earlierEstimate }) => earlierEstimate),
		...others,
		...store.spent(fingerprint, counted),
	];
	const amounts = spent.map((amount) => (amount === null ? null : new Big(amount)));
	checkRunLimit(costs, options.maxCostPerRun, price, amounts);
	for (const [, { estimated }] of toSubmit) store.reserve(decimal(estimated.cost));
}

/** An amount as it is saved; null when it is not known. */
export const decimal = (cost: Big | null) => cost?.toFixed() ?? null;

/** Whether the record is of what an item is answered with, or submits now. */
function isOf(item: PreparedItem | undefined, { fingerprint }: SubmitRecord): boolean {
	return (
		item !== undefined && (item.earlierEstimate !== undefined || item.fingerprint === fingerprint)
	);
}

/** Whether it may be billed and no end of it is known; ends that are billed count in any case. */
function isUnderWay(record: SubmitRecord): boolean {
	return !isSubmitted(record) || !isOver(record);
}

/**
 * The same for an item whose earlier request turns out to have ended without a result, or to answer
 * another call of a tool. All others were checked before the first submit.
 */
export function checkNewSubmit(run: VideoRun, item: PreparedItem): void {
	if (item.earlierEstimate === undefined) return;
	item.earlierEstimate = undefined;
	checkItemLimit(item.estimated, item.options.maxCostPerItem, item.price);
	checkRunCost(run, run.prepared);
}
