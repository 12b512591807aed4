import { backoffMs } from '../../fal/http/backoff';
import { BACKOFF } from '../../fal/http/retry';
import { FalError } from '../../fal/errors/FalError';
import { pause } from '../../fal/http/pause';
import type { ListedRequest, RequestList } from '../../fal/queue/requestList';
import { withTimeLimit, AbortedError, type TimeLimits } from '../timeLimit';
import { comparableInput, couldBe, listedFingerprint } from '../records/fingerprint';
import { isKnownRequest, isOfOtherExecution, rememberRequest } from '../records/knownRequests';
import type { PendingSubmit } from '../records/SubmitRecord';

/*
 * Looks in fal's list for requests whose ID is not known here. Rules:
 * - one that any node of this n8n process submitted or took over is never taken by another;
 * - a request is taken for a lost one only when fal accepted it after it was sent and not long after
 *   its response was lost, by fal's clock (the Date header of each page); the nearest one first;
 * - where the response named it, no other is taken before the search ends: the list may show it late.
 */

/** fal lists a request soon after it was sent; how soon is not documented. */
const SEARCH_FOR_MS = 60_000;

/** How long one look may take, and the last one of an execution that was stopped or has timed out. */
const SEARCH_LIMIT: TimeLimits = { timeoutSeconds: SEARCH_FOR_MS / 1000 };
const LAST_SEARCH_LIMIT: TimeLimits = { timeoutSeconds: 5 };

/** How far fal's clock may be behind this one before the first page has shown it. */
const UNMEASURED_CLOCK_MS = 10_000;

/** How long after its response was lost a submit may still reach fal, through a gateway that is slow. */
const ACCEPTED_WITHIN_MS = 60_000;

const DAY_MS = 24 * 3600 * 1000;

/** A search that found nothing that could be taken, and why. */
export type Search =
	| { outcome: 'not found' }
	| { outcome: 'not read'; failure: FalError }
	/** Stop or a timeout came first. */
	| { outcome: 'not ended' }
	/** fal lists requests without their inputs. */
	| { outcome: 'no payload' }
	/** One is listed that may have been made with another file. */
	| { outcome: 'another file' };

/** A request that was found and now belongs to the execution. */
export interface FoundRequest {
	requestId: string;
	/** As fal lists it; undefined when the list has no time. */
	sentAt?: number;
}

/** Where and for whom it is searched. */
export interface Searching {
	/**
	 * Which fal is searched. Not which key: several keys and credentials may be of one account, and see
	 * each other's requests.
	 */
	place: string;
	list: RequestList;
	executionId: string;
	/** Whether this execution has the request already. */
	isOwn: (requestId: string) => boolean;
}

/**
 * Looks for the request of a submit whose response was lost, for a minute after it was lost and at least
 * once; once more when the signal aborts.
 *
 * @returns `found`, or why there is nothing
 * @throws the signal's reason never: an abort ends the search
 */
export async function findLostRequest(
	searching: Searching,
	pending: PendingSubmit,
	signal: AbortSignal,
): Promise<FoundRequest | Search> {
	if (!pending.isListed) return { outcome: 'no payload' };
	const until = (pending.failedAt ?? pending.sentAt) + SEARCH_FOR_MS;
	const clock = new FalClock();
	let search: FoundRequest | Search = { outcome: 'not ended' };
	for (let attempt = 0; ; attempt++) {
		const { aborted: isLast } = signal;
		const isOver = Date.now() >= until;
		// After an abort, a last search finds what has to be cancelled: nobody else's where it was named.
		const limit = isLast ? LAST_SEARCH_LIMIT : { ...SEARCH_LIMIT, stop: signal };
		const sought = { pending, clock, isNamedOnly: (isLast || !isOver) && isNamed(pending) };
		search = (await searchOnce(searching, sought, limit)) ?? search;
		if ('requestId' in search || isLast) return search;
		if (isOver && !signal.aborted) return search;
		await pause(backoffMs(BACKOFF.search, attempt), signal).catch(() => undefined);
	}
}

/** Whether a response that can only be an acceptance named the request in its headers. */
function isNamed({ failure }: PendingSubmit): boolean {
	const { status = 0, requestId } = failure ?? {};
	return status >= 200 && status < 300 && requestId !== undefined;
}

/** What one look is for. */
interface Sought {
	pending: PendingSubmit;
	clock: FalClock;
	/** Whether only the request counts that the response named. */
	isNamedOnly: boolean;
}

/** One look through the list; undefined when it was ended before it was through. */
async function searchOnce(
	searching: Searching,
	{ pending, clock, isNamedOnly }: Sought,
	limit: TimeLimits,
): Promise<FoundRequest | Search | undefined> {
	const look = async (signal: AbortSignal): Promise<FoundRequest | Search> => {
		const { offsetMs } = clock;
		const candidates = await readCandidates(searching, pending, clock, signal);
		const free = candidates
			.filter(({ request_id }) => !isKnownRequest(request_id))
			.sort((a, b) => timeOf(a.sent_at, Infinity) - timeOf(b.sent_at, Infinity));
		// A response whose body could not be read may have named it in its headers.
		const named = free.find(({ request_id }) => request_id === pending.failure?.requestId);
		const found = named ?? (isNamedOnly ? undefined : free[0]);
		if (found) return takeOver(searching, found);
		// fal's clock is further behind than the list was asked for.
		return clock.offsetMs < offsetMs ? await look(signal) : { outcome: 'not found' };
	};
	return await withTimeLimit(limit, look).catch((error: unknown): Search | undefined => {
		if (error instanceof FalError) return { outcome: 'not read', failure: error };
		if (error instanceof AbortedError) return undefined;
		throw error;
	});
}

