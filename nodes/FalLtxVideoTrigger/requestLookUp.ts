import pLimit from 'p-limit';
import { isUnknownRequest } from '../FalLtxVideo/fal/queue/falQueue';
import { FalError } from '../FalLtxVideo/fal/errors/FalError';
import type { RequestApi } from '../FalLtxVideo/request/awaitVideo';
import { readHistory } from '../FalLtxVideo/request/status/readHistory';

/*
 * fal signs the webhooks of all its accounts, so anybody with one can have fal call this trigger about
 * requests of their own. Rules: such a request starts nothing; and asking fal about them, with the key,
 * is limited, as fal would limit the account.
 */

/** Look-ups of one node within a minute that find no request of the account. */
const FRUITLESS_PER_MINUTE = 60;

/** Of those, how many may read fal's history within a minute: a call for each endpoint. */
const HISTORIES_PER_MINUTE = 3;

const MINUTE_MS = 60_000;

/** Look-ups of one node at the same time, and how many more wait for their turn. */
const TOGETHER = 10;
const MOST_IN_LINE = 200;

/** Requests that are not the account's are remembered, for each node. */
const REMEMBERED = 1_000;

/** A credential may have been of another account, and fal calls again for two hours. */
const REMEMBERED_FOR_MS = 10 * MINUTE_MS;

/** What is known of a request that a webhook reports. */
export type Ownership =
	| 'own'
	| 'foreign'
	/** Too many look-ups found nothing: fal was not asked, or its history not read. */
	| 'not asked';

/** Whether fal has the request; undefined when fal could not be asked, which must not lose a video. */
export type Answer = boolean | undefined | 'not asked';

/** @param mayReadHistory to be called before fal's history is read */
export type AskFal = (mayReadHistory: () => boolean) => Promise<Answer>;

/** The look-ups of one node. */
export class RequestLookUps {
	private readonly turns = pLimit(TOGETHER);

	/** Requests that are not the account's, oldest first, with when that was found. */
	private readonly foreign = new Map<string, number>();

	/** When look-ups of the last minute found nothing, oldest first. */
	private fruitless: number[] = [];

	/** When fal's history was read in the last minute, oldest first. */
	private histories: number[] = [];

	private underWay = 0;

	constructor(private readonly now = Date.now) {}

	/** Looks a request up, unless it is known or too many look-ups found nothing. */
	async ownership(requestId: string, ask: AskFal): Promise<Ownership> {
		if (this.isKnownForeign(requestId)) return 'foreign';
		if (this.turns.pendingCount >= MOST_IN_LINE) return 'not asked';
		return await this.turns(async () => {
			if (this.isKnownForeign(requestId)) return 'foreign';
			if (!this.mayAsk()) return 'not asked';
			return await this.asked(requestId, ask);
		});
	}

	private async asked(requestId: string, ask: AskFal): Promise<Ownership> {
		this.underWay++;
		try {
			const isOwn = await ask(this.mayReadHistory);
			if (isOwn !== true) this.fruitless.push(this.now());
			if (isOwn === 'not asked') return isOwn;
			if (isOwn === false) this.remember(requestId);
			return isOwn === false ? 'foreign' : 'own';
		} finally {
			this.underWay--;
		}
	}

	private mayAsk(): boolean {
		const since = this.now() - MINUTE_MS;
		this.fruitless = this.fruitless.filter((at) => at > since);
		return this.fruitless.length + this.underWay < FRUITLESS_PER_MINUTE;
	}

	private readonly mayReadHistory = (): boolean => {
		const since = this.now() - MINUTE_MS;
		this.histories = this.histories.filter((at) => at > since);
		if (this.histories.length >= HISTORIES_PER_MINUTE) return false;
		this.histories.push(this.now());
		return true;
	};

	private isKnownForeign(requestId: string): boolean {
		const foundAt = this.foreign.get(requestId);
		return foundAt !== undefined && this.now() - foundAt < REMEMBERED_FOR_MS;
	}

	private remember(requestId: string): void {
		this.foreign.delete(requestId);
		this.foreign.set(requestId, this.now());
		for (const oldest of this.foreign.keys()) {
			if (this.foreign.size <= REMEMBERED) break;
			this.foreign.delete(oldest);
		}
	}
}

/** By workflow and node, for as long as this process lives. */
const byPlace = new Map<string, RequestLookUps>();

/** The look-ups of one node. @param place which node of which workflow */
export function lookUpsOf(place: string): RequestLookUps {
	const lookUps = byPlace.get(place) ?? new RequestLookUps();
	byPlace.set(place, lookUps);
	return lookUps;
}

/**
 * Asks fal whether the account has a request: its queue, then its history, which knows it for longer.
 *
 * @returns undefined when fal could not be asked
 * @param mayReadHistory called before the history is read
 */
export async function hasRequest(
	{ queue, requests }: RequestApi,
	requestId: string,
	mayReadHistory: () => boolean,
	signal: AbortSignal,
): Promise<Answer> {
	try {
		await queue.status(requestId, signal);
		return true;
	} catch (error) {
		if (!(error instanceof FalError) || !isUnknownRequest(error.fault)) return undefined;
	}
	if (!mayReadHistory()) return 'not asked';
	const { state } = await readHistory(requests, { requestId }, signal).catch(() => ({
		state: 'not read' as const,
	}));
	return state === 'not read' ? undefined : state !== 'not listed';
}
