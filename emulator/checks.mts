import { isObject, type JsonObject, type JsonValue } from './json.mts';

/** One fault of an input as pydantic 2 describes it. */
export type FieldError = {
	readonly loc: ReadonlyArray<string | number>;
	readonly msg: string;
	readonly type: string;
	readonly input?: JsonValue;
	readonly ctx?: JsonObject;
	readonly url: string;
};

export type Location = ReadonlyArray<string | number>;

/** Reads one value; undefined when it has faults, which are then in `errors`. */
export type Check<T> = (value: JsonValue, loc: Location, errors: FieldError[]) => T | undefined;

/** A field of a model: its check, and what stands for it when it is missing. */
export interface Field<T> {
	check: Check<T>;
	/** None: the field is required. */
	fallback?: { value: T };
}

/** The fields of a model, by their names. */
export type Fields = Record<string, Field<unknown>>;
/** What a model's fields hold. */
export type Values<F extends Fields> = {
	[K in keyof F]: F[K] extends Field<infer T> ? T : never;
};

/** Notes a fault of a value; undefined then stands for the value. */
export function fault(
	errors: FieldError[],
	loc: Location,
	type: string,
	msg: string,
	input: JsonValue,
	ctx?: JsonObject,
): undefined {
	const url = `https://docs.fal.ai/errors/#${type}`;
	errors.push({ loc, msg, type, ...(ctx && { ctx }), input, url });
}

/** A field that has to be there. */
export const required = <T,>(check: Check<T>): Field<T> => ({ check });
/** A field for which `value` stands when it is missing. */
export const optional = <T,>(check: Check<T>, value: T): Field<T> => ({
	check,
	fallback: { value },
});

export const string: Check<string> = (value, loc, errors) =>
	typeof value === 'string'
		? value
		: fault(errors, loc, 'string_type', 'Input should be a valid string', value);

const TRUTHS: ReadonlyMap<JsonValue, boolean> = new Map<JsonValue, boolean>([
	...[true, 1, '1', 'true', 't', 'yes', 'y', 'on'].map((word) => [word, true] as const),
	...[false, 0, '0', 'false', 'f', 'no', 'n', 'off'].map((word) => [word, false] as const),
]);

export const boolean: Check<boolean> = (value, loc, errors) => {
	const truth = TRUTHS.get(typeof value === 'string' ? value.toLowerCase() : value);
	if (truth !== undefined) return truth;
	return typeof value === 'string' || typeof value === 'number'
		? fault(
				errors,
				loc,
				'bool_parsing',
				'Input should be a valid boolean, unable to interpret input',
				value,
			)
		: fault(errors, loc, 'bool_type', 'Input should be a valid boolean', value);
};

const INTEGER_TEXT = /^\s*[+-]?\d+(\.0*)?\s*$/;

export const integer: Check<number | bigint> = (value, loc, errors) => {
	if (typeof value === 'bigint') return value;
	if (typeof value === 'boolean') return Number(value);
	if (typeof value === 'number') {
		if (Number.isInteger(value)) return value;
		return fault(
			errors,
			loc,
			'int_from_float',
			'Input should be a valid integer, got a number with a fractional part',
			value,
		);
	}
	if (typeof value !== 'string')
		return fault(errors, loc, 'int_type', 'Input should be a valid integer', value);
	if (INTEGER_TEXT.test(value)) return exactInteger(value);
	return fault(
		errors,
		loc,
		'int_parsing',
		'Input should be a valid integer, unable to parse string as an integer',
		value,
	);
};

function exactInteger(text: string): number | bigint {
	const digits = text.trim().replace(/\.0*$/, '').replace(/^\+/, '');
	return Number.isSafeInteger(Number(digits)) ? Number(digits) : BigInt(digits);
}

export const float: Check<number> = (value, loc, errors) => {
	if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
		return Number(value);
	if (typeof value !== 'string')
		return fault(errors, loc, 'float_type', 'Input should be a valid number', value);
	if (value.trim() !== '' && Number.isFinite(Number(value))) return Number(value);
	return fault(
		errors,
		loc,
		'float_parsing',
		'Input should be a valid number, unable to parse string as a number',
		value,
	);
};

/** Limits of a number. */
export interface Range {
	gt?: number;
	ge?: number;
	le?: number;
}

/** A number within limits. */
export function within(check: Check<number | bigint>, { gt, ge, le }: Range): Check<number> {
	return (value, loc, errors) => {
		const number = check(value, loc, errors);
		if (number === undefined) return undefined;
		const refuse = (type: string, words: string, ctx: JsonObject): undefined =>
			fault(errors, loc, type, `Input should be ${words}`, value, ctx);
		if (gt !== undefined && number <= gt)
			return refuse('greater_than', `greater than ${gt}`, { gt });
		if (ge !== undefined && number < ge)
			return refuse('greater_than_equal', `greater than or equal to ${ge}`, { ge });
		if (le !== undefined && number > le)
			return refuse('less_than_equal', `less than or equal to ${le}`, { le });
		return Number(number);
	};
}

/** pydantic's wording of a choice: 'a', 'b' or 'c'. */
function choices(words: readonly string[]): string {
	const quoted = words.map((word) => `'${word}'`);
	return quoted.length < 2
		? quoted.join('')
		: `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`;
}

/** One of some words. */
export function literal<const T extends string>(words: readonly T[]): Check<T> {
	return (value, loc, errors) => {
		const word = words.find((known) => known === value);
		if (word !== undefined) return word;
		const expected = choices(words);
		return fault(errors, loc, 'literal_error', `Input should be ${expected}`, value, { expected });
	};
}

/** A value that may be null. */
export function nullable<T>(check: Check<T>): Check<T | null> {
	return (value, loc, errors) => (value === null ? null : check(value, loc, errors));
}

/** A list of values of one kind. */
export function list<T>(check: Check<T>): Check<T[]> {
	return (value, loc, errors) => {
		if (!Array.isArray(value))
			return fault(errors, loc, 'list_type', 'Input should be a valid list', value);
		const before = errors.length;
		const items = value.map((item: JsonValue, n) => check(item, [...loc, n], errors));
		return errors.length === before ? (items as T[]) : undefined;
	};
}

/** An object with fields. Those that it does not know are ignored, which is pydantic's default. */
export function model<F extends Fields>(fields: F): Check<Values<F>> {
	return (value, loc, errors) => {
		if (!isObject(value)) {
			const msg = 'Input should be a valid dictionary or object to extract fields from';
			return fault(errors, loc, 'model_attributes_type', msg, value);
		}
		const before = errors.length;
		const values: Record<string, unknown> = {};
		for (const [name, { check, fallback }] of Object.entries(fields)) {
			const given = value[name];
			const place = [...loc, name];
			if (given !== undefined) values[name] = check(given, place, errors);
			else if (fallback) values[name] = fallback.value;
			else fault(errors, place, 'missing', 'Field required', value);
		}
		return errors.length === before ? (values as Values<F>) : undefined;
	};
}
