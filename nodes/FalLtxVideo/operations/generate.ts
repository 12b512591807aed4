import { defaultEndpoint as endpoint } from '../endpoints';
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { generateVideo } from '../request/generateVideo';
import { eachItem } from '../run/eachItem';
import type { Operation } from './Operation';
import { isTool } from '../parameters/tool';
import { type Delivery, deliverVideo } from '../output/deliver';
import { videoFields } from '../parameters/fields/videoFields';
import { generateOptions, optionsField } from '../parameters/fields/optionFields';
import { collectWaiting } from '../waiting/collectWaiting';
import { putToWait, restoreInput } from '../waiting/putToWait';
import { forgetWaiting, waitingOfThisRun } from '../waiting/WaitingRun';
import { RunCost } from '../output/hints/RunCost';
import { submittedText } from '../output/errors/submittedText';
import { startRun, type VideoRun } from '../run/VideoRun';
import { checkRunCost } from '../run/checkRunCost';
import { prepareItem } from '../run/prepareItem';
import { releaseOnFailure, videoRequest } from '../run/videoRequest';

const fields = videoFields(endpoint);

/** `video: generate`: text in, a finished video out. */
export const generate: Operation = {
	value: 'generate',
	name: 'Generate',
	action: 'Generate a video from text',
	description: 'Make a video from a prompt and LoRAs, wait for it and hand on the file',
	fields: [...fields.all, optionsField(generateOptions)],
	async run(context) {
		const waiting = waitingOfThisRun(context);
		if (waiting?.isComplete) {
			// Whatever comes of it: n8n's next try is a try like any other.
			forgetWaiting(context);
			return await collectWaiting(context, waiting);
		}
		if (waiting) restoreInput(context, waiting);
		const run = await startRun(context, endpoint, fields);
		return run.options.waitMode === 'webhook' && !isTool(context.getNode())
			? await putToWait(context, run, waiting !== undefined)
			: await stayAndWait(context, run);
	},
};

/** Generates the videos while the execution keeps running. */
async function stayAndWait(
	context: IExecuteFunctions,
	run: VideoRun,
): Promise<INodeExecutionData[]> {
	const { quotedPrice, store } = run;
	const runCost = new RunCost(quotedPrice.price);
	const items = await eachItem(context, {
		maxConcurrency: run.options.maxConcurrency,
		prepare: async (itemIndex) => await prepareItem(context, run, itemIndex),
		checkAll: (prepared) => checkRunCost(run, prepared),
		execute: async (prepared, itemIndex) => {
			const { account, options } = prepared;
			const { fal, client } = account;
			const { onStop } = options;
			const { price } = quotedPrice;
			const estimated = prepared.estimated.cost.toNumber();
			const request = videoRequest(run, prepared, itemIndex);
			const delivery: Delivery = {
				...{ context, fal, options },
				cost: { price, estimated, onCost: runCost.add },
				stop: context.getExecutionCancelSignal(),
				video: async (signal) => await generateVideo(client, request, { signal, onStop }),
			};
			return await releaseOnFailure(run, itemIndex, async () => await deliverVideo(delivery));
		},
		errorAddition: () => submittedText(context, store),
	});
	runCost.show(context);
	return items;
}
