import Big from 'big.js';
import type { Price } from '../endpoints/Endpoint';
import { megapixels, money, priceOf, sum } from './estimate';
import { deliveredShape, type VideoOutput } from '../endpoints/output';

/** What something did cost on fal, as an item shows it. Amounts are in the currency. */
export interface ActualCost {
	/** null when unknown. */
	actual: number | null;
	/** Megapixels that fal bills; null when unknown. */
	billable_units: number | null;
	/** null when the endpoint is not known. */
	unit_price: number | null;
	currency: string | null;
	/** Where the units come from: fal's own figure, or the size of the video that it delivered. */
	source: 'billed' | 'delivered' | 'unknown';
}

/** What a video was expected to cost, and what it did cost. */
export interface VideoCost extends ActualCost {
	/** null when the input is not known, as of a request that was submitted elsewhere. */
	estimated: number | null;
}

/** fal's own figure of what it bills (`x-fal-billable-units`), when it is one that can be true. */
export function billedUnits(header: string | undefined): Big | undefined {
	const text = header?.trim() ?? '';
	if (!/^\d{1,9}(\.\d{1,20})?$/.test(text)) return undefined;
	return new Big(text);
}

/** The cost of a finished video. fal's own figure counts; the delivered size stands in for it. */
export function actualCost(
	output: VideoOutput,
	billableUnits: string | undefined,
	price: Price | undefined,
): ActualCost {
	const billed = billedUnits(billableUnits);
	if (billed) return costOfUnits(billed, price, 'billed');
	const { width, height, num_frames: frames } = deliveredShape.parse(output.video);
	if (!width || !height || !frames) return costOfUnits(undefined, price, 'unknown');
	return costOfUnits(megapixels({ width, height }, frames), price, 'delivered');
}

/** The cost of a number of units, from wherever they are known. */
export function costOfUnits(
	units: Big | undefined,
	price: Price | undefined,
	source: ActualCost['source'],
): ActualCost {
	return {
		actual: units && price ? priceOf(units, price).toNumber() : null,
		billable_units: units ? units.toNumber() : null,
		unit_price: price ? Number(price.unitPrice) : null,
		currency: price?.currency ?? null,
		source,
	};
}

/** Estimated and actual cost of a run's videos in one line. */
export function costLine(costs: VideoCost[]): string {
	const currency = costs.find((cost) => cost.currency !== null)?.currency ?? 'USD';
	const total = (amounts: Array<number | null>) => {
		const known = amounts.filter((amount) => amount !== null);
		return money(sum(known.map((n) => new Big(n))), currency);
	};
	const missing = (amounts: Array<number | null>) =>
		amounts.filter((amount) => amount === null).length;
	const estimated = costs.map((cost) => cost.estimated);
	const actual = costs.map((cost) => cost.actual);
	const [notEstimated, notReported] = [missing(estimated), missing(actual)];
	const videos = `${costs.length} video${costs.length === 1 ? '' : 's'}`;
	const estimatedText =
		notEstimated === costs.length
			? 'cost not known beforehand'
			: `estimated ${total(estimated)}${notEstimated ? ` without ${notEstimated} that could not be estimated` : ''}`;
	return `${videos}: ${estimatedText}, actual ${total(actual)}${notReported ? ` without ${notReported} whose cost fal did not report` : ''}.`;
}
