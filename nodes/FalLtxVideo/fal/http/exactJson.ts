import { randomUUID } from 'crypto';
import { LIMITS } from './limits';
import { isInteger, isLosslessNumber, LosslessNumber, parse, stringify } from 'lossless-json';

/*
 * Rule: no digit of a number is lost on the way to fal or back. A seed beyond 2^53 that passes
 * through JSON.parse comes out as another seed, and the video could never be made again.
 */

/** How a file inside JSON begins: a long text without escapes, with nothing in it that has to be parsed. */
const FILE_START = '"data:';
const SHORTEST_FILE = 1_000;

/** A number must have this many digits before any can be lost. */
const LONG_NUMBER = /\d{16}/;

/**
 * Reads JSON. Integers that a number can't hold exactly become text with all their digits, which
 * n8n's items can carry; everything else is as JSON.parse would have it. Parsing exactly is slow, so
 * it is done only where a long number is in sight, and never for the text of a file.
 *
 * @throws SyntaxError when the text is not JSON, nested deeper than n8n can read back, or has more in it
 * than any response of fal's
 */
export function parseExact(text: string): unknown {
	// Nobody can know it beforehand: a response that has it already could not be parsed without its files.
	const place = `file cut out ${randomUUID()}: `;
	const { small, files } = withoutFiles(text, place);
	if (small.length > LIMITS.pageBytes) throw new SyntaxError('The JSON is too long');
	requireReadable(small);
	if (!LONG_NUMBER.test(small)) return JSON.parse(text) as unknown;
	return parse(small, (_key, value) => withFile(value, place, files), exactNumber);
}

/**
 * JSON with a place for each file in it. Not by a regular expression, whose stack is too small for files
 * of more than some megabytes.
 */
function withoutFiles(text: string, place: string): { small: string; files: string[] } {
	const [pieces, files]: [string[], string[]] = [[], []];
	let from = 0;
	for (let start = text.indexOf(FILE_START); start !== -1; ) {
		const end = text.indexOf('"', start + 1);
		if (end === -1) break;
		const file = text.slice(start + 1, end);
		// A quote behind a backslash is inside of another text.
		const isWhole = text[start - 1] !== '\\' && !file.includes('\\');
		if (isWhole && file.length >= SHORTEST_FILE) {
			pieces.push(text.slice(from, start), `"${place}${files.push(file) - 1}"`);
			from = end + 1;
		}
		start = text.indexOf(FILE_START, end);
	}
	return { small: [...pieces, text.slice(from)].join(''), files };
}

/** @throws SyntaxError for too many values, or too many levels of them; what is in texts does not count */
function requireReadable(json: string): void {
	let [depth, values, isText] = [0, 0, false];
	for (let at = 0; at < json.length; at++) {
		const character = json[at];
		if (isText && character === '\\') at++;
		else if (character === '"') isText = !isText;
		else if (isText) continue;
		else if (character === '{' || character === '[') [depth, values] = [depth + 1, values + 1];
		else if (character === '}' || character === ']') depth--;
		else if (character === ',') values++;
		if (depth > LIMITS.depth) throw new SyntaxError('The JSON is nested too deep');
		if (values > LIMITS.values) throw new SyntaxError('The JSON has too many values');
	}
}

function exactNumber(digits: string): number | string {
	const number = Number(digits);
	return isInteger(digits) && !Number.isSafeInteger(number) ? digits : number;
}

function withFile(value: unknown, place: string, files: string[]): unknown {
	const isPlace = typeof value === 'string' && value.startsWith(place);
	return isPlace ? files[Number(value.slice(place.length))] : value;
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
