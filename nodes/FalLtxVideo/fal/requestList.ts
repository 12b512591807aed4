import { z } from 'zod';
import type { Exchange } from './falFetch';
import { falFetch } from './falFetch';
import { FalError } from './FalError';
import type { FalHosts } from './hosts';
import { FAL_HOSTS } from './hosts';
import type { FalHttp } from './http';

/** One request in fal's history (fal: platform API, models/requests/by-endpoint). */
const listed = z
	.object({
		request_id: z.string().min(1),
		/** ISO 8601. */
		sent_at: z.string().optional(),
		/** Only with payloads, and not for a request that was sent with `X-Fal-Store-IO: 0`. */
		json_input: z.record(z.unknown()).nullish(),
		/** The same of its output; not of one that holds the file itself. */
		json_output: z.record(z.unknown()).nullish(),
		/** What the result call answered; null before the end. */
		status_code: z.number().nullish(),
	})
	.passthrough();

const pageAnswer = z.object({ items: z.array(listed), next_cursor: z.string().nullish() });

/** One request in fal's history; unknown fields are kept. */
export type ListedRequest = z.infer<typeof listed>;

/** Which requests are wanted. */
export interface RequestQuery {
	/** Sent at this time or later; fal goes back a day unless given. */
	start?: Date;
	/** Unless given, all. */
	status?: 'success' | 'error' | 'user_error';
	/** Only this one; all unless given. */
	requestId?: string;
	/** Whether inputs and outputs come along. */
	payloads: boolean;
}

/** fal's history of requests of one endpoint, page by page as it is read. */
export type RequestList = (
	query: RequestQuery,
	signal?: AbortSignal,
) => AsyncGenerator<ListedRequest>;

/** How far fal's clock may be behind this one, for whoever asks by time. */
export const CLOCK_SKEW_MS = 10_000;

/** The most that fal gives in one page. */
const PAGE = 100;

/** A page of inputs and outputs is larger than any other answer of fal's. */
const PAGE_LIMIT_BYTES = 64 * 1024 * 1024;

/** The list of an endpoint's requests. It throws FalError, or the signal's reason once aborted. */
export function requestList(http: FalHttp, hosts: FalHosts, endpointId: string): RequestList {
	return async function* (query, signal) {
		const exchange: Exchange = {
			doing: 'Listing requests',
			signal,
			limitBytes: PAGE_LIMIT_BYTES,
		};
		let cursor: string | undefined;
		do {
			const search = searchText(endpointId, query, cursor);
			const url = `${FAL_HOSTS.platform}/models/requests/by-endpoint?${search}`;
			const answer = pageAnswer.safeParse(
				await (await falFetch(http, hosts, exchange)(url)).json(),
			);
			if (!answer.success) throw new FalError({ kind: 'unreadable', doing: exchange.doing });
			yield* answer.data.items;
			cursor = answer.data.next_cursor ?? undefined;
		} while (cursor);
	};
}

function searchText(endpointId: string, query: RequestQuery, cursor: string | undefined): string {
	return new URLSearchParams({
		endpoint_id: endpointId,
		limit: String(PAGE),
		...(query.start ? { start: query.start.toISOString() } : {}),
		...(query.status ? { status: query.status } : {}),
		...(query.requestId ? { request_id: query.requestId } : {}),
		...(query.payloads ? { expand: 'payloads' } : {}),
		...(cursor ? { cursor } : {}),
	}).toString();
}
