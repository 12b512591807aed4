import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { z } from 'zod';
import { checkInput } from '../parameters/checkInput';
import { defaultEndpoint } from '../endpoints';
import { Connections } from '../fal/connection';
import type { RequestList, RequestQuery } from '../fal/queue/requestList';
import { eachItem } from '../run/eachItem';
import type { Operation } from './Operation';
import { InvalidParametersError } from '../parameters/InvalidParametersError';
import { readAs } from '../parameters/reading/readAs';
import { readParameter } from '../parameters/reading/readParameter';
import { ANY_STATUS, listFields } from '../parameters/fields/listFields';
import { readTime, TIMES } from '../parameters/reading/readTime';

/** `request: getMany`: fal's own list of the endpoint's requests, whoever sent them. */
export const getMany: Operation = {
	value: 'getMany',
	name: 'Get Many',
	action: 'Get many requests',
	description: 'List requests in the history of your fal account, with their inputs and results',
	fields: listFields,
	async run(context) {
		const connections = new Connections(context);
		const signal = context.getExecutionCancelSignal();
		return await eachItem(context, {
			prepare: async (itemIndex) => {
				const listing = readListing(context, itemIndex);
				return { ...listing, requests: (await connections.of(itemIndex)).requests };
			},
			execute: async (listing) => await listedItems(listing, signal),
		});
	},
};

/** What one item asks for. */
interface Listing {
	query: RequestQuery;
	/** The most requests to give; Infinity for all. */
	limit: number;
}

const filter = z.object({
	returnAll: z.boolean(),
	limit: z.number().int().min(1).optional(),
	status: z.enum([ANY_STATUS, 'error', 'success', 'user_error']),
});

async function listedItems(
	{ requests, query, limit }: Listing & { requests: RequestList },
	signal: AbortSignal | undefined,
): Promise<INodeExecutionData[]> {
	const items: INodeExecutionData[] = [];
	for await (const listed of requests(query, signal)) {
		items.push({ json: listed as IDataObject });
		if (items.length >= limit) break;
	}
	return items;
}

/** @throws InvalidParametersError that names every field which makes no sense */
function readListing(context: IExecuteFunctions, itemIndex: number): Listing {
	const read = (name: string) => readParameter(context, name, itemIndex);
	const startedAfter = read('startedAfter');
	const start = readTime(context, startedAfter, itemIndex);
	const isTime = start === undefined || !Number.isNaN(start.getTime());
	const returnAll = readAs('boolean', read('returnAll'));
	const check = checkInput(filter, {
		returnAll,
		// Without a limit all would be listed, so only Return All leaves it out.
		...(returnAll === true ? {} : { limit: readAs('number', read('limit')) ?? '' }),
		status: readAs('options', read('status')) ?? '',
	});
	if (!check.ok || !isTime) {
		throw new InvalidParametersError([
			...(check.ok ? [] : check.faults),
			...(isTime ? [] : [{ path: ['startedAfter'], value: startedAfter, allowed: TIMES }]),
		]);
	}
	const { status, limit = Infinity } = check.input;
	return {
		limit,
		query: {
			endpointId: defaultEndpoint.id,
			payloads: true,
			start,
			...(status === ANY_STATUS ? {} : { status }),
		},
	};
}
