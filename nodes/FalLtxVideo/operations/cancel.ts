import { Connections } from '../fal/connection';
import type { CancelAnswer } from '../fal/queue/falQueue';
import { RETRY, retry } from '../fal/http/retry';
import { object, text } from '../output/itemSchema';
import { eachItem } from '../run/eachItem';
import type { Operation } from './Operation';
import { readRequestId, requestIdField } from '../parameters/reading/readRequestId';

/** fal's own words for its answers (fal: queue reference). */
const STATUS: Record<CancelAnswer, string> = {
	requested: 'CANCELLATION_REQUESTED',
	'already completed': 'ALREADY_COMPLETED',
	'not found': 'NOT_FOUND',
};

/** `request: cancel`: that it came too late is an outcome, not a failure. */
export const cancel: Operation = {
	value: 'cancel',
	name: 'Cancel',
	action: 'Cancel a request',
	description: 'Take a request out of the queue, or ask fal to end one that is running',
	fields: [requestIdField],
	output: object({ request_id: text, status: text }),
	async run(context) {
		const connections = new Connections(context);
		const signal = context.getExecutionCancelSignal();
		return await eachItem(context, {
			prepare: async (itemIndex) => ({
				requestId: readRequestId(context, itemIndex),
				queue: (await connections.of(itemIndex)).queue,
			}),
			execute: async ({ requestId, queue }) => {
				// Cancelling twice is like cancelling once.
				const answer = await retry(
					RETRY.read,
					{ signal },
					async () => await queue.cancel(requestId),
				);
				return { json: { request_id: requestId, status: STATUS[answer] } };
			},
		});
	},
};
