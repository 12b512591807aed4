import { Deadline } from '../../request/deadline';
import { generateVideo } from '../../request/generateVideo';
import { eachItem } from '../eachItem';
import type { Operation } from '../Operation';
import { deliver } from './deliver';
import { endpointFields } from './fields';
import { generateOptions, optionsField } from './optionFields';
import { agreeToOrders, purchasesText, readOrder, startBuying, videoOrder } from './order';
import type { VideoCost } from './videoCost';
import { costLine } from './videoCost';

/** `video: generate`: text in, a finished video out. */
export const generate: Operation = {
	value: 'generate',
	name: 'Generate',
	action: 'Generate a video',
	description: 'Make a video from a prompt and LoRAs, wait for it and hand on the file',
	fields: [...endpointFields, optionsField(generateOptions)],
	async run(context) {
		const run = await startBuying(context);
		const { fal, shop, quoted } = run;
		const costs: VideoCost[] = [];
		const items = await eachItem(context, {
			maxConcurrency: run.options.maxConcurrency,
			prepare: (itemIndex) => readOrder(context, run, itemIndex),
			agree: (orders) => agreeToOrders(run, orders),
			work: async (order, itemIndex) => {
				const { options } = order;
				const stop = context.getExecutionCancelSignal();
				const deadline = new Deadline(options.timeoutSeconds, stop);
				try {
					const { signal } = deadline;
					const giveUp = { signal, onStop: options.onStop };
					const bought = videoOrder(order, itemIndex);
					const generated = await generateVideo(shop, bought, giveUp);
					const estimated = order.estimated.cost.toNumber();
					const onCost = (cost: VideoCost) => costs.push(cost);
					const priced = { price: quoted.price, estimated, onCost };
					return await deliver(context, fal, generated, options, priced, signal);
				} finally {
					deadline.close();
				}
			},
			besides: () => purchasesText(shop.ledger),
		});
		if (costs.length > 0) {
			const message = costLine(costs, quoted.price);
			context.addExecutionHints({ message, location: 'outputPane' });
		}
		return items;
	},
};
