/*
 * A value from a parameter or an expression, read as the type its field shows. What can't be read
 * that way comes back as it is, so that the check can name it; undefined means "not set".
 */

/** The types of fields; `integer` is text that holds a whole number of any length. */
export type ReadableType = 'string' | 'number' | 'integer' | 'boolean' | 'options' | (string & {});

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const INTEGER = /^[+-]?\d+$/;

/** Reads a value as a field's type. Throws nothing. */
export function readAs(type: ReadableType, value: unknown): unknown {
	if (value === null || value === undefined) return undefined;
	if (type === 'string') return asText(value);
	const given = typeof value === 'string' ? value.trim() : value;
	if (given === '') return undefined;
	if (type === 'number') return asNumber(given);
	if (type === 'integer') return asInteger(given);
	if (type === 'boolean') return asBoolean(given);
	return value;
}

function asText(value: unknown): unknown {
	return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint'
		? String(value)
		: value;
}

function asNumber(value: unknown): unknown {
	return typeof value === 'string' && NUMBER.test(value) ? Number(value) : value;
}

/** Exact at any length: a bigint where a number would lose digits. */
function asInteger(value: unknown): unknown {
	if (typeof value !== 'string' || !INTEGER.test(value)) return value;
	const number = Number(value);
	return Number.isSafeInteger(number) ? number : BigInt(value.replace('+', ''));
}

function asBoolean(value: unknown): unknown {
	if (value === 'true') return true;
	if (value === 'false') return false;
	return value;
}
