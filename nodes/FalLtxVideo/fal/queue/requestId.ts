/*
 * Rule: a request ID becomes part of an address that the key is sent to, so nothing else may stand in
 * one, wherever it comes from: fal's answers, webhooks and lists, and people.
 */
const REQUEST_ID = /^[\w-]{1,128}$/;

/** Whether a text can be the ID of a request on fal. */
export function isRequestId(text: unknown): text is string {
	return typeof text === 'string' && REQUEST_ID.test(text);
}

/** The request ID that fal names in a response's headers; undefined for none, or for no request ID. */
export function requestIdIn(headers: Record<string, string>): string | undefined {
	const id = headers['x-fal-request-id'];
	return isRequestId(id) ? id : undefined;
}
