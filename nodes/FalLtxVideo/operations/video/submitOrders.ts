import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { beforeDeadline } from '../../request/deadline';
import { buyVideo } from '../../request/generateVideo';
import type { Purchase } from '../../request/Ledger';
import { eachItem } from '../eachItem';
import type { BuyingRun, Callback, Order } from './order';
import { agreeToOrders, purchasesText, readOrder, videoOrder, withPurchase } from './order';

/** What distinguishes one way to submit from another. */
export interface SubmitWay {
	/** Where fal reports each end; the address in the item's options unless given. */
	callback?: Callback;
	/** Looks at one order before anything is sent. What it throws fails the item. */
	check?: (order: Order) => void;
	/** Told of each order that was submitted. */
	onBought?: (order: Order, itemIndex: number) => void;
}

/**
 * Buys a video for each item and waits for none.
 *
 * @returns an item with the request for each input item
 * @throws as eachItem
 */
export async function submitOrders(
	context: IExecuteFunctions,
	run: BuyingRun,
	{ callback, check, onBought }: SubmitWay = {},
): Promise<INodeExecutionData[]> {
	return await eachItem(context, {
		maxConcurrency: run.options.maxConcurrency,
		prepare: async (itemIndex) => {
			const order = await readOrder(context, run, itemIndex);
			check?.(order);
			return order;
		},
		agree: (orders) => agreeToOrders(run, orders),
		work: async (order, itemIndex) => {
			const { timeoutSeconds } = order.options;
			const stop = context.getExecutionCancelSignal();
			const bought = videoOrder(run, order, itemIndex, callback);
			const purchase = await withPurchase(
				run,
				itemIndex,
				async () =>
					await beforeDeadline(
						{ timeoutSeconds, stop },
						async (signal) => await buyVideo(run.shop, bought, signal),
					),
			);
			onBought?.(order, itemIndex);
			return submittedItem(run, order, purchase);
		},
		besides: () => purchasesText(run.shop.ledger),
	});
}

function submittedItem(
	{ quoted }: BuyingRun,
	{ estimated }: Order,
	purchase: Purchase,
): INodeExecutionData {
	return {
		json: {
			request_id: purchase.requestId,
			...(purchase.urls as IDataObject),
			cost: {
				estimated: estimated.cost.toNumber(),
				unit_price: Number(quoted.price.unitPrice),
				currency: quoted.price.currency,
			},
		},
	};
}
