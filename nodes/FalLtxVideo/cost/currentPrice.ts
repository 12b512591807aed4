import type { IExecuteFunctions } from 'n8n-workflow';
import type { Endpoint, Price } from '../endpoints/Endpoint';
import type { FalConnection } from '../fal/connection';
import { FalError } from '../fal/errors/FalError';
import { livePrice } from '../fal/pricing';
import { RETRY, retry } from '../fal/http/retry';
import { type HintContext, showHint } from '../output/hints/showHint';
import type { RunOptions } from '../parameters/reading/readOptions';

/** A price and where it comes from. */
export interface PriceWithSource {
	price: Price;
	source: RunOptions['priceSource'];
}

/** What a person chose about the price. */
type PriceOptions = Pick<RunOptions, 'priceSource' | 'fallBackToPublishedPrice'>;

/** What choosing a price needs of the node's context. */
type PriceContext = HintContext & Pick<IExecuteFunctions, 'getExecutionCancelSignal'>;

/**
 * The price that a run counts with, asked for once. The published one makes no call.
 *
 * @param connect is called for the live price only
 * @throws FalError when the live price can't be fetched and the published one is not allowed
 */
export async function currentPrice(
	context: PriceContext,
	{ priceSource, fallBackToPublishedPrice }: PriceOptions,
	endpoint: Endpoint,
	connect: () => Promise<FalConnection>,
): Promise<PriceWithSource> {
	const published: PriceWithSource = { price: endpoint.price, source: 'published' };
	if (priceSource === 'published') return published;
	const { http, hosts } = await connect();
	const signal = context.getExecutionCancelSignal();
	const ask = async () => await livePrice(http, hosts, endpoint.id, endpoint.price, signal);
	const price = retry(RETRY.read, { signal }, ask);
	return await price.then(
		(live) => ({ price: live, source: 'live' }),
		(error: unknown) => {
			if (!(error instanceof FalError) || !fallBackToPublishedPrice) throw error;
			showHint(context, `Estimated with the published price. ${error.message}.`, 'warning');
			return published;
		},
	);
}
