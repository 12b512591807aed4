import { FalError } from '../fal/errors/FalError';
import { type SubmitOptions, type Submitted, SUBMITTING } from '../fal/queue/falQueue';
import { isEndWithoutResult, isLastingRefusal } from '../fal/errors/refusals';
import {
	afterFailure,
	awaitVideo,
	type GeneratedVideo,
	type RequestApi,
	resultIfThere,
	type WaitOptions,
	withRequestId,
} from './awaitVideo';
import { fetchResult } from './status/fetchResult';
import { isOpen } from './status/waitUntilCompleted';
import type { AbortedError } from './timeLimit';
import {
	findLostRequest,
	type FoundRequest,
	type LostData,
	type Search,
	type Searching,
} from './lost/findLostRequest';
import { listedFingerprint } from './records/fingerprint';
import { oneAtATime } from './lost/oneAtATime';
import { rememberRequest } from './records/knownRequests';
import { MaybeSubmittedError } from './lost/MaybeSubmittedError';
import { RequestError } from './RequestError';
import type { RequestStore } from './records/RequestStore';
import { LostResponseError, notSubmitted, submitOnce } from './submitOnce';
import {
	isSubmitted,
	mayBeBilled,
	type PendingSubmit,
	type SubmitFacts,
	type SubmittedRequest,
} from './records/SubmitRecord';

/*
 * The life of one paid request. Rules:
 * - what was submitted before for the same item is collected, not submitted again;
 * - it is submitted again only when fal proves that the earlier request ended without a result, after
 *   the queue was asked for it once more;
 * - a submit whose outcome is unknown is looked for, by every retry, and never sent again;
 * - what fal refused for its input is not sent again with the same input.
 */

/** What videos are generated with: fal's API, and the memory of one run. */
export interface VideoClient extends RequestApi {
	store: RequestStore;
	searching: Searching;
	lostData: LostData;
	/** Called when an item continues with a request that another execution submitted, as its data was lost. */
	onTakenOver?: (itemIndex: number, request: FoundRequest) => void;
}

/** One video that is wanted. */
export interface VideoRequest {
	/**
	 * What is sent, checked against the endpoint's schema. Asked for only when it is submitted, as it
	 * may have to be made ready first: a file has to be uploaded.
	 */
	input: (signal: AbortSignal) => Promise<Record<string, unknown>>;
	endpointId: string;
	/** The input with the content of files in place of their addresses. */
	draft: Record<string, unknown>;
	/** Of the draft: the same each time it is wanted, wherever its files were uploaded to. */
	fingerprint: string;
	itemIndex: number;
	submitOptions: SubmitOptions;
	/**
	 * Called before each new submit: an earlier request that was counted on may have ended, or answers
	 * another call. @throws when it would cost too much
	 */
	checkNewSubmit: () => void;
	/** What it will cost, as a decimal in the price's currency. */
	estimate: string;
	/** The execution that the webhook of the submit options leads to. */
	webhookExecutionId?: string;
}

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
		const collecting = collect(client, wanted, earlier, waiting);
		const collected = await collecting.catch((error: unknown) => {
			if (endOf(earlier, error) !== 'ended') throw error;
		});
		if (collected) return collected;
	}
	const request = await submit(client, wanted, earlier, waiting.signal);
	return await collect(client, wanted, request, waiting);
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
	const isKnownEnd = earlier?.hasEnded === true || earlier?.isCancelled === true;
	const mayBeOver = earlier && (isEndChecked || isKnownEnd);
	const isOver = mayBeOver && (await hasEnded(client, wanted, earlier, signal));
	if (earlier && !isOver) return earlier;
	return await submit(client, wanted, earlier, signal);
}

/** The request of an earlier try. @throws MaybeSubmittedError when it is unknown whether there is one */
async function earlierRequest(
	client: VideoClient,
	wanted: VideoRequest,
	signal: AbortSignal,
): Promise<SubmittedRequest | undefined> {
	const record = client.store.find(wanted.itemIndex, wanted.fingerprint);
	if (!record) return undefined;
	if (!isSubmitted(record)) return await findOneAtATime(client, wanted, record, signal);
	rememberRequest(record.requestId, client.store.executionId);
	return record;
}

/** Equal inputs are submitted, and looked for, one after the other. */
function submitKey({ searching }: VideoClient, { fingerprint }: { fingerprint: string }): string {
	return `${searching.place} ${fingerprint}`;
}

