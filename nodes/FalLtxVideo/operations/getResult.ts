import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { Connections } from '../fal/connection';
import { FalError } from '../fal/errors/FalError';
import { type FalQueue, isUnknownRequest, type QueueStatus } from '../fal/queue/falQueue';
import { RETRY, retry } from '../fal/http/retry';
import { awaitVideo } from '../request/awaitVideo';
import { RequestError } from '../request/RequestError';
import { originOf } from '../request/status/requestOrigin';
import { eachItem } from '../run/eachItem';
import type { Operation } from './Operation';
import { deliverVideo } from '../output/deliver';
import { videoSchema } from '../output/itemSchema';
import { InvalidParametersError } from '../parameters/InvalidParametersError';
import { optionsField, resultOptions } from '../parameters/fields/optionFields';
import { readAs } from '../parameters/reading/values/readAs';
import { readRunOptions, readVideoOptions } from '../parameters/reading/readOptions';
import { readRequestId, requestIdField } from '../parameters/reading/readRequestId';

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
	output: videoSchema,
	async run(context) {
		const connections = new Connections(context);
		const { maxConcurrency } = readRunOptions(context);
		return await eachItem(context, {
			maxConcurrency,
			prepare: async (itemIndex) => ({
				fal: await connections.of(itemIndex),
				requestId: readRequestId(context, itemIndex),
				wait: readWait(context, itemIndex),
				options: readVideoOptions(context, itemIndex),
			}),
			execute: async ({ fal, requestId, wait, options }) =>
				await deliverVideo({
					...{ context, fal, options },
					cost: {
						origin: async (signal) => await originOf(fal.requests, requestId, signal),
						estimated: null,
					},
					stop: context.getExecutionCancelSignal(),
					video: async (waiting) => {
						if (!wait) await requireCompleted(fal.queue, requestId, waiting.signal);
						// This operation did not submit it: a request is never cancelled from here.
						return await awaitVideo(fal, { requestId }, { ...waiting, onStop: 'leave' });
					},
				}),
		});
	},
};

/** @throws InvalidParametersError when it is neither true nor false */
function readWait(context: IExecuteFunctions, itemIndex: number): boolean {
	const value = context.getNodeParameter('waitForCompletion', itemIndex, false);
	const wait = readAs('boolean', value);
	if (typeof wait === 'boolean') return wait;
	const allowed = 'true or false';
	throw new InvalidParametersError([{ path: ['wait_for_completion'], value, allowed }]);
}

/**
 * One that the queue does not know any longer has ended: fal's history may have its result.
 *
 * @throws RequestError that says where the request is, when it waits or runs
 */
async function requireCompleted(
	queue: FalQueue,
	requestId: string,
	signal: AbortSignal,
): Promise<void> {
	const ask = async () => await queue.status(requestId, signal);
	const status = await retry(RETRY.read, { signal }, ask).catch((error: unknown) => {
		if (error instanceof FalError && isUnknownRequest(error.fault)) return undefined;
		throw error;
	});
	if (status?.status !== 'IN_QUEUE' && status?.status !== 'IN_PROGRESS') return;
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
