import type { Endpoint, Price } from '../endpoints/Endpoint';
import type { FalConnection } from '../fal/connection';
import { RETRY, retry } from '../fal/http/retry';
import { livePrices, noPrice } from '../fal/pricing';
import type { RunOptions } from '../parameters/reading/readOptions';

type PriceSource = RunOptions['priceSource'];

/** A price and where it comes from. */
export interface PriceWithSource {
	price: Price;
	source: PriceSource;
}

/** The prices that a run is estimated with. */
export interface Prices {
	source: PriceSource;
	/** @throws FalError when fal named none for this endpoint */
	of(endpoint: Endpoint): Price;
}

/**
 * The prices of endpoints, asked for once and in one call. The published ones make no call.
 *
 * @param connect is called for the live price only
 * @throws FalError when the live prices can't be fetched: the published ones may be others
 */
export async function currentPrices(
	source: PriceSource,
	endpoints: readonly Endpoint[],
	connect: () => Promise<FalConnection>,
	signal?: AbortSignal,
): Promise<Prices> {
	if (source === 'published') return { source, of: ({ price }) => price };
	const { http, hosts } = await connect();
	const ask = async () => await livePrices(http, hosts, endpoints, signal);
	const prices = await retry(RETRY.read, { signal }, ask);
	return {
		source,
		of({ id }) {
			const price = prices.get(id);
			if (!price) throw noPrice(id);
			return price;
		},
	};
}
