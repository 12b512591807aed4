import type { JsonValue } from './json.mts';

/** The response to a result call: the model's own status, headers and body, errors included. */
export interface ModelResponse {
	status: number;
	body: JsonValue;
	headers?: Record<string, string>;
	/** `x-fal-billable-units`; none is sent when it is null. */
	billableUnits: string | null;
}

/** An error of fal's infrastructure, as opposed to the model's (fal: error reference). */
export function infrastructureError(
	status: number,
	errorType: string,
	detail: string,
	headers: Record<string, string> = {},
): ModelResponse {
	return {
		status,
		body: { detail, error_type: errorType },
		headers: { 'x-fal-error-type': errorType, ...headers },
		billableUnits: null,
	};
}

/**
 * An error of the model's own with a status of 500 or more: a list as of a 422, without `error_type`
 * (seen at fal). The same failure may come as {@link infrastructureError}.
 */
export function modelFailure(status: number, type: string, msg: string): ModelResponse {
	return { status, body: { detail: [{ loc: ['body'], msg, type }] }, billableUnits: null };
}

/** The request did not start within its `X-Fal-Request-Timeout`. */
export function startTimeout(): ModelResponse {
	return infrastructureError(504, 'request_timeout', 'Request timed out', {
		'x-fal-request-timeout-type': 'user',
	});
}

/** The request was cancelled before it ended. */
export function clientCancelled(): ModelResponse {
	return infrastructureError(499, 'client_cancelled', 'Request was cancelled by the client');
}

/** The model's errors, one for each fault found (pydantic's shape). */
export function modelError(detail: readonly JsonValue[], billableUnits = '0'): ModelResponse {
	return { status: 422, body: { detail }, billableUnits };
}

/** A content checker flagged the prompt. */
export function contentPolicyViolation(prompt: string, billableUnits = '0'): ModelResponse {
	return modelError(
		[
			{
				loc: ['body', 'prompt'],
				msg: 'The content could not be processed because it was flagged by a content checker.',
				type: 'content_policy_violation',
				url: 'https://docs.fal.ai/errors/#content_policy_violation',
				input: prompt,
			},
		],
		billableUnits,
	);
}

export const INVALID_KEY = { detail: 'invalid key credentials' };

/** Of an account without money: 403, on any call. */
export const EXHAUSTED_BALANCE = {
	detail:
		'User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing.',
};

export const EARLY_RESULT = { detail: 'Request is still in progress' };
export const RESULT_NOT_FOUND = { detail: 'Request not found' };
export const NOT_FOUND = { status: 'NOT_FOUND' };
export const METHOD_NOT_ALLOWED = { detail: 'Method Not Allowed' };

/** Of a path whose owner or application fal does not have. */
export function applicationNotFound(application: string): JsonValue {
	return { detail: `Application "${application}" not found` };
}
