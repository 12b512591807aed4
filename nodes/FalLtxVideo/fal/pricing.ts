import { z } from 'zod';
import type { Price } from '../endpoints/Endpoint';
import { type Exchange, falFetch } from './http/falFetch';
import { FalError } from './errors/FalError';
import { FAL_HOSTS, type FalHosts } from './hosts';
import type { FalHttp } from './http/n8nHttp';

/** fal's response (fal: platform API, models/pricing). The price is free to ask for. */
const answer = z.object({
	prices: z.array(
		z.object({
			endpoint_id: z.string(),
			unit_price: z.number(),
			unit: z.string(),
			// ISO 4217 has three letters.
			currency: z.string().min(1).max(20),
		}),
	),
});

const DOING = 'Asking for the price';

/** Thousands of times what any endpoint costs per megapixel. */
const HIGHEST_UNIT_PRICE = 100;

/**
 * Today's price of an endpoint from fal's pricing API.
 *
 * @param published what the endpoint's page says: how the price is metered and rounded
 * @throws FalError when the price can't be fetched, or when fal no longer meters the same unit, so that
 * no estimate could be right
 */
export async function livePrice(
	http: FalHttp,
	hosts: FalHosts,
	endpointId: string,
	published: Price,
	signal?: AbortSignal,
): Promise<Price> {
	const exchange: Exchange = { doing: DOING, signal };
	const query = new URLSearchParams({ endpoint_id: endpointId }).toString();
	const response = await falFetch(
		http,
		hosts,
		exchange,
	)(`${FAL_HOSTS.platform}/models/pricing?${query}`);
	const parsed = answer.safeParse(await response.json());
	const price = parsed.data?.prices.find(({ endpoint_id }) => endpoint_id === endpointId);
	if (!price) throw unusable('fal named no price for this endpoint');
	if (!(price.unit_price > 0 && price.unit_price <= HIGHEST_UNIT_PRICE)) {
		throw unusable(
			`fal named a price of ${price.unit_price}, which no estimate and no limit can count on`,
		);
	}
	if (!sameUnit(price.unit, published.unit)) {
		throw unusable(
			`fal now charges per ${price.unit}, not per ${published.unit}: this version can't estimate that`,
		);
	}
	return { ...published, unitPrice: String(price.unit_price), currency: price.currency };
}

function sameUnit(unit: string, expected: string): boolean {
	const bare = (text: string) => text.trim().toLowerCase().replace(/s$/, '');
	return bare(unit) === bare(expected);
}

function unusable(reason: string): FalError {
	return new FalError({ kind: 'response', doing: DOING, status: 200, detail: reason });
}
