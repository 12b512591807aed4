import type { Endpoint, Price } from '../endpoints/Endpoint';
import type { FalConnection } from '../fal/connection';
import { RETRY, retry } from '../fal/http/retry';
import { livePrice } from '../fal/pricing';
import type { RunOptions } from '../parameters/reading/readOptions';

/** A price and where it comes from. */
export interface PriceWithSource {
	price: Price;
	source: RunOptions['priceSource'];
}

/**
 * The price that a run is estimated with, asked for once. The published one makes no call.
 *
 * @param connect is called for the live price only
 * @throws FalError when the live price can't be fetched: the published one may be another
 */
export async function currentPrice(
	source: RunOptions['priceSource'],
	endpoint: Endpoint,
	connect: () => Promise<FalConnection>,
	signal?: AbortSignal,
): Promise<PriceWithSource> {
	if (source === 'published') return { price: endpoint.price, source };
	const { http, hosts } = await connect();
	const ask = async () => await livePrice(http, hosts, endpoint.id, endpoint.price, signal);
	return { price: await retry(RETRY.read, { signal }, ask), source };
}
