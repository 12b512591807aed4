import pLimit from 'p-limit';
import { endpoints } from '../../endpoints';
import type { Endpoint, Price } from '../../endpoints/Endpoint';
import { allThatIsKept, type RequestList } from '../../fal/queue/requestList';
import { withTimeLimit } from '../timeLimit';

/*
 * fal keeps requests by their application and lists them by their endpoint, and no response of the queue
 * names the endpoint. Rule: a finished video never waits long for what is only needed for its price.
 */

const WITHIN_SECONDS = 15;

/** Of fal's platform API; all would be refused as too many. */
const AT_ONCE = 4;

/** The endpoint that was found last: mostly it is the next request's too. */
let latest: Endpoint | undefined;

/**
 * Where a request was submitted, and the published price of that endpoint.
 *
 * @returns undefined when no list shows it, or can't be read
 * @throws the signal's reason when it aborts
 */
export async function originOf(
	list: RequestList,
	requestId: string,
	stop: AbortSignal,
): Promise<{ endpointId: string; price: Price } | undefined> {
	const endpoint = await findEndpoint(list, requestId, stop);
	return endpoint && { endpointId: endpoint.id, price: endpoint.price };
}

async function findEndpoint(
	list: RequestList,
	requestId: string,
	stop: AbortSignal,
): Promise<Endpoint | undefined> {
	try {
		const limit = { timeoutSeconds: WITHIN_SECONDS, stop };
		const search = async (signal: AbortSignal) => await searchLists(list, requestId, signal);
		return await withTimeLimit(limit, search);
	} catch {
		stop.throwIfAborted();
		return undefined;
	}
}

async function searchLists(
	list: RequestList,
	requestId: string,
	signal: AbortSignal,
): Promise<Endpoint | undefined> {
	const first = latest;
	if (first && (await isListed(list, first, requestId, signal))) return first;
	const others = endpoints.filter((endpoint) => endpoint !== first);
	const turns = pLimit(AT_ONCE);
	let found: Endpoint | undefined;
	const searches = others.map(
		async (endpoint) =>
			await turns(async () => {
				if (!found && (await isListed(list, endpoint, requestId, signal))) found = endpoint;
			}),
	);
	await Promise.all(searches).finally(() => turns.clearQueue());
	latest = found ?? latest;
	return found;
}

async function isListed(
	list: RequestList,
	{ id }: Endpoint,
	requestId: string,
	signal: AbortSignal,
): Promise<boolean> {
	const query = { endpointId: id, start: allThatIsKept(), requestId, payloads: false };
	for await (const { request_id } of list(query, signal)) {
		if (request_id === requestId) return true;
	}
	return false;
}
