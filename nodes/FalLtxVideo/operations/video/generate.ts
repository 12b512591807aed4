import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { beforeDeadline } from '../../request/deadline';
import { generateVideo } from '../../request/generateVideo';
import { eachItem } from '../eachItem';
import type { Operation } from '../Operation';
import { deliver } from './deliver';
import { endpointFields } from './fields';
import { generateOptions, optionsField } from './optionFields';
import type { BuyingRun } from './order';
import {
	agreeToOrders,
	purchasesText,
	readOrder,
	startBuying,
	videoOrder,
	withPurchase,
} from './order';
import { collectParked } from './parked/collectParked';
import { park, restoreInput } from './parked/park';
import { parkingOfThisRun } from './parked/parking';
import { RunCost } from './runCost';
import { isTool } from '../tool';

/** `video: generate`: text in, a finished video out. */
export const generate: Operation = {
	value: 'generate',
	name: 'Generate',
	action: 'Generate a video from text',
	description: 'Make a video from a prompt and LoRAs, wait for it and hand on the file',
	fields: [...endpointFields, optionsField(generateOptions)],
	async run(context) {
		const parking = parkingOfThisRun(context);
		if (parking?.isOver) return await collectParked(context, parking);
		if (parking) restoreInput(context, parking);
		const run = await startBuying(context);
		return run.options.waitMode === 'webhook' && !isTool(context.getNode())
			? await park(context, run, parking !== undefined)
			: await stayAndWait(context, run);
	},
};

/** Makes the videos while the execution keeps running. */
async function stayAndWait(
	context: IExecuteFunctions,
	run: BuyingRun,
): Promise<INodeExecutionData[]> {
	const { fal, shop, quoted } = run;
	const runCost = new RunCost(quoted.price);
	const items = await eachItem(context, {
		maxConcurrency: run.options.maxConcurrency,
		prepare: async (itemIndex) => await readOrder(context, run, itemIndex),
		agree: (orders) => agreeToOrders(run, orders),
		work: async (order, itemIndex) => {
			const { options } = order;
			const { timeoutSeconds, onStop } = options;
			const stop = context.getExecutionCancelSignal();
			const make = async (signal: AbortSignal) => {
				const bought = videoOrder(run, order, itemIndex);
				const generated = await generateVideo(shop, bought, { signal, onStop });
				const estimated = order.estimated.cost.toNumber();
				const priced = { price: quoted.price, estimated, onCost: runCost.note };
				return await deliver(context, fal, generated, options, priced, signal);
			};
			return await withPurchase(
				run,
				itemIndex,
				async () => await beforeDeadline({ timeoutSeconds, stop }, make),
			);
		},
		besides: () => purchasesText(shop.ledger),
	});
	runCost.tell(context);
	return items;
}
