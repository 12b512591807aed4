import { FalError } from '../fal/errors/FalError';
import { backoffMs } from '../fal/http/backoff';
import { withLargeTurn } from '../fal/http/largeTurn';
import { pause } from '../fal/http/pause';
import { BACKOFF } from '../fal/http/retry';
import { isUnknownRequest, type QueueStatus } from '../fal/queue/falQueue';
import {
	afterFailure,
	type GeneratedVideo,
	type ResultWait,
	resultIfThere,
	unknownStatus,
	type WaitOptions,
	withRequestId,
} from './awaitVideo';
import { collectVideo, endOf, isCertain, rememberEnd } from './collectVideo';
import { rememberRequest } from './records/knownRequests';
import { isSubmitted, type SubmittedRequest } from './records/SubmitRecord';
import { fetchResult } from './status/fetchResult';
import { isOpen } from './status/waitUntilCompleted';
import { findPendingSubmit, submitOrFind } from './submitOrFind';
import type { VideoClient, VideoRequest } from './VideoRequest';

/*
 * The life of one paid request. Rules:
 * - what was submitted before for the same item is collected, not submitted again;
 * - it is submitted again only when fal proves that the earlier request ended without a result, after
 *   the queue was asked for it once more;
 * - a submit whose outcome is unknown is looked for, by every retry, and never sent again;
 * - what fal refused for its input is not sent again with the same input.
 */

/**
 * Generates one video: with the request that was submitted already, or a new one.
 *
 * @throws FalError, RequestError with the request's id; NotSentError, MaybeSubmittedError when
 * there is none
 */
export async function generateVideo(
	client: VideoClient,
	wanted: VideoRequest,
	waiting: WaitOptions,
): Promise<GeneratedVideo> {
	const earlier = await earlierRequest(client, wanted, waiting.signal);
	if (earlier) {
		const collect = async () =>
			await collectVideo(client, wanted, earlier, waiting).catch((error: unknown) => {
				if (endOf(earlier, error) !== 'ended') throw error;
				return error as FalError;
			});
		const collected = await unlessEnded(earlier, waiting.signal, collect);
		if (collected) return collected;
	}
	const request = await submitOrFind(client, wanted, earlier, waiting.signal);
	return await collectVideo(client, wanted, request, waiting);
}

/**
 * Submits one video without waiting for it; what was submitted already for the same item is not
 * submitted again, unless it has ended without a result.
 *
 * @param isEndChecked whether fal is asked if an earlier request has ended, as no webhook will report it
 * @throws as {@link generateVideo}, but for what only shows while waiting
 */
export async function submitVideo(
	client: VideoClient,
	wanted: VideoRequest,
	isEndChecked: boolean,
	signal: AbortSignal,
): Promise<SubmittedRequest> {
	const earlier = await earlierRequest(client, wanted, signal);
	if (earlier?.refusal) throw new FalError(earlier.refusal);
	if (earlier) {
		if (!isEndChecked && !isKnownEnd(earlier)) return earlier;
		const ask = async () => (await endAtFal(client, wanted, earlier, signal)) ?? earlier;
		const kept = await unlessEnded(earlier, signal, ask);
		if (kept) return kept;
	}
	return await submitOrFind(client, wanted, earlier, signal);
}

/** Whether an earlier try has met the end of a request: one answer alone is no reason to pay for another. */
function isKnownEnd({ hasEnded: isEnded, isCancelled }: SubmittedRequest): boolean {
	return isEnded === true || isCancelled === true;
}

/**
 * Asks about an earlier request until it is certain that it ended without a result: one answer alone is
 * no reason to pay for another. Errors of fal's servers that its history does not confirm may pass, so
 * they count only when they last.
 *
 * @param ask gives an error for such an end, anything else for what is still to be had
 * @returns undefined when it has ended
 */
async function unlessEnded<T>(
	earlier: SubmittedRequest,
	signal: AbortSignal,
	ask: () => Promise<T | FalError>,
): Promise<T | undefined> {
	for (let asked = 1; ; asked++) {
		const answer = await ask();
		if (!(answer instanceof FalError)) return answer;
		const wanted = isCertain(answer) ? (isKnownEnd(earlier) ? 1 : 2) : UNCERTAIN_ENDS;
		if (asked >= wanted) return undefined;
		// Once the signal has aborted, what is asked next cancels the request, and says so.
		const ms = isCertain(answer) ? 0 : backoffMs(BACKOFF.end, asked - 1);
		await pause(ms, signal).catch(() => undefined);
	}
}

/** How often fal has to say that a request ended before its history shows it. */
const UNCERTAIN_ENDS = 3;

/** The request of an earlier try. @throws MaybeSubmittedError when it is unknown whether there is one */
async function earlierRequest(
	client: VideoClient,
	wanted: VideoRequest,
	signal: AbortSignal,
): Promise<SubmittedRequest | undefined> {
	const record = client.store.find(wanted.itemIndex, wanted.fingerprint);
	if (!record) return undefined;
	if (!isSubmitted(record)) return await findPendingSubmit(client, wanted, record, signal);
	rememberRequest(record.requestId, client.store.executionId);
	return record;
}

/** The end of a request without a result, as fal shows it; what can't be found out now is no proof. */
async function endAtFal(
	client: VideoClient,
	wanted: VideoRequest,
	earlier: SubmittedRequest,
	signal: AbortSignal,
): Promise<FalError | undefined> {
	return await withLargeTurn(
		async (turn) => await shownEnd(client, wanted, earlier, { signal, turn }),
	);
}

async function shownEnd(
	client: VideoClient,
	wanted: VideoRequest,
	earlier: SubmittedRequest,
	{ signal, turn }: ResultWait,
): Promise<FalError | undefined> {
	const { queue, requests, store } = client;
	const { requestId, mayHoldFile = true } = earlier;
	try {
		const status = await queue.status(requestId, signal).catch(statusOfFailure);
		const fetching = { queue, requestId, mayHoldFile, turn, signal };
		if (status?.status === 'COMPLETED') await fetchResult(fetching);
		// A status that is not documented, such as FAILED: the result shows what it means.
		else if (status && !isOpen(status)) await resultIfThere(fetching);
		return undefined;
	} catch (error) {
		const failure = await afterFailure(requests, earlier, error, { signal, turn }).catch(
			(other) => {
				throw withRequestId(earlier, other);
			},
		);
		rememberEnd(store, wanted.itemIndex, earlier, failure);
		return endOf(earlier, failure) === 'ended' ? (failure as FalError) : undefined;
	}
}

/** Any other failure of the status call is about the call alone. @throws what is no failure of a call */
function statusOfFailure(error: unknown): QueueStatus | undefined {
	if (!(error instanceof FalError)) throw error;
	return isUnknownRequest(error.fault) ? unknownStatus(error) : undefined;
}