/** Looks for the submit of an earlier try while no other execution submits the same. */
async function findOneAtATime(
	client: VideoClient,
	wanted: VideoRequest,
	pending: PendingSubmit,
	signal: AbortSignal,
): Promise<SubmittedRequest> {
	const search = async () => await findPending(client, wanted, pending, signal);
	return await oneAtATime(submitKey(client, pending), signal, search).catch((error: unknown) => {
		throw error === signal.reason ? notFound(client, pending, { outcome: 'not ended' }) : error;
	});
}

/** Whether fal shows that a request ended without a result; what can't be found out now is no proof. */
async function hasEnded(
	client: VideoClient,
	wanted: VideoRequest,
	earlier: SubmittedRequest,
	signal: AbortSignal,
): Promise<boolean> {
	const { queue, requests, store } = client;
	const { requestId, mayHoldFile = true } = earlier;
	try {
		const status = await queue.status(requestId, signal);
		const fetching = { queue, requestId, mayHoldFile, signal };
		if (status.status === 'COMPLETED') await fetchResult(fetching);
		// A status that is not documented, such as FAILED: the result shows what it means.
		else if (!isOpen(status)) await resultIfThere(fetching);
		return false;
	} catch (error) {
		const failure = await afterFailure(requests, earlier, error, signal).catch((other) => {
			throw withRequestId(earlier, other);
		});
		rememberEnd(store, wanted.itemIndex, earlier, failure);
		return endOf(earlier, failure) === 'ended';
	}
}

/** @throws when the run's limits allow no other request; RequestError when it is in place of one that ended */
function requireNewSubmit({ checkNewSubmit }: VideoRequest, ended?: SubmittedRequest): void {
	try {
		checkNewSubmit();
	} catch (error) {
		throw notSubmittedAgain(error as Error & { description?: string }, ended);
	}
}

function notSubmittedAgain(
	error: Error & { description?: string },
	ended: SubmittedRequest | undefined,
): Error {
	if (!ended) return error;
	const { requestId } = ended;
	const { message, description = '' } = error;
	const text = `Request ${requestId} ended without a result, and no other was submitted: ${message}`;
	return new RequestError(text, { requestId }, description);
}

async function submit(
	client: VideoClient,
	wanted: VideoRequest,
	ended: SubmittedRequest | undefined,
	signal: AbortSignal,
): Promise<SubmittedRequest> {
	const replaced = ended && client.store.get(wanted.itemIndex);
	if (isSubmitted(replaced) && mayBeBilled(replaced)) client.store.countReplaced(replaced);
	requireNewSubmit(wanted, ended);
	const submitting = oneAtATime(submitKey(client, wanted), signal, async () => {
		// What ended in an earlier execution may have been replaced by the one whose data was lost.
		const { isDataLost, executionId } = client.store;
		const mayBeLost = isDataLost && ended?.executionId !== executionId;
		const found = mayBeLost ? await findLostData(client, wanted, signal) : undefined;
		return found ?? (await submitNew(client, wanted, signal));
	});
	return await submitting.catch((error: unknown) => {
		throw error === signal.reason ? notSubmitted(error as AbortedError) : error;
	});
}

/** @throws MaybeSubmittedError when that can't be known */
async function findLostData(
	client: VideoClient,
	wanted: VideoRequest,
	signal: AbortSignal,
): Promise<SubmittedRequest | undefined> {
	const { endpointId, draft, submitOptions, itemIndex } = wanted;
	const sought = { endpointId, draft, isListed: submitOptions.keepPayload };
	const found = await client.lostData.find(sought, signal);
	if (!found) return undefined;
	if (!('requestId' in found)) throw MaybeSubmittedError.ofLostData(found);
	client.onTakenOver?.(itemIndex, found);
	const { requestId, sentAt = Date.now() } = found;
	// Its webhook leads to the execution that is lost.
	const facts = { ...factsOf(client, wanted, sentAt), webhookExecutionId: undefined };
	return rememberAccepted(client, itemIndex, {
		...facts,
		accepted: client.queue.addresses(requestId),
	});
}

async function submitNew(
	client: VideoClient,
	wanted: VideoRequest,
	signal: AbortSignal,
): Promise<SubmittedRequest> {
	const { store, queue } = client;
	const { endpointId, itemIndex, submitOptions } = wanted;
	const input = await wanted.input(signal);
	const pending: PendingSubmit = {
		...factsOf(client, wanted, Date.now()),
		sentFingerprint: listedFingerprint(endpointId, input),
		isListed: submitOptions.keepPayload,
	};
	const onSend = (sentAt: number) => store.write(itemIndex, Object.assign(pending, { sentAt }));
	const onRefused = () => store.remove(itemIndex);
	const events = { onSend, onRefused };
	const submitting = submitOnce(
		{ queue, endpointId, input, options: submitOptions },
		signal,
		events,
	).then((accepted) =>
		rememberAccepted(client, itemIndex, { ...factsOf(client, wanted, accepted.sentAt), accepted }),
	);
	return await submitting.catch(async (error: unknown) => {
		if (!(error instanceof LostResponseError)) throw error;
		const lost = { ...pending, failedAt: Date.now(), failure: error.fault };
		store.write(itemIndex, lost);
		return await findPending(client, wanted, lost, signal);
	});
}

