import { type Submitted, SUBMITTING } from '../fal/queue/falQueue';
import { findLostRequest, type FoundRequest, type Search } from './lost/findLostRequest';
import { MaybeSubmittedError } from './lost/MaybeSubmittedError';
import { oneAtATime } from '../fal/http/oneAtATime';
import { listedFingerprint } from './records/fingerprint';
import { rememberRequest } from './records/knownRequests';
import {
	isSubmitted,
	mayBeBilled,
	type PendingSubmit,
	type SubmitFacts,
	type SubmittedRequest,
} from './records/SubmitRecord';
import { RequestError } from './RequestError';
import { LostResponseError, notSubmitted, submitOnce } from './submitOnce';
import type { AbortedError } from './timeLimit';
import type { VideoClient, VideoRequest } from './VideoRequest';

/*
 * A submit, or the search for one whose outcome is unknown. Rules:
 * - a submit is remembered before it is sent;
 * - one whose response was lost is looked for, by every retry, and never sent again;
 * - where the data of an earlier execution was lost, fal's list is searched before anything is submitted.
 */

/**
 * Submits a video, unless fal's list shows that an execution whose data was lost has submitted it.
 *
 * @param ended the request of an earlier try, which ended without a result
 * @throws FalError when fal refused; MaybeSubmittedError when the outcome is unknown; NotSentError when
 * the signal aborted before it was sent; what the limits throw
 */
export async function submitOrFind(
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
	const { mayHoldFile, webhookExecutionId, claimedBy } = pending;
	const known = { endpointId, fingerprint, executionId, sentAt, estimate };
	const facts = { ...known, mayHoldFile, webhookExecutionId, claimedBy };
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

/** Looks for the submit of an earlier try while no other execution submits the same. */
export async function findPendingSubmit(
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

/** Equal inputs are submitted, and looked for, one after the other. */
function submitKey({ searching }: VideoClient, { fingerprint }: { fingerprint: string }): string {
	return `${searching.place} ${fingerprint}`;
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
