import { fault, type FieldError } from './checks.mts';
import { DEFAULT_ENDPOINT } from './endpoints/endpoints.mts';
import { inputOf, type ValidInput } from './endpoints/fields.mts';
import { parseExact, type JsonValue } from './json.mts';

export type { FieldError } from './checks.mts';

/**
 * Checks the body of a submit as the model does when it runs (endpoint pages: input schema).
 * @param body the text as it was received.
 * @returns the input, or every fault that it has.
 */
export function validate(
	body: string,
	endpointId = DEFAULT_ENDPOINT.id,
): { input: ValidInput } | { errors: FieldError[] } {
	const errors: FieldError[] = [];
	let value: JsonValue;
	try {
		value = parseExact(body);
	} catch (error) {
		fault(errors, ['body', 0], 'json_invalid', 'JSON decode error', {}, { error: String(error) });
		return { errors };
	}
	const valid = inputOf(endpointId)(value, ['body'], errors);
	return valid ? { input: valid } : { errors };
}
