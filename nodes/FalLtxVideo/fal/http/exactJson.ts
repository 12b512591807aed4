import { randomUUID } from 'crypto';
import { LIMITS } from './limits';

/*
 * Rule: no digit of a number is lost on the way to fal or back. A seed beyond 2^53 that passes
 * through JSON.parse comes out as another seed, and the video could never be made again.
 */

/** How a file inside JSON begins: a long text without escapes, with nothing in it that has to be parsed. */
const FILE_START = '"data:';
const SHORTEST_FILE = 1_000;

/** A whole number that may be too long to be exact. Tested on one number at a time. */
const LONG_INTEGER = /^-?[1-9]\d{15,}$/;

/** What a number is made of. */
const NUMBER_CHARACTERS = new Set('+-.0123456789Ee');

/**
 * Reads JSON. Integers that a number can't hold exactly become text with all their digits, which
 * n8n's items can carry; everything else is as JSON.parse has it. It is JSON.parse that reads the text, as
 * a parser in JavaScript takes seconds and gigabytes for a text of 64 MiB.
 *
 * @throws SyntaxError when the text is not JSON, nested deeper than n8n can read back, or has more in it
 * than any response of fal's
 */
export function parseExact(text: string): unknown {
	// Nobody can know it beforehand: a response that has it already could not be parsed without its files.
	const place = `file cut out ${randomUUID()}: `;
	const { small, files } = withoutFiles(text, place);
	if (small.length > LIMITS.pageBytes) throw new SyntaxError('The JSON is too long');
	const exact = withLongIntegersAsText(small, longIntegersIn(small));
	if (files.length === 0) return JSON.parse(exact) as unknown;
	return JSON.parse(exact, (_key, value) => withFile(value, place, files)) as unknown;
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

/** A part of a text. */
interface Span {
	start: number;
	end: number;
}

/**
 * The whole numbers that a number can't hold exactly.
 *
 * @throws SyntaxError for too many values, or too many levels of them; what is in texts does not count
 */
function longIntegersIn(json: string): Span[] {
	const found: Span[] = [];
	let [depth, values, isText] = [0, 0, false];
	for (let at = 0; at < json.length; at++) {
		const character = json[at]!;
		if (isText && character === '\\') at++;
		else if (character === '"') isText = !isText;
		else if (isText) continue;
		else if (character === '{' || character === '[') [depth, values] = [depth + 1, values + 1];
		else if (character === '}' || character === ']') depth--;
		else if (character === ',') values++;
		else if (NUMBER_CHARACTERS.has(character)) {
			const end = numberEnd(json, at);
			if (isInexact(json.slice(at, end))) found.push({ start: at, end });
			at = end - 1;
		}
		if (depth > LIMITS.depth) throw new SyntaxError('The JSON is nested too deep');
		if (values > LIMITS.values) throw new SyntaxError('The JSON has too many values');
	}
	return found;
}

function numberEnd(json: string, start: number): number {
	let end = start;
	while (end < json.length && NUMBER_CHARACTERS.has(json[end]!)) end++;
	return end;
}

function isInexact(number: string): boolean {
	return LONG_INTEGER.test(number) && !Number.isSafeInteger(Number(number));
}

/** @throws SyntaxError for a number where JSON has a name: as text it would be one */
function withLongIntegersAsText(json: string, integers: Span[]): string {
	let from = 0;
	const pieces = integers.flatMap(({ start, end }) => {
		if (isName(json, end)) throw new SyntaxError('A number is no name');
		const piece = [json.slice(from, start), `"${json.slice(start, end)}"`];
		from = end;
		return piece;
	});
	return [...pieces, json.slice(from)].join('');
}

function isName(json: string, end: number): boolean {
	let at = end;
	while (at < json.length && ' \t\n\r'.includes(json[at]!)) at++;
	return json[at] === ':';
}

function withFile(value: unknown, place: string, files: string[]): unknown {
	const isPlace = typeof value === 'string' && value.startsWith(place);
	return isPlace ? files[Number(value.slice(place.length))] : value;
}

/** Stands for a bigint in what is sent. Only its field's name is looked for, so no other object has it. */
const CARRIED = 'digits of a bigint';

/** The same in JSON, where no text can look like it: its quotes would have backslashes. */
const CARRIED_JSON = new RegExp(`\\{"${CARRIED}":"(-?\\d+)"\\}`, 'g');

/**
 * Makes a value fit for the JSON.stringify inside fal's client, which refuses bigints: they travel
 * as small objects that {@link restoreBigints} turns into digits again.
 */
export function carryBigints(value: unknown): unknown {
	if (typeof value === 'bigint') return { [CARRIED]: value.toString() };
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
	return json.replace(CARRIED_JSON, '$1');
}
