import { isBlank, withoutBlankEnds } from '../../../endpoints/visibleText';

/*
 * A value from a parameter or an expression, read as the type its field shows. What can't be read
 * that way comes back as it is, so that the check can name it; undefined means "not set".
 */

/** The types of fields; `integer` is text that holds a whole number. */
export type ReadableType = 'string' | 'number' | 'integer' | 'boolean' | 'options' | (string & {});

/** No number or seed of fal's is as long; longer text is no number, and is not looked at any further. */
const LONGEST_NUMBER = 64;

/** Linear in the length of the text: no part of it can be matched in two ways. */
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
const INTEGER = /^[+-]?\d+$/;

/** Reads a value as a field's type. Throws nothing. */
export function readAs(type: ReadableType, value: unknown): unknown {
	if (value === null || value === undefined) return undefined;
	if (type === 'string') return asText(value);
	if (isEmptyValue(value)) return undefined;
	const given = typeof value === 'string' ? withoutBlankEnds(value) : value;
	if (type === 'number') return asNumber(given);
	if (type === 'integer') return asInteger(given);
	if (type === 'boolean') return asBoolean(given);
	return value;
}

/** Whether there is no value: undefined, null, or a text with nothing to see in it. */
export function isEmptyValue(value: unknown): boolean {
	return value === undefined || value === null || (typeof value === 'string' && isBlank(value));
}

function asText(value: unknown): unknown {
	return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint'
		? String(value)
		: value;
}

function isShortText(value: unknown): value is string {
	return typeof value === 'string' && value.length <= LONGEST_NUMBER;
}

function asNumber(value: unknown): unknown {
	return isShortText(value) && NUMBER.test(value) ? Number(value) : value;
}

/** Exact at its whole length: a bigint where a number would lose digits. */
function asInteger(value: unknown): unknown {
	if (!isShortText(value) || !INTEGER.test(value)) return value;
	const number = Number(value);
	return Number.isSafeInteger(number) ? number : BigInt(value.replace('+', ''));
}

/** `TRUE` is how spreadsheets write it. */
function asBoolean(value: unknown): unknown {
	if (typeof value !== 'string') return value;
	const word = value.toLowerCase();
	if (word === 'true') return true;
	return word === 'false' ? false : value;
}