/** Looks for a submit whose outcome is not known. @throws MaybeSubmittedError when it is not found */
async function findPending(
	client: VideoClient,
	wanted: VideoRequest,
	pending: PendingSubmit,
	signal: AbortSignal,
): Promise<SubmittedRequest> {
	const search: FoundRequest | Search = await findLostRequest(client.searching, pending, signal);
	if (!('requestId' in search)) {
		throw notFound(client, pending, search);
	}
	const { endpointId, fingerprint, executionId, sentAt, estimate } = pending;
	const { mayHoldFile, webhookExecutionId } = pending;
	const known = { endpointId, fingerprint, executionId, sentAt, estimate };
	const facts = { ...known, mayHoldFile, webhookExecutionId };
	const accepted = client.queue.addresses(search.requestId);
	return rememberAccepted(client, wanted.itemIndex, { ...facts, accepted });
}

function notFound(
	{ store }: VideoClient,
	{ failure = NO_ANSWER }: PendingSubmit,
	search: Search,
): MaybeSubmittedError {
	return MaybeSubmittedError.ofLostAnswer(failure, search, store.isKept);
}

/** Of a submit that n8n ended in the middle. */
const NO_ANSWER = {
	kind: 'network',
	doing: SUBMITTING,
	reason: 'the execution ended before fal answered',
} as const;

function factsOf(
	{ store: { executionId } }: VideoClient,
	{ endpointId, fingerprint, estimate, webhookExecutionId, draft }: VideoRequest,
	sentAt: number,
): SubmitFacts {
	const mayHoldFile = draft.sync_mode === true;
	const facts = { endpointId, fingerprint, executionId, sentAt, estimate };
	return { ...facts, mayHoldFile, webhookExecutionId };
}

/** Remembers a request that fal has accepted. */
function rememberAccepted(
	{ store }: VideoClient,
	itemIndex: number,
	{ accepted, ...facts }: SubmitFacts & { accepted: Submitted },
): SubmittedRequest {
	const { request_id: requestId, status_url, response_url, cancel_url } = accepted;
	const request = { ...facts, requestId, urls: { status_url, response_url, cancel_url } };
	rememberRequest(requestId, store.executionId);
	store.write(itemIndex, request);
	return request;
}

/**
 * The video of a submitted request, waited for if need be; a refusal of its input, an end without a
 * result and a cancellation are remembered, whichever try meets them.
 *
 * @throws FalError, RequestError with the request's id
 */
export async function collect(
	{ store, queue, requests }: Pick<VideoClient, 'store' | 'queue' | 'requests'>,
	{ itemIndex }: Pick<VideoRequest, 'itemIndex'>,
	request: SubmittedRequest,
	waiting: WaitOptions,
): Promise<GeneratedVideo> {
	if (request.refusal) throw new FalError(request.refusal);
	const onCancelled = () => store.write(itemIndex, { ...request, isCancelled: true });
	return await awaitVideo({ queue, requests }, request, { ...waiting, onCancelled }).catch(
		(error: unknown) => {
			rememberEnd(store, itemIndex, request, error);
			throw error;
		},
	);
}

/** What an error says about the end of a request. */
function endOf({ isCancelled }: SubmittedRequest, error: unknown): 'refused' | 'ended' | undefined {
	if (!(error instanceof FalError)) return undefined;
	if (isLastingRefusal(error.fault)) return 'refused';
	// One that fal dropped from its queue when it was cancelled may never be listed.
	const isDropped = isCancelled === true && error.fault.history === 'not listed';
	return isEndWithoutResult(error.fault) || isDropped ? 'ended' : undefined;
}

function rememberEnd(
	store: RequestStore,
	itemIndex: number,
	request: SubmittedRequest,
	error: unknown,
): void {
	const end = endOf(request, error);
	if (!end) return;
	const { fault } = error as FalError;
	// 499: it was cancelled, by whomever; what answered the cancel may have been lost.
	const isCancelled = request.isCancelled || fault.status === 499;
	const isBilled = Number(fault.billableUnits) > 0;
	const ended = { ...request, hasEnded: true, isCancelled, isBilled };
	if (end === 'ended') store.write(itemIndex, ended);
	else store.write(itemIndex, { ...request, refusal: fault });
}
