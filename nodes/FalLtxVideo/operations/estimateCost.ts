import type { INodeExecutionData } from 'n8n-workflow';
import { currentPrices, type Prices } from '../cost/currentPrice';
import { estimate, type Estimate, money, sum } from '../cost/estimate';
import { endpoints } from '../endpoints';
import type { Endpoint, Price } from '../endpoints/Endpoint';
import { textToVideo as task } from '../endpoints/tasks/textToVideo';
import { shapeOf, type VideoShape } from '../endpoints/videoShape';
import { connect } from '../fal/connection';
import { shapeHints } from '../output/hints/shapeHints';
import { showHint } from '../output/hints/showHint';
import { integer, number, object, text } from '../output/itemSchema';
import { estimateFields } from '../parameters/fields/estimateFields';
import { readEstimate } from '../parameters/reading/input/readEstimate';
import { readPriceFields } from '../parameters/reading/readOptions';
import { eachItem } from '../run/eachItem';
import type { Operation } from './Operation';

/**
 * `video: estimateCost`: what a video would cost, by what the price depends on. With the published price
 * it needs no credential and makes no call.
 */
export const estimateCost: Operation = {
	value: 'estimateCost',
	name: 'Estimate Cost',
	action: 'Estimate the cost of a video',
	description: 'Calculate what a video would cost, without generating it',
	fields: estimateFields,
	output: object({
		endpoint_id: text,
		estimated_cost: number,
		upper_cost: number,
		megapixels: number,
		unit_price: number,
		currency: text,
		price_source: text,
		width: integer,
		height: integer,
		num_frames: integer,
		fps: number,
		duration_seconds: number,
	}),
	async run(context) {
		const prices = await currentPrices(
			readPriceFields(context, 0).priceSource,
			endpoints.filter((endpoint) => endpoint.task === task),
			async () => await connect(context),
			context.getExecutionCancelSignal(),
		);
		const estimates: Array<{ estimated: Estimate; price: Price }> = [];
		const hintAtShape = shapeHints(context);
		const items = await eachItem(context, {
			prepare: (itemIndex) => {
				const { endpoint, input } = readEstimate(context, itemIndex);
				hintAtShape(input);
				return { endpoint, shape: shapeOf(endpoint, input) };
			},
			execute: async ({ endpoint, shape }) => {
				const price = prices.of(endpoint);
				// The sizes and lengths of text to video follow no file.
				const estimated = estimate(shape, price)!;
				estimates.push({ estimated, price });
				return await Promise.resolve(estimateItem(endpoint, shape, estimated, prices));
			},
		});
		showHint(context, totalLine(estimates, prices));
		return items;
	},
};

function estimateItem(
	endpoint: Endpoint,
	{ size, frames, fps }: VideoShape,
	{ megapixels, cost, upperCost }: Estimate,
	prices: Prices,
): INodeExecutionData {
	const price = prices.of(endpoint);
	return {
		json: {
			endpoint_id: endpoint.id,
			estimated_cost: cost.toNumber(),
			upper_cost: upperCost.toNumber(),
			megapixels: megapixels.toNumber(),
			unit_price: Number(price.unitPrice),
			currency: price.currency,
			price_source: prices.source,
			...size,
			num_frames: frames,
			fps,
			duration_seconds: Math.round((frames! / fps!) * 1000) / 1000,
		},
	};
}

function totalLine(
	estimates: Array<{ estimated: Estimate; price: Price }>,
	{ source }: Prices,
): string {
	const currency = estimates[0]?.price.currency ?? 'USD';
	const total = (amounts: Array<Estimate['cost']>) => money(sum(amounts), currency);
	const videos = `${estimates.length} video${estimates.length === 1 ? '' : 's'}`;
	const likely = total(estimates.map(({ estimated }) => estimated.cost));
	const upper = total(estimates.map(({ estimated }) => estimated.upperCost));
	return `${videos}: about ${likely}, at most ${upper}, at the ${source} price.`;
}
