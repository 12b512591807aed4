import Big from 'big.js';
import { JOBS, mostOf, type JobId } from './jobs.mts';
import { jsonOf, type LiveFal } from './liveFal.mts';

/** Today's price of an endpoint as a decimal text; undefined when fal names none per megapixel in US dollars. */
async function unitPriceOf(fal: LiveFal, id: string): Promise<string | undefined> {
	const exchange = await fal.ask('platform', `/models/pricing?endpoint_id=${id}`);
	const [price] = (jsonOf(exchange)['prices'] ?? []) as Array<Record<string, unknown>>;
	const { unit_price, unit, currency } = price ?? {};
	const isUsual = currency === 'USD' && /^megapixels?$/.test(String(unit));
	return isUsual && typeof unit_price === 'number' ? String(unit_price) : undefined;
}

/**
 * The most that jobs can cost at today's prices, which may be others than the published ones that the
 * limit was compared with. Asked before anything is submitted.
 *
 * @returns undefined when it can't be known
 */
export async function mostToday(fal: LiveFal, jobs: readonly JobId[]): Promise<Big | undefined> {
	let total = new Big(0);
	for (const id of jobs) {
		const price = await unitPriceOf(fal, JOBS[id].endpoint.id);
		if (price === undefined) return undefined;
		total = total.plus(mostOf(id, price));
	}
	return total;
}
