import type { FalFault } from './FalFault';

/*
 * What to do next about a failure, for the person who reads it. Decided on fal's types and status
 * codes, never on its wording, but for the balance: fal has no type for that (fal: errors reference).
 */

/** By fal's types of faults in the input (422). */
const BY_DETAIL_TYPE: Record<string, string> = {
	content_policy_violation: 'Change the prompt or the LoRA: the same input will be refused again.',
	file_download_error:
		'Check that the link opens without a login and leads to the file itself, not to a page about it.',
	file_too_large: 'Use a smaller file.',
};

/** By fal's types of infrastructure faults. */
const BY_ERROR_TYPE: Record<string, string> = {
	request_timeout:
		'fal did not start it in time and bills nothing. Raise Start Timeout, or try again when fal is less busy.',
	startup_timeout: 'A machine of fal did not start in time. Nothing is billed; try again.',
	generation_timeout:
		'The video took too long to make. Use fewer frames, a smaller size or a higher acceleration.',
	client_cancelled: 'The request was cancelled, here or on fal.',
};

/** By status code, where no type says more. */
const BY_STATUS: Record<number, string> = {
	401: 'Check the API key in the credential: it may be mistyped, deleted or of another account.',
	403: 'Your fal account may not do this now. Look on fal.ai whether its balance is used up or the key lacks a scope; then retry this execution.',
	404: 'fal does not know this request or endpoint, or keeps its result no longer.',
	422: 'Change what is named here: the same input will be refused again.',
	429: 'Your fal account is at its limit. Lower Max Concurrency, or try again later.',
};

/** The next step for a failed call; empty when there is none to name. */
export function advice({ kind, status = 0, detail, errorType, retryable }: FalFault): string {
	if (kind === 'network') {
		return 'Check that n8n can reach fal: network, proxy, and custom hosts in the credential.';
	}
	if (kind === 'unreadable') {
		return 'Something between n8n and fal answered in its place. Try again in a while.';
	}
	const types = Array.isArray(detail) ? detail.map(({ type }) => type ?? '') : [];
	const ofDetail = types.map((type) => BY_DETAIL_TYPE[type]).find(Boolean);
	const next = ofDetail ?? BY_ERROR_TYPE[errorType ?? ''] ?? BY_STATUS[status] ?? broken(status);
	return [next, again(retryable)].filter(Boolean).join(' ');
}

function broken(status: number): string {
	return status >= 500 ? "fal's own machinery failed. Nothing is billed for that; try again." : '';
}

/** fal's own opinion, where it has one (`x-fal-retryable`). */
function again(retryable: boolean | undefined): string {
	if (retryable === undefined) return '';
	return retryable
		? 'fal says that trying again may help.'
		: 'fal says that trying again will not help.';
}
