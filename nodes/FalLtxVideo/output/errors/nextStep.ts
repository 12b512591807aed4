import type { FalDetail } from '../../fal/errors/errorDetails';
import type { FalFault } from '../../fal/errors/FalFault';

/*
 * What to do next about a failure, for the person who reads it. Decided on fal's types and status
 * codes, never on its wording, but for the balance: fal has no type for that (fal: errors reference).
 */

/** Of names that fal sends: `constructor` is one of them, and no key of a map. */
function table(entries: Record<string | number, string>): ReadonlyMap<string, string> {
	return new Map(Object.entries(entries));
}

/** By fal's types of faults in the input (422). */
const BY_DETAIL_TYPE = table({
	content_policy_violation: 'Change the prompt or the LoRA: the same input will be refused again.',
	file_download_error:
		'Check that the link opens without a login and leads to the file itself, not to a page about it.',
	file_too_large: 'Use a smaller file.',
});

/** The same of a LoRA, where more is known of what people do. */
const OF_A_LORA = table({
	file_download_error:
		'fal could not download it. A link must open without a login and lead to the file itself, not to a page about it; one of Civitai mostly needs ?token= with your key. A file that needs a login can be downloaded by n8n and uploaded: set Source to Binary File.',
	file_too_large: 'The file is too large for fal. Use a LoRA of a lower rank.',
});

const ANY_OTHER_OF_A_LORA =
	'fal can not use it. It must be a .safetensors file made for LTX-2.3; of a repository with several of them, Weight Name says which.';

/** By fal's types of infrastructure faults. */
const BY_ERROR_TYPE = table({
	request_timeout:
		'fal did not start it in time and bills nothing. Raise Start Timeout, or try again when fal is less busy.',
	startup_timeout: 'A machine of fal did not start in time. Nothing is billed; try again.',
	generation_timeout:
		'The video took too long to make. Use fewer frames, a smaller size or a higher acceleration.',
	client_cancelled: 'The request was cancelled, here or on fal.',
});

/** By status code, where no type says more. */
const BY_STATUS = table({
	401: 'Check the API key in the credential: it may be mistyped, deleted or of another account.',
	403: 'Your fal account may not do this now. Look on fal.ai whether its balance is used up or the key lacks a scope; then retry this execution.',
	404: 'fal does not know this request or endpoint, or keeps its result no longer.',
	422: 'Change what is named here: the same input will be refused again.',
	429: 'Your fal account is at its limit. Lower Max Concurrency, or try again later.',
});

/** The next step for a failed call; empty when there is none to name. */
export function nextStep(fault: FalFault): string {
	const { kind, status = 0, detail, errorType, retryable } = fault;
	if (fault.next !== undefined) return fault.next;
	if (kind === 'network') {
		return 'Check that n8n can reach fal: network, proxy, and custom hosts in the credential.';
	}
	if (kind === 'unreadable') {
		return 'Something between n8n and fal answered in its place. Try again in a while.';
	}
	const ofDetail = Array.isArray(detail) ? detail.map(ofOneDetail).find(Boolean) : undefined;
	const next =
		ofDetail ??
		BY_ERROR_TYPE.get(errorType ?? '') ??
		BY_STATUS.get(String(status)) ??
		serverErrorText(status);
	return [next, retryText(retryable)].filter(Boolean).join(' ');
}

function ofOneDetail({ loc = [], type = '' }: FalDetail): string | undefined {
	const [list, row] = loc[0] === 'body' ? loc.slice(1) : loc;
	if (list !== 'loras' || typeof row !== 'number') return BY_DETAIL_TYPE.get(type);
	const next = OF_A_LORA.get(type) ?? BY_DETAIL_TYPE.get(type) ?? ANY_OTHER_OF_A_LORA;
	return `The LoRA in row ${row + 1}: ${next}`;
}

function serverErrorText(status: number): string {
	return status >= 500
		? 'fal failed with an internal error. Nothing is billed for it; try again.'
		: '';
}

/** fal's own opinion, where it has one (`x-fal-retryable`). */
function retryText(retryable: boolean | undefined): string {
	if (retryable === undefined) return '';
	return retryable
		? 'fal says that trying again may help.'
		: 'fal says that trying again will not help.';
}
