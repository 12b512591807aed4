import type { INodeProperties } from 'n8n-workflow';
import { endpoints } from '../../endpoints';
import type { Endpoint } from '../../endpoints/Endpoint';
import { taskName } from './taskName';

/* What can be asked of fal's list of requests, as a person sees it. */

/** The value of `status` for requests however they ended. */
export const ANY_STATUS = 'any';

/** e.g. `Text to Video, Distilled, with LoRAs`. */
function endpointName({ task, model, takesLoras }: Endpoint): string {
	const modelName = model.charAt(0).toUpperCase() + model.slice(1);
	return `${taskName(task)}, ${modelName}${takesLoras ? ', with LoRAs' : ''}`;
}

/** The parameters of `request: getMany`. */
export const listFields: INodeProperties[] = [
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
			{ name: 'Any', value: ANY_STATUS },
			{ name: 'Error', value: 'error', description: 'Failed because of an error at fal' },
			{ name: 'Success', value: 'success' },
			{ name: 'User Error', value: 'user_error', description: 'Refused for its input' },
		],
		default: ANY_STATUS,
		description: 'How the requests ended',
	},
	{
		displayName: 'Endpoints',
		name: 'endpoints',
		type: 'multiOptions',
		options: endpoints.map((endpoint) => ({ name: endpointName(endpoint), value: endpoint.id })),
		default: [],
		description: 'Which endpoints to list the requests of, one call each. None chosen means all.',
	},
	{
		displayName: 'Started After',
		name: 'startedAfter',
		type: 'dateTime',
		default: '',
		description:
			"Only requests sent at this time or later, in the workflow's time zone unless it names one. Left empty, fal goes back one day.",
	},
];
