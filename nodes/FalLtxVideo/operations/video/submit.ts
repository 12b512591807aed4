import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { Deadline } from '../../request/deadline';
import { buyVideo } from '../../request/generateVideo';
import { eachItem } from '../eachItem';
import type { Operation } from '../Operation';
import { endpointFields } from './fields';
import { optionsField, submitOptions } from './optionFields';
import { agreeToOrders, purchasesText, readOrder, startBuying, videoOrder } from './order';

/** `video: submit`: buys a video and doesn't wait for it. */
export const submit: Operation = {
	value: 'submit',
	name: 'Submit',
	action: 'Submit a video request',
	description: 'Order a video and go on at once; collect it later by its request ID',
	fields: [...endpointFields, optionsField(submitOptions)],
	async run(context) {
		const run = await startBuying(context);
		return await eachItem(context, {
			maxConcurrency: run.options.maxConcurrency,
			prepare: (itemIndex) => readOrder(context, run, itemIndex),
			agree: (orders) => agreeToOrders(run, orders),
			work: async (order, itemIndex): Promise<INodeExecutionData> => {
				const { options, estimated } = order;
				const stop = context.getExecutionCancelSignal();
				const deadline = new Deadline(options.timeoutSeconds, stop);
				try {
					const bought = videoOrder(order, itemIndex);
					const purchase = await buyVideo(run.shop, bought, deadline.signal);
					return {
						json: {
							request_id: purchase.requestId,
							...(purchase.urls as IDataObject),
							cost: {
								estimated: estimated.cost.toNumber(),
								unit_price: Number(run.quoted.price.unitPrice),
								currency: run.quoted.price.currency,
							},
						},
					};
				} finally {
					deadline.close();
				}
			},
			besides: () => purchasesText(run.shop.ledger),
		});
	},
};
