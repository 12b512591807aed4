import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { Connections } from '../fal/connection';
import { collectVideo } from '../request/collectVideo';
import { isSubmitted } from '../request/records/SubmitRecord';
import { eachItem } from '../run/eachItem';
import { EarlierFailure } from '../output/errors/nodeErrors';
import { requestStoreOf } from '../run/requestStoreOf';
import { deliverVideo } from '../output/deliver';
import { RunCost } from '../output/hints/RunCost';
import { submittedText } from '../output/errors/submittedText';
import { forgetWaiting, type WaitingRun } from './WaitingRun';

/**
 * Fetches the videos that a run was put to wait for. Nothing is submitted here, and no parameter is
 * read.
 *
 * @throws as eachItem
 */
export async function collectWaiting(
	context: IExecuteFunctions,
	{ items, maxConcurrency }: WaitingRun,
): Promise<INodeExecutionData[]> {
	const connections = new Connections(context);
	const store = requestStoreOf(context);
	const runCost = new RunCost();
	const collected = await eachItem(context, {
		maxConcurrency,
		prepare: async (itemIndex) => {
			const waiting = items[itemIndex]!;
			if ('failure' in waiting) throw new EarlierFailure(waiting.failure);
			const request = store.get(itemIndex);
			if (!isSubmitted(request)) throw new Error('The request of this item is not known');
			return { ...waiting, request, fal: await connections.of(itemIndex) };
		},
		execute: async ({ options, price, estimated, request, fal }, itemIndex) => {
			const client = { queue: fal.queue, requests: fal.requests, store };
			const { onStop } = options;
			return await deliverVideo({
				...{ context, fal, options },
				cost: {
					origin: async () => await Promise.resolve({ endpointId: request.endpointId, price }),
					estimated,
					onCost: runCost.add,
				},
				stop: context.getExecutionCancelSignal(),
				video: async (wait) =>
					await collectVideo(client, { itemIndex }, request, { ...wait, onStop }),
			});
		},
		errorAddition: () => submittedText(context, store),
	});
	runCost.show(context);
	return collected;
}

/**
 * The same once the execution has resumed. Whatever comes of it: n8n's next try is a try like any other,
 * but for the webhooks, which have come.
 *
 * @throws as eachItem
 */
export async function resumeWaiting(
	context: IExecuteFunctions,
	waiting: WaitingRun,
): Promise<INodeExecutionData[]> {
	forgetWaiting(context);
	const store = requestStoreOf(context);
	for (const { itemIndex, record } of store.entries()) {
		if (isSubmitted(record)) store.write(itemIndex, { ...record, hasResumed: true });
	}
	return await collectWaiting(context, waiting);
}
