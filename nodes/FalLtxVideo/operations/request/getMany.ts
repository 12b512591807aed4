import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
} from 'n8n-workflow';
import { ltx23DistilledTextToVideoLora as endpoint } from '../../endpoint/ltx23DistilledTextToVideoLora';
import { connect } from '../../fal/connection';
import type { RequestQuery } from '../../fal/requestList';
import type { Operation } from '../Operation';

const fields: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 50,
		displayOptions: { show: { returnAll: [false] } },
		description: 'Max number of results to return',
	},
	{
		displayName: 'Status',
		name: 'status',
		type: 'options',
		options: [
			{ name: 'Any', value: 'any' },
			{ name: 'Error', value: 'error', description: "Failed by fal's machinery" },
			{ name: 'Success', value: 'success' },
			{ name: 'User Error', value: 'user_error', description: 'Refused for its input' },
		],
		default: 'any',
		description: 'How the requests ended',
	},
	{
		displayName: 'Started After',
		name: 'startedAfter',
		type: 'dateTime',
		default: '',
		description: 'Only requests sent at this time or later. Left empty, fal goes back one day.',
	},
];

/** `request: getMany`: fal's own list of the endpoint's requests, whoever sent them. */
export const getMany: Operation = {
	value: 'getMany',
	name: 'Get Many',
	action: 'Get many requests',
	description: 'List requests in the history of your fal account, with their inputs and results',
	fields,
	async run(context) {
		const { requests } = await connect(context, endpoint.id);
		const signal = context.getExecutionCancelSignal();
		const items: INodeExecutionData[] = [];
		for (const itemIndex of context.getInputData().keys()) {
			const { query, limit } = readQuery(context, itemIndex);
			let left = limit;
			for await (const listed of requests(query, signal)) {
				if (left-- <= 0) break;
				items.push({ json: listed as IDataObject, pairedItem: { item: itemIndex } });
			}
		}
		return items;
	},
};

function readQuery(
	context: IExecuteFunctions,
	itemIndex: number,
): { query: RequestQuery; limit: number } {
	const status = context.getNodeParameter('status', itemIndex, 'any') as string;
	const all = context.getNodeParameter('returnAll', itemIndex, false) === true;
	return {
		limit: all ? Infinity : Number(context.getNodeParameter('limit', itemIndex, 50)),
		query: {
			payloads: true,
			start: readTime(context.getNodeParameter('startedAfter', itemIndex, '')),
			...(status === 'any' ? {} : { status: status as RequestQuery['status'] }),
		},
	};
}

/** A time that is none must not list a day by mistake. */
class TimeError extends Error {
	override readonly name = 'TimeError';

	readonly description = 'Choose a time, or leave it empty for the last day.';
}

function readTime(value: unknown): Date | undefined {
	if (value === '' || value === null || value === undefined) return undefined;
	const time = new Date(String(value));
	if (!Number.isNaN(time.getTime())) return time;
	throw new TimeError(
		`Started After (startedAfter) is ${JSON.stringify(value)}, but must be a time`,
	);
}
