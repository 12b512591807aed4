import { isInteger, isLosslessNumber, LosslessNumber, parse, stringify } from 'lossless-json';

/*
 * Rule: no digit of a number is lost on the way to fal or back. A seed beyond 2^53 that passes
 * through JSON.parse comes out as another seed, and the video could never be made again.
 */

/**
 * Reads JSON. Integers that a number can't hold exactly become text with all their digits, which
 * n8n's items can carry; everything else is as JSON.parse would have it.
 *
 * @throws SyntaxError when the text is not JSON
 */
export function parseExact(text: string): unknown {
	return parse(text, undefined, (digits) => {
		const number = Number(digits);
		return isInteger(digits) && !Number.isSafeInteger(number) ? digits : number;
	});
}

/**
 * Makes a value fit for the JSON.stringify inside fal's client, which refuses bigints: they travel
 * as small objects that {@link restoreBigints} turns into digits again.
 */
export function carryBigints(value: unknown): unknown {
	if (typeof value === 'bigint') return new LosslessNumber(value.toString());
	if (Array.isArray(value)) return value.map(carryBigints);
	if (value !== null && typeof value === 'object') {
		return Object.fromEntries(
			Object.entries(value).map(([key, inner]) => [key, carryBigints(inner)]),
		);
	}
	return value;
}

/** The JSON text that goes out: what {@link carryBigints} packed is written as plain digits. */
export function restoreBigints(json: string): string {
	return stringify(parse(json, (_key, value) => (isCarried(value) ? BigInt(value.value) : value)))!;
}

/** What {@link carryBigints} packed, as opposed to the numbers that were plain digits already. */
function isCarried(value: unknown): value is { value: string } {
	const packed = (value as { isLosslessNumber?: unknown } | null)?.isLosslessNumber === true;
	return packed && !isLosslessNumber(value);
}
