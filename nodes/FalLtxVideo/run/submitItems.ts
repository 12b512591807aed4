import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { withTimeLimit } from '../request/timeLimit';
import { submitVideo } from '../request/generateVideo';
import type { SubmittedRequest } from '../request/records/SubmitRecord';
import { eachItem } from './eachItem';
import { submittedText } from '../output/errors/submittedText';
import type { VideoRun } from './VideoRun';
import { checkRunCost } from './checkRunCost';
import type { PreparedItem } from './PreparedItem';
import { priceAt } from './priceAt';
import { prepareItem } from './prepareItem';
import { type ExecutionWebhook, releaseOnFailure, videoRequest } from './videoRequest';

/** What distinguishes one way to submit from another. */
export interface SubmitWay {
	/** Where fal reports each end; the address in the item's options unless given. */
	webhook?: ExecutionWebhook;
	/** Whether fal is asked if what an earlier try submitted has ended without a result. */
	isEndChecked?: boolean;
	/** Looks at one prepared item before anything is sent. What it throws fails the item. */
	check?: (item: PreparedItem) => void;
	/** Called with each item that was submitted. */
	onSubmitted?: (item: PreparedItem, itemIndex: number) => void;
}

/**
 * Submits a video for each item and waits for none.
 *
 * @returns an item with the request for each input item
 * @throws as eachItem
 */
export async function submitItems(
	context: IExecuteFunctions,
	run: VideoRun,
	{ webhook, isEndChecked = false, check, onSubmitted }: SubmitWay = {},
): Promise<INodeExecutionData[]> {
	return await eachItem(context, {
		maxConcurrency: run.options.maxConcurrency,
		prepare: async (itemIndex) => {
			const item = await prepareItem(context, run, itemIndex);
			check?.(item);
			return item;
		},
		checkAll: (items) => checkRunCost(run, items),
		execute: async (item, itemIndex) => {
			const { timeoutSeconds } = item.options;
			const stop = context.getExecutionCancelSignal();
			const wanted = videoRequest(run, item, itemIndex, webhook);
			const { client } = item.account;
			const request = await releaseOnFailure(
				run,
				itemIndex,
				async () =>
					await withTimeLimit(
						{ timeoutSeconds, stop },
						async (signal) => await submitVideo(client, wanted, isEndChecked, signal),
					),
			);
			onSubmitted?.(item, itemIndex);
			return submittedItem(run, item, request);
		},
		errorAddition: () => submittedText(context, run.store),
	});
}

function submittedItem(
	run: VideoRun,
	item: PreparedItem,
	request: SubmittedRequest,
): INodeExecutionData {
	const price = priceAt(run, item, request.endpointId);
	return {
		json: {
			request_id: request.requestId,
			endpoint_id: request.endpointId,
			...(request.urls as IDataObject),
			cost: {
				estimated: item.estimated.cost?.toNumber() ?? null,
				unit_price: Number(price.unitPrice),
				currency: price.currency,
			},
		},
	};
}
