import pLimit from 'p-limit';
import type { Pace } from '../fal/backoff';
import { waitMs } from '../fal/backoff';
import { FalError } from '../fal/FalError';
import { pause } from '../fal/pause';
import type { RequestList } from '../fal/requestList';
import { CLOCK_SKEW_MS } from '../fal/requestList';

/*
 * Rules: a request whose answer was lost is looked for in fal's own list and adopted, so that what
 * may have been paid for is had. A request that another item of the execution knows is never
 * adopted; and equal inputs are bought one after the other, so that what is found can't be one whose
 * answer is still on its way.
 */

/** fal lists a request soon after it was sent; how soon is not documented. */
const LOOK_FOR_MS = 60_000;
const PACE: Pace = { firstMs: 500, factor: 1.7, longestMs: 8_000 };

/** Looks for requests that were bought, maybe, but whose id never arrived. */
export class LostRequests {
	/** Of the inputs that are being bought. */
	private readonly lanes = new Map<string, { limit: ReturnType<typeof pLimit>; users: number }>();

	/**
	 * @param list fal's list of requests
	 * @param fingerprintOf tells inputs apart, as fal lists them
	 * @param isKnown whether a request belongs to an item of this execution
	 */
	constructor(
		private readonly list: RequestList,
		private readonly fingerprintOf: (input: Record<string, unknown>) => string,
		private readonly isKnown: (requestId: string) => boolean,
	) {}

	/** Buys, and looks for what was bought, one after the other for the same input. */
	async oneByOne<T>(fingerprint: string, buy: () => Promise<T>): Promise<T> {
		const lane = this.lanes.get(fingerprint) ?? { limit: pLimit(1), users: 0 };
		this.lanes.set(fingerprint, lane);
		lane.users++;
		try {
			return await lane.limit(buy);
		} finally {
			if (--lane.users === 0) this.lanes.delete(fingerprint);
		}
	}

	/**
	 * The request with just this input that was sent since then and that nobody here knows.
	 *
	 * @param input as it was sent: fal lists the address that a file was uploaded to
	 * @param sentAt milliseconds since 1970
	 * @returns its id; undefined when there is none within a minute, or the signal aborted
	 */
	async find(
		input: Record<string, unknown>,
		sentAt: number,
		signal: AbortSignal,
	): Promise<string | undefined> {
		const fingerprint = this.fingerprintOf(input);
		const until = Date.now() + LOOK_FOR_MS;
		for (let attempt = 0; Date.now() < until; attempt++) {
			const found = await this.look(fingerprint, sentAt, signal).catch((error: unknown) => {
				if (signal.aborted || error instanceof FalError) return undefined;
				throw error;
			});
			if (found !== undefined || signal.aborted) return found;
			await pause(waitMs(PACE, attempt), signal).catch(() => undefined);
		}
		return undefined;
	}

	private async look(
		fingerprint: string,
		sentAt: number,
		signal: AbortSignal,
	): Promise<string | undefined> {
		const start = new Date(sentAt - CLOCK_SKEW_MS);
		for await (const listed of this.list({ start, payloads: true }, signal)) {
			if (this.isKnown(listed.request_id) || !listed.json_input) continue;
			if (this.fingerprintOf(listed.json_input) === fingerprint) return listed.request_id;
		}
		return undefined;
	}
}
