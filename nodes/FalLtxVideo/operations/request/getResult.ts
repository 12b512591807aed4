import type { INodeProperties } from 'n8n-workflow';
import { ltx23DistilledTextToVideoLora as endpoint } from '../../endpoint/ltx23DistilledTextToVideoLora';
import { connect } from '../../fal/connection';
import type { FalQueue, QueueStatus } from '../../fal/queue';
import { awaitVideo } from '../../request/awaitVideo';
import { beforeDeadline } from '../../request/deadline';
import { RequestError } from '../../request/RequestError';
import { eachItem } from '../eachItem';
import type { Operation } from '../Operation';
import { deliver } from '../video/deliver';
import { optionsField, resultOptions } from '../video/optionFields';
import { readVideoOptions } from '../video/readOptions';
import { readRequestId, requestIdField } from './requestId';

const waitField: INodeProperties = {
	displayName: 'Wait for Completion',
	name: 'waitForCompletion',
	type: 'boolean',
	default: false,
	description:
		'Whether to wait for a request that is not done yet. Otherwise it is an error that says where it is.',
};

/** `request: getResult`: the video of a request that was submitted before, as `generate` gives it. */
export const getResult: Operation = {
	value: 'getResult',
	name: 'Get Result',
	action: 'Get the result of a request',
	description: 'Fetch the finished video of a request, with its file',
	fields: [requestIdField, waitField, optionsField(resultOptions)],
	async run(context) {
		const fal = await connect(context, endpoint.id);
		const { maxConcurrency } = readVideoOptions(context, 0);
		return await eachItem(context, {
			maxConcurrency,
			prepare: (itemIndex) => ({
				requestId: readRequestId(context, itemIndex),
				wait: context.getNodeParameter('waitForCompletion', itemIndex, false) === true,
				options: readVideoOptions(context, itemIndex),
			}),
			work: async ({ requestId, wait, options }) => {
				const { timeoutSeconds } = options;
				const stop = context.getExecutionCancelSignal();
				return await beforeDeadline({ timeoutSeconds, stop }, async (signal) => {
					if (!wait) await mustBeDone(fal.queue, requestId, signal);
					// Whoever only collects has not ordered: a request is never cancelled from here.
					const giveUp = { signal, onStop: 'leave' } as const;
					const generated = await awaitVideo(fal, { requestId }, giveUp);
					const priced = { price: endpoint.price, estimated: null };
					return await deliver(context, fal, generated, options, priced, signal);
				});
			},
		});
	},
};

/** @throws RequestError that says where the request is, when it is not done */
async function mustBeDone(queue: FalQueue, requestId: string, signal: AbortSignal): Promise<void> {
	const status = await queue.status(requestId, signal);
	if (status.status === 'COMPLETED') return;
	throw new RequestError(
		`Request ${requestId} is not done yet: ${stateText(status)}`,
		{ requestId },
		'Ask again later, or turn on Wait for Completion.',
	);
}

function stateText({ status, queue_position: position }: QueueStatus): string {
	if (status !== 'IN_QUEUE') return `it is ${status === 'IN_PROGRESS' ? 'being made' : status}`;
	return position === undefined
		? "it waits in fal's queue"
		: `it waits in fal's queue at position ${position}`;
}
