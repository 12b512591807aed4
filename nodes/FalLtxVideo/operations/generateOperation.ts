import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { Task } from '../endpoints/tasks/Task';
import { type Delivery, deliverVideo } from '../output/deliver';
import { submittedText } from '../output/errors/submittedText';
import { RunCost } from '../output/hints/RunCost';
import { videoSchema } from '../output/itemSchema';
import { generateOptions, optionsField } from '../parameters/fields/optionFields';
import { videoFields } from '../parameters/fields/videoFields';
import { isTool } from '../parameters/tool';
import { checkWebhookUrl } from '../parameters/webhookUrl';
import { generateVideo } from '../request/generateVideo';
import { checkRunCost } from '../run/checkRunCost';
import { eachItem } from '../run/eachItem';
import { prepareItem } from '../run/prepareItem';
import { priceAt } from '../run/priceAt';
import { submitItems } from '../run/submitItems';
import { releaseOnFailure, videoRequest } from '../run/videoRequest';
import { startRun, type VideoRun } from '../run/VideoRun';
import { resumeWaiting } from '../waiting/collectWaiting';
import { putToWait, restoreInput } from '../waiting/putToWait';
import { waitingOfThisRun } from '../waiting/WaitingRun';
import type { Operation } from './Operation';

/** What an operation that makes videos says of itself. */
export type TaskTexts = Pick<Operation, 'value' | 'name' | 'action' | 'description'>;

/** The operation of one task: the fields of its inputs in, a finished video out. */
export function generateOperation(task: Task, texts: TaskTexts): Operation {
	const fields = videoFields(task);
	return {
		...texts,
		fields: [...fields.all, optionsField(generateOptions)],
		output: videoSchema,
		async run(context) {
			const waiting = waitingOfThisRun(context);
			if (waiting?.isComplete) return await resumeWaiting(context, waiting);
			if (waiting) restoreInput(context, waiting);
			const run = await startRun(context, task, fields);
			const { waitMode } = run.options;
			if (waitMode === 'none') return await submitOnly(context, run);
			return waitMode === 'webhook' && !isTool(context.getNode())
				? await putToWait(context, run, waiting !== undefined)
				: await stayAndWait(context, run);
		},
	};
}

/** Submits the videos and hands on their request IDs. */
async function submitOnly(
	context: IExecuteFunctions,
	run: VideoRun,
): Promise<INodeExecutionData[]> {
	return await submitItems(context, run, {
		check: ({ account, options }) => {
			if (options.webhookUrl) checkWebhookUrl(account.fal.hosts, options.webhookUrl);
		},
	});
}

/** Generates the videos while the execution keeps running. */
async function stayAndWait(
	context: IExecuteFunctions,
	run: VideoRun,
): Promise<INodeExecutionData[]> {
	const { store } = run;
	const runCost = new RunCost();
	const items = await eachItem(context, {
		maxConcurrency: run.options.maxConcurrency,
		prepare: async (itemIndex) => await prepareItem(context, run, itemIndex),
		checkAll: (prepared) => checkRunCost(run, prepared),
		execute: async (prepared, itemIndex) => {
			const { account, endpoint, options, estimated } = prepared;
			const { fal, client } = account;
			const { onStop } = options;
			const request = videoRequest(run, prepared, itemIndex);
			const delivery: Delivery = {
				...{ context, fal, options },
				cost: {
					origin: async () => {
						const { endpointId = endpoint.id } = store.get(itemIndex) ?? {};
						const price = priceAt(run, prepared, endpointId);
						return await Promise.resolve({ endpointId, price });
					},
					estimated: estimated.cost?.toNumber() ?? null,
					onCost: runCost.add,
				},
				stop: context.getExecutionCancelSignal(),
				video: async (wait) => await generateVideo(client, request, { ...wait, onStop }),
			};
			return await releaseOnFailure(run, itemIndex, async () => await deliverVideo(delivery));
		},
		errorAddition: () => submittedText(context, store),
	});
	runCost.show(context);
	return items;
}
