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

type NamedPrice = z.infer<typeof answer>['prices'][number];

const DOING = 'Asking for the price';

/** Thousands of times what any endpoint costs per megapixel. */
const HIGHEST_UNIT_PRICE = 100;

/** An endpoint, and how its published price is metered and rounded. */
interface PricedEndpoint {
	id: string;
	price: Price;
}

/**
 * Today's prices of endpoints from fal's pricing API, in one call.
 *
 * @returns by the endpoints' names; those that fal names no price for are not in it
 * @throws FalError when they can't be fetched, or when fal no longer meters the same unit, so that no
 * estimate could be right
 */
export async function livePrices(
	http: FalHttp,
	hosts: FalHosts,
	endpoints: readonly PricedEndpoint[],
	signal?: AbortSignal,
): Promise<Map<string, Price>> {
	const exchange: Exchange = { doing: DOING, signal };
	const query = new URLSearchParams(
		endpoints.map(({ id }): [string, string] => ['endpoint_id', id]),
	).toString();
	const response = await falFetch(
		http,
		hosts,
		exchange,
	)(`${FAL_HOSTS.platform}/models/pricing?${query}`);
	const parsed = answer.safeParse(await response.json());
	const named = endpoints.flatMap((endpoint): Array<[string, Price]> => {
		const found = parsed.data?.prices.find(({ endpoint_id }) => endpoint_id === endpoint.id);
		return found ? [[endpoint.id, livePrice(found, endpoint.price)]] : [];
	});
	if (named.length === 0) throw noPrice(endpoints[0]!.id);
	const currencies = new Set(named.map(([, { currency }]) => currency));
	if (currencies.size > 1) {
		throw unusable(`fal named prices in ${[...currencies].join(' and ')}, which can't be added up`);
	}
	return new Map(named);
}

function livePrice({ unit_price, unit, currency }: NamedPrice, published: Price): Price {
	if (!(unit_price > 0 && unit_price <= HIGHEST_UNIT_PRICE)) {
		throw unusable(
			`fal named a price of ${unit_price}, which no estimate and no limit can count on`,
		);
	}
	if (!sameUnit(unit, published.unit)) {
		throw unusable(
			`fal now charges per ${unit}, not per ${published.unit}: this version can't estimate that`,
		);
	}
	return { ...published, unitPrice: String(unit_price), currency };
}

function sameUnit(unit: string, expected: string): boolean {
	const bare = (text: string) => text.trim().toLowerCase().replace(/s$/, '');
	return bare(unit) === bare(expected);
}

/** fal named no price for an endpoint. */
export function noPrice(endpointId: string): FalError {
	return unusable(`fal named no price for ${endpointId}`);
}

function unusable(reason: string): FalError {
	return new FalError({ kind: 'response', doing: DOING, status: 200, detail: reason });
}