async function readCandidates(
	searching: Searching,
	pending: PendingSubmit,
	clock: FalClock,
	signal: AbortSignal,
): Promise<ListedRequest[]> {
	const start = new Date(pending.sentAt + clock.offsetMs);
	const { endpointId } = pending;
	const query = { endpointId, start, payloads: true, onClock: clock.note };
	const candidates: ListedRequest[] = [];
	for await (const listed of searching.list(query, signal)) {
		if (mayBeTheSubmit(pending, listed, clock)) candidates.push(listed);
	}
	return candidates;
}

function mayBeTheSubmit(
	{ endpointId, sentAt, failedAt = sentAt, sentFingerprint }: PendingSubmit,
	{ sent_at, ended_at, json_input }: ListedRequest,
	{ offsetMs }: FalClock,
): boolean {
	const earliest = sentAt + offsetMs;
	const latest = failedAt + offsetMs + ACCEPTED_WITHIN_MS;
	const listedAt = timeOf(sent_at, earliest);
	if (listedAt < earliest || listedAt > latest) return false;
	if (timeOf(ended_at, Infinity) < earliest) return false;
	return json_input != null && listedFingerprint(endpointId, json_input) === sentFingerprint;
}

/** What an item would submit, as far as a listed request can be held against it. */
export interface LostDataQuery {
	endpointId: string;
	/** The input, with the content of files that are not uploaded yet in place of their addresses. */
	draft: Record<string, unknown>;
	/** Whether fal's list would show its input. */
	isListed: boolean;
}

/** Looks for what an execution submitted whose data n8n lost. One for each run: the list is read once. */
export class LostData {
	/** By endpoint. */
	private readonly recent = new Map<string, Promise<ListedRequest[]>>();

	constructor(private readonly searching: Searching) {}

	/**
	 * The newest request of the last day with just this input that is under way or went well, and that
	 * no other execution of this process has.
	 *
	 * @returns undefined when there is none, so that nothing was submitted; why, when that can't be known
	 * @throws the signal's reason when it aborts
	 */
	async find(
		sought: LostDataQuery,
		signal: AbortSignal,
	): Promise<FoundRequest | Search | undefined> {
		const recent = await this.read(sought.endpointId, signal).catch((error: unknown) => {
			signal.throwIfAborted();
			if (error instanceof FalError) return error;
			throw error;
		});
		if (recent instanceof FalError) return { outcome: 'not read', failure: recent };
		return this.choose(sought, recent.filter(this.isFree));
	}

	private choose(sought: LostDataQuery, free: ListedRequest[]): FoundRequest | Search | undefined {
		const { endpointId } = sought;
		const wanted = listedFingerprint(endpointId, sought.draft);
		const same = free.find(
			({ json_input: input }) => input != null && listedFingerprint(endpointId, input) === wanted,
		);
		if (same) return takeOver(this.searching, same);
		const withInput = free.filter(({ json_input }) => json_input != null);
		const mayBeHidden = sought.isListed ? withInput.length === 0 : withInput.length < free.length;
		if (free.length > 0 && mayBeHidden) return { outcome: 'no payload' };
		const comparable = (input: Record<string, unknown>) => comparableInput(endpointId, input);
		const draft = comparable(sought.draft);
		const isSimilar = withInput.some(({ json_input }) => couldBe(draft, comparable(json_input!)));
		return isSimilar ? { outcome: 'another file' } : undefined;
	}

	private readonly isFree = ({ request_id, status_code }: ListedRequest): boolean => {
		const isOpenOrGood = status_code == null || (status_code >= 200 && status_code < 300);
		const { executionId, isOwn } = this.searching;
		return isOpenOrGood && !isOwn(request_id) && !isOfOtherExecution(request_id, executionId);
	};

	/** Newest first. A reading that failed is not kept. */
	private async read(endpointId: string, signal: AbortSignal): Promise<ListedRequest[]> {
		const reading = this.recent.get(endpointId) ?? this.readAll(endpointId, signal);
		this.recent.set(endpointId, reading);
		return await reading.catch((error: unknown) => {
			this.recent.delete(endpointId);
			throw error;
		});
	}

	private async readAll(endpointId: string, signal: AbortSignal): Promise<ListedRequest[]> {
		const query = { endpointId, start: new Date(Date.now() - DAY_MS), payloads: true };
		const all: ListedRequest[] = [];
		for await (const listed of this.searching.list(query, signal)) {
			// Outputs of a whole day would be held for nothing.
			all.push({ ...listed, json_output: undefined });
		}
		return all.sort((a, b) => timeOf(b.sent_at, 0) - timeOf(a.sent_at, 0));
	}
}

/** Nothing else may happen between finding a request and this, or two would take the same one. */
function takeOver(
	{ executionId }: Searching,
	{ request_id, sent_at }: ListedRequest,
): FoundRequest {
	rememberRequest(request_id, executionId);
	const sentAt = timeOf(sent_at, NaN);
	return { requestId: request_id, ...(Number.isNaN(sentAt) ? {} : { sentAt }) };
}

function timeOf(iso: string | null | undefined, otherwise: number): number {
	const time = Date.parse(iso ?? '');
	return Number.isNaN(time) ? otherwise : time;
}

/** fal's clock against this one, as far as the list has shown it. */
class FalClock {
	private measuredMs?: number;

	/** To be added to a time of this clock: fal's is at least that. */
	get offsetMs(): number {
		return this.measuredMs ?? -UNMEASURED_CLOCK_MS;
	}

	readonly note = (leastOffsetMs: number): void => {
		this.measuredMs = Math.max(this.measuredMs ?? -Infinity, leastOffsetMs);
	};
}
