import { isInteger, parse, stringify } from 'lossless-json';

/** A JSON value in which an integer beyond 2^53 is a bigint, so that no digit of a seed is lost. */
export type JsonValue =
	| null
	| boolean
	| number
	| bigint
	| string
	| readonly JsonValue[]
	| { readonly [key: string]: JsonValue };

export type JsonObject = { readonly [key: string]: JsonValue };

function exactNumber(digits: string): number | bigint {
	const value = Number(digits);
	return isInteger(digits) && !Number.isSafeInteger(value) ? BigInt(digits) : value;
}

/**
 * Reads JSON without changing large integers (they become bigints).
 * @throws SyntaxError when the text is not JSON.
 */
export function parseExact(text: string): JsonValue {
	return parse(text, null, exactNumber) as JsonValue;
}

/** Writes JSON; a bigint appears as its digits. */
export function stringifyExact(value: JsonValue): string {
	return stringify(value) ?? 'null';
}

/** Whether a JSON value is an object (no array, not null). */
export function isObject(value: JsonValue | undefined): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
