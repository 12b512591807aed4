import type { IDataObject } from 'n8n-workflow';
import { Connections } from '../fal/connection';
import { RETRY, retry } from '../fal/http/retry';
import { integer, logsSchema, object, text } from '../output/itemSchema';
import { eachItem } from '../run/eachItem';
import type { Operation } from './Operation';
import { readRequestId, requestIdField } from '../parameters/reading/readRequestId';

/** `request: getStatus`: where a request is, asked once. */
export const getStatus: Operation = {
	value: 'getStatus',
	name: 'Get Status',
	action: 'Get the status of a request',
	description: 'Get whether a request waits, runs or is done, with its position in the queue',
	fields: [requestIdField],
	output: object({
		status: text,
		request_id: text,
		queue_position: integer,
		logs: { ...logsSchema, type: ['array', 'null'] },
		metrics: object({ inference_time: { type: ['number', 'null'] } }),
		response_url: text,
		status_url: text,
		cancel_url: text,
		error: { type: ['string', 'array', 'object', 'null'] },
		error_type: text,
	}),
	async run(context) {
		const connections = new Connections(context);
		const signal = context.getExecutionCancelSignal();
		return await eachItem(context, {
			prepare: async (itemIndex) => ({
				requestId: readRequestId(context, itemIndex),
				queue: (await connections.of(itemIndex)).queue,
			}),
			execute: async ({ requestId, queue }) => {
				const ask = async () => await queue.status(requestId, signal);
				const status = await retry(RETRY.read, { signal }, ask);
				return { json: { ...(status as unknown as IDataObject), request_id: requestId } };
			},
		});
	},
};
