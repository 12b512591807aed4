import type { FalFault } from './FalFault';

/*
 * What an error that ended a request means for the next one with the same input. Rule: decided on
 * fal's types and status codes (fal: errors reference), never on its wording.
 */

/** Errors in an input that may be gone although the input is the same: a file that can be downloaded by then. */
const OUTSIDE_TYPES = ['file_download_error', 'downstream_service_error'];

/**
 * Status codes that may be about the call, whatever the body looks like: the key, a limit, the network
 * on the way. They prove nothing about the request that was asked for.
 */
const CALL_STATUSES = [401, 403, 407, 408, 429];

/** Whether fal answered that this key may not ask (fal: errors reference). */
export function isAboutKey({ kind, status }: FalFault): boolean {
	return kind === 'response' && (status === 401 || status === 403);
}

/**
 * Whether an error may be about the call alone, so that the request may have a result all the same. Every
 * error of the status call is: how a request ended shows in its result only.
 */
export function isAboutCall({ kind, status = 0, ofStatusCall }: FalFault): boolean {
	return kind === 'response' && (ofStatusCall === true || CALL_STATUSES.includes(status));
}

/** Whether the model itself gave the error: a list of faults with types, whatever the status code is. */
export function hasTypedDetails({ detail }: FalFault): boolean {
	return Array.isArray(detail) && detail.some(({ type }) => type !== undefined);
}

/**
 * Whether fal refused the input, so that it would refuse it again. A refusal that depends on something
 * outside of the input is none, unless it was billed.
 */
export function isLastingRefusal(fault: FalFault): boolean {
	const { kind, status = 0, detail, retryable, billableUnits } = fault;
	const isRefusal = status === 422 || (hasTypedDetails(fault) && status >= 400 && status < 500);
	if (kind !== 'response' || !isRefusal || isAboutCall(fault)) return false;
	if (Number(billableUnits) > 0) return true;
	const types = Array.isArray(detail) ? detail.map(({ type = '' }) => type) : [];
	return retryable !== true && !types.some((type) => OUTSIDE_TYPES.includes(type));
}

/** Whether an error of the result call proves that the request ended without a result. */
export function isEndWithoutResult(fault: FalFault): boolean {
	const { kind, status = 0, errorType } = fault;
	if (kind !== 'response' || isLastingRefusal(fault)) return false;
	if (fault.history === 'ended' || fault.history === 'gone') return true;
	if (fault.history === 'not kept' || isAboutCall(fault)) return false;
	if (status === 422 || status === 499 || hasTypedDetails(fault)) return true;
	return status >= 500 && errorType !== undefined;
}
