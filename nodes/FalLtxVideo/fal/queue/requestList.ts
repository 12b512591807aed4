import { z } from 'zod';
import { type Exchange, falFetch } from '../http/falFetch';
import { FalError } from '../errors/FalError';
import { FAL_HOSTS, type FalHosts } from '../hosts';
import type { FalHttp } from '../http/n8nHttp';
import type { LargeTurn } from '../http/largeTurn';
import { LIMITS } from '../http/limits';
import { isRequestId } from './requestId';
import { RETRY, retry } from '../http/retry';

/** A field of another type counts as missing: one row of another shape hides no other. */
const time = z.string().nullish().catch(undefined);

/** One request in fal's history (fal: platform API, models/requests/by-endpoint). */
const listed = z
	.object({
		request_id: z.string().refine(isRequestId),
		/** ISO 8601. */
		sent_at: time,
		/** ISO 8601; null before the end. */
		ended_at: time,
		/** Only with payloads, and not for a request that was sent with `X-Fal-Store-IO: 0`. */
		json_input: z.record(z.unknown()).nullish().catch(undefined),
		/** The same of its output; not of one that holds the file itself. */
		json_output: z.unknown(),
		/** What the result call answered; null before the end. */
		status_code: z.number().nullish().catch(undefined),
	})
	.passthrough();

const pageAnswer = z.object({
	items: z.array(listed.nullable().catch(null)),
	next_cursor: z.string().max(LIMITS.cursorCharacters).nullish(),
});

/** One request in fal's history; unknown fields are kept. */
export type ListedRequest = z.infer<typeof listed>;

/** Which requests are wanted. */
export interface RequestQuery {
	/** The endpoint they were submitted to. */
	endpointId: string;
	/** Sent at this time or later; fal goes back a day unless given. */
	start?: Date;
	/** Unless given, all. */
	status?: 'success' | 'error' | 'user_error';
	/** Only this one; all unless given. */
	requestId?: string;
	/** Whether inputs and outputs come along. */
	payloads: boolean;
	/** What this and other lists may still read; as much as {@link LIMITS} says unless given. */
	budget?: { bytes: number };
	/** Of whoever holds what is found, where that is a row with the file itself in it. */
	turn?: LargeTurn;
	/** Called with fal's clock minus this one in milliseconds, at the least, for each page. */
	onClock?: (leastOffsetMs: number) => void;
}

/** fal's history of the requests of an endpoint, page by page as it is read. */
export type RequestList = (
	query: RequestQuery,
	signal?: AbortSignal,
) => AsyncGenerator<ListedRequest>;

/** How long fal keeps a request in its history (fal: platform API). */
const KEPT_FOR_MS = 30 * 24 * 3600 * 1000;

/** From when on fal has requests at all. */
export const allThatIsKept = () => new Date(Date.now() - KEPT_FOR_MS);

/** The most that fal gives in one page. */
const PAGE = 100;

/**
 * The list of an endpoint's requests. Each page is asked for again while its failure is transient. It
 * throws FalError, or the signal's reason once aborted.
 */
export function requestList(http: FalHttp, hosts: FalHosts): RequestList {
	return async function* (query, signal) {
		const { budget = { bytes: LIMITS.listBytes } } = query;
		const exchange: Exchange = {
			doing: 'Listing requests',
			signal,
			turn: query.turn,
			limitBytes: LIMITS.pageBytes,
			onSize: (bytes) => (budget.bytes -= bytes),
			onHeaders: ({ date }) => measureClock(date, query.onClock),
		};
		const fetchJson = falFetch(http, hosts, exchange);
		const cursors = new Set<string>();
		let cursor: string | undefined;
		do {
			const search = searchText(query, cursor);
			const url = `${FAL_HOSTS.platform}/models/requests/by-endpoint?${search}`;
			const page = await retry(RETRY.read, { signal }, async () => {
				const parsed = pageAnswer.safeParse(await (await fetchJson(url)).json());
				if (parsed.success) return parsed.data;
				throw new FalError({ kind: 'unreadable', doing: exchange.doing });
			});
			if (budget.bytes < 0) {
				const reason = `the list is larger than ${LIMITS.listBytes} bytes`;
				throw new FalError({ kind: 'unreadable', doing: exchange.doing, reason });
			}
			yield* page.items.filter((item) => item !== null);
			cursor = page.next_cursor || undefined;
			if (cursor && (cursors.has(cursor) || cursors.size === LIMITS.pages)) {
				const reason = `the list has no end, or more than ${LIMITS.pages} pages`;
				throw new FalError({ kind: 'unreadable', doing: exchange.doing, reason });
			}
			if (cursor) cursors.add(cursor);
		} while (cursor);
	};
}

/** `Date` has no fractions of a second, so fal's clock is at it or up to a second later (RFC 9110). */
function measureClock(date: string | undefined, onClock: RequestQuery['onClock']): void {
	const offsetMs = Date.parse(date ?? '') - Date.now();
	if (!Number.isNaN(offsetMs)) onClock?.(offsetMs);
}

function searchText(query: RequestQuery, cursor: string | undefined): string {
	return new URLSearchParams({
		endpoint_id: query.endpointId,
		limit: String(PAGE),
		...(query.start ? { start: query.start.toISOString() } : {}),
		...(query.status ? { status: query.status } : {}),
		...(query.requestId ? { request_id: query.requestId } : {}),
		...(query.payloads ? { expand: 'payloads' } : {}),
		...(cursor ? { cursor } : {}),
	}).toString();
}
