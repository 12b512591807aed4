import { FalError } from '../fal/errors/FalError';
import { isEndWithoutResult, isLastingRefusal } from '../fal/errors/refusals';
import { awaitVideo, type GeneratedVideo, type WaitOptions } from './awaitVideo';
import type { RequestStore } from './records/RequestStore';
import type { SubmittedRequest } from './records/SubmitRecord';
import type { VideoClient, VideoRequest } from './VideoRequest';

/**
 * The video of a submitted request, waited for if need be; a refusal of its input, an end without a
 * result and a cancellation are remembered, whichever try meets them.
 *
 * @throws FalError, RequestError with the request's id
 */
export async function collectVideo(
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
export function endOf(
	{ isCancelled }: SubmittedRequest,
	error: unknown,
): 'refused' | 'ended' | undefined {
	if (!(error instanceof FalError)) return undefined;
	if (isLastingRefusal(error.fault)) return 'refused';
	// One that fal dropped from its queue when it was cancelled may never be listed.
	const isDropped = isCancelled === true && error.fault.history === 'not listed';
	return isEndWithoutResult(error.fault) || isDropped ? 'ended' : undefined;
}

/**
 * Whether an end without a result is certain: fal's history shows it, or it is fal's refusal. Errors of
 * fal's servers alone may pass.
 */
export function isCertain({ fault }: FalError): boolean {
	return (fault.status ?? 0) < 500 || fault.history !== undefined;
}

/** Remembers what an error says about the end of a request, if that is certain. */
export function rememberEnd(
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
	const isBilled = Number(fault.billableUnits) > 0 || fault.history === 'gone';
	const ended = { ...request, hasEnded: true, isCancelled, isBilled };
	if (end === 'ended') {
		if (isCertain(error as FalError)) store.write(itemIndex, ended);
	} else store.write(itemIndex, { ...request, refusal: fault });
}
