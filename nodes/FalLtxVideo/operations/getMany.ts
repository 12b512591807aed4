import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { z } from 'zod';
import { checkInput } from '../parameters/checkInput';
import { endpoints } from '../endpoints';
import { Connections } from '../fal/connection';
import { LIMITS } from '../fal/http/limits';
import type { ListedRequest, RequestList, RequestQuery } from '../fal/queue/requestList';
import { object, resultSchema, text } from '../output/itemSchema';
import { eachItem } from '../run/eachItem';
import type { Operation } from './Operation';
import { InvalidParametersError } from '../parameters/InvalidParametersError';
import { readAs } from '../parameters/reading/values/readAs';
import { readParameter } from '../parameters/reading/values/readParameter';
import { ANY_STATUS, listFields } from '../parameters/fields/listFields';
import { readTime, TIMES } from '../parameters/reading/values/readTime';

/** `request: getMany`: fal's own lists of the endpoints' requests, whoever sent them. */
export const getMany: Operation = {
	value: 'getMany',
	name: 'Get Many',
	action: 'Get many requests',
	description: 'List requests in the history of your fal account, with their inputs and results',
	fields: listFields,
	output: object({
		request_id: text,
		endpoint_id: text,
		sent_at: text,
		started_at: { type: ['string', 'null'] },
		ended_at: { type: ['string', 'null'] },
		status_code: { type: ['integer', 'null'] },
		duration: { type: ['number', 'null'] },
		// Which inputs there are depends on the endpoint.
		json_input: { ...object({ prompt: text }), additionalProperties: true },
		json_output: { ...resultSchema, additionalProperties: true },
	}),
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
	/** Without the endpoint. */
	query: Omit<RequestQuery, 'endpointId'>;
	endpointIds: string[];
	/** The most requests to give; Infinity for all. */
	limit: number;
}

const ENDPOINTS = `names of this node's endpoints, such as ${endpoints[0]!.id}`;

const filter = z.object({
	returnAll: z.boolean(),
	limit: z.number().int().min(1).optional(),
	status: z.enum([ANY_STATUS, 'error', 'success', 'user_error']),
});

/** fal lists the requests of one endpoint at a time, in its own order; those of several are put together. */
async function listedItems(
	{ requests, query, endpointIds, limit }: Listing & { requests: RequestList },
	signal: AbortSignal | undefined,
): Promise<INodeExecutionData[]> {
	const budget = { bytes: LIMITS.listBytes };
	const listed: ListedRequest[] = [];
	for (const endpointId of endpointIds) {
		let left = limit;
		for await (const one of requests({ ...query, endpointId, budget }, signal)) {
			listed.push(one);
			if (--left === 0) break;
		}
	}
	const ordered = endpointIds.length === 1 ? listed : listed.sort(newestFirst);
	return ordered.slice(0, limit).map((one) => ({ json: one as IDataObject }));
}

function newestFirst({ sent_at: one }: ListedRequest, { sent_at: other }: ListedRequest): number {
	return (Date.parse(other ?? '') || 0) - (Date.parse(one ?? '') || 0);
}

/** The endpoints that are chosen, or all. An expression may give a text with commas. */
function readEndpoints(value: unknown): { chosen: string[]; unknown: string[] } {
	const given = typeof value === 'string' ? value.split(',') : Array.isArray(value) ? value : [];
	const ids = given.map((id) => String(id).trim()).filter((id) => id !== '');
	const known = endpoints.map(({ id }) => id);
	const unknown = ids.filter((id) => !known.includes(id));
	return { chosen: ids.length > 0 ? [...new Set(ids)] : known, unknown };
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
	const { chosen, unknown } = readEndpoints(read('endpoints'));
	if (!check.ok || !isTime || unknown.length > 0) {
		throw new InvalidParametersError([
			...(check.ok ? [] : check.faults),
			...(isTime ? [] : [{ path: ['startedAfter'], value: startedAfter, allowed: TIMES }]),
			...unknown.map((value) => ({ path: ['endpoints'], value, allowed: ENDPOINTS })),
		]);
	}
	const { status, limit = Infinity } = check.input;
	return {
		limit,
		endpointIds: chosen,
		query: {
			payloads: true,
			start,
			...(status === ANY_STATUS ? {} : { status }),
		},
	};
}
