import type { INodeExecutionData } from 'n8n-workflow';
import { estimate, type Estimate, money, sum } from '../cost/estimate';
import { defaultEndpoint as endpoint } from '../endpoints';
import { shapeOf, type VideoShape } from '../endpoints/videoShape';
import { connect } from '../fal/connection';
import { eachItem } from '../run/eachItem';
import type { Operation } from './Operation';
import { showHint } from '../output/hints/showHint';
import { videoFields } from '../parameters/fields/videoFields';
import { shapeHints } from '../output/hints/shapeHints';
import { priceFields } from '../parameters/fields/optionFields';
import { loraHints } from '../output/hints/loraHints';
import { currentPrice, type PriceWithSource } from '../cost/currentPrice';
import { readInput } from '../parameters/reading/readInput';
import { readPriceFields } from '../parameters/reading/readOptions';

const fields = videoFields(endpoint);

/**
 * `video: estimateCost`: what `generate` would cost with the same parameters. With the published
 * price it needs no credential and makes no call.
 */
export const estimateCost: Operation = {
	value: 'estimateCost',
	name: 'Estimate Cost',
	action: 'Estimate the cost of a video',
	description: 'Calculate what a video would cost, without generating it',
	fields: [...priceFields, ...fields.all],
	async run(context) {
		const quoted = await currentPrice(
			readPriceFields(context, 0).priceSource,
			endpoint,
			async () => await connect(context),
			context.getExecutionCancelSignal(),
		);
		const estimates: Estimate[] = [];
		const hintAtGrid = shapeHints(context, endpoint);
		const hintAtLoras = loraHints(context);
		const items = await eachItem(context, {
			prepare: (itemIndex) => {
				const { input, hints } = readInput(context, itemIndex, endpoint, fields);
				const shape = shapeOf(endpoint, input);
				hintAtGrid(shape);
				hintAtLoras(hints);
				return shape;
			},
			execute: async (shape) => {
				const estimated = estimate(shape, quoted.price);
				estimates.push(estimated);
				return await Promise.resolve(estimateItem(shape, estimated, quoted));
			},
		});
		showHint(context, totalLine(estimates, quoted));
		return items;
	},
};

function estimateItem(
	{ width, height, frames, fps }: VideoShape,
	{ megapixels, cost, upperCost }: Estimate,
	{ price, source }: PriceWithSource,
): INodeExecutionData {
	return {
		json: {
			estimated_cost: cost.toNumber(),
			upper_cost: upperCost.toNumber(),
			megapixels: megapixels.toNumber(),
			unit_price: Number(price.unitPrice),
			currency: price.currency,
			price_source: source,
			width,
			height,
			num_frames: frames,
			fps,
			duration_seconds: Math.round((frames / fps) * 1000) / 1000,
		},
	};
}

function totalLine(estimates: Estimate[], { price, source }: PriceWithSource): string {
	const total = (amounts: Array<Estimate['cost']>) => money(sum(amounts), price.currency);
	const videos = `${estimates.length} video${estimates.length === 1 ? '' : 's'}`;
	const likely = total(estimates.map(({ cost }) => cost));
	const upper = total(estimates.map(({ upperCost }) => upperCost));
	return `${videos}: about ${likely}, at most ${upper}, at the ${source} price.`;
}
