import type { IDataObject } from 'n8n-workflow';
import { ltx23DistilledTextToVideoLora as endpoint } from '../../endpoint/ltx23DistilledTextToVideoLora';
import { connect } from '../../fal/connection';
import { eachItem } from '../eachItem';
import type { Operation } from '../Operation';
import { readRequestId, requestIdField } from './requestId';

/** `request: getStatus`: where a request is, asked once. */
export const getStatus: Operation = {
	value: 'getStatus',
	name: 'Get Status',
	action: 'Get the status of a request',
	description: 'Tell whether a request waits, runs or is done, with its place in the queue',
	fields: [requestIdField],
	async run(context) {
		const { queue } = await connect(context, endpoint.id);
		const signal = context.getExecutionCancelSignal();
		return await eachItem(context, {
			prepare: (itemIndex) => readRequestId(context, itemIndex),
			work: async (requestId) => {
				const status = await queue.status(requestId, signal);
				return { json: { ...(status as unknown as IDataObject), request_id: requestId } };
			},
		});
	},
};
