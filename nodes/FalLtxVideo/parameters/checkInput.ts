import { z } from 'zod';

/** One value that fal would refuse. */
export interface InputFault {
	/** Where it is in the input, in fal's names, e.g. `['loras', 0, 'scale']`. */
	path: Array<string | number>;
	/** The value that was given; undefined when it is missing. */
	value: unknown;
	/** What would be accepted, in words, e.g. `a whole number from 9 to 481`. */
	allowed: string;
}

/** The outcome of a check: the input to send, or everything that is wrong with it. */
export type InputCheck<Input> = { ok: true; input: Input } | { ok: false; faults: InputFault[] };

/** Holds an input against its schema. Finds all faults at once; throws nothing. */
export function checkInput<Input extends z.AnyZodObject>(
	schema: Input,
	candidate: Record<string, unknown>,
): InputCheck<z.infer<Input>> {
	const parsed = schema.safeParse(candidate);
	if (parsed.success) return { ok: true, input: parsed.data };
	const paths = parsed.error.issues.flatMap(faultyPaths);
	const unique = new Map(paths.map((path) => [path.join('.'), path]));
	return {
		ok: false,
		faults: [...unique.values()].map((path) => ({
			path,
			value: valueAt(candidate, path),
			allowed: allowed(schemaAt(schema, path)),
		})),
	};
}

/** A union's own issue says nothing: what is inside the branch of the value's own shape does. */
function faultyPaths(issue: z.ZodIssue): Array<Array<string | number>> {
	if (issue.code !== 'invalid_union') return [issue.path];
	const inner = issue.unionErrors.flatMap((error) => error.issues.map(({ path }) => path));
	const deeper = inner.filter((path) => path.length > issue.path.length);
	return deeper.length > 0 ? deeper : [issue.path];
}

function valueAt(value: unknown, path: Array<string | number>): unknown {
	return path.reduce<unknown>(
		(found, key) => (found as Record<string | number, unknown> | null | undefined)?.[key],
		value,
	);
}

/** The schema of one value, without the wrappers that only say it may be left out. */
export function schemaAt(schema: z.ZodTypeAny, path: Array<string | number>): z.ZodTypeAny {
	const bare = unwrap(schema);
	const [key, ...rest] = path;
	if (key === undefined) return bare;
	if (bare instanceof z.ZodArray) return schemaAt(bare.element as z.ZodTypeAny, rest);
	if (bare instanceof z.ZodObject) {
		const shape = bare.shape as Record<string, z.ZodTypeAny>;
		return schemaAt(shape[key] ?? z.unknown(), rest);
	}
	if (bare instanceof z.ZodUnion) {
		const branches = bare.options as z.ZodTypeAny[];
		const object = branches.find((branch) => branch instanceof z.ZodObject);
		return schemaAt(object ?? z.unknown(), path);
	}
	return bare;
}

function unwrap(schema: z.ZodTypeAny): z.ZodTypeAny {
	if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
		return unwrap(schema.unwrap() as z.ZodTypeAny);
	}
	if (schema instanceof z.ZodDefault) return unwrap(schema.removeDefault() as z.ZodTypeAny);
	return schema;
}

/** What a schema accepts, in words for the person who typed something else. */
export function allowed(schema: z.ZodTypeAny): string {
	const bare = unwrap(schema);
	if (bare instanceof z.ZodNumber) return allowedNumber(bare);
	if (bare instanceof z.ZodEnum) return `one of ${(bare.options as string[]).join(', ')}`;
	if (bare instanceof z.ZodBoolean) return 'true or false';
	if (bare instanceof z.ZodString) return bare.isURL ? 'a URL' : 'text';
	if (bare instanceof z.ZodLiteral) return bare.value === '' ? 'empty' : String(bare.value);
	if (bare instanceof z.ZodArray) {
		return bare._def.minLength ? `a list with at least ${bare._def.minLength.value} row` : 'a list';
	}
	if (bare instanceof z.ZodUnion)
		return (bare.options as z.ZodTypeAny[]).map(allowed).join(', or ');
	if (bare instanceof z.ZodBigInt) return 'as text one of up to 64 digits';
	if (bare instanceof z.ZodObject) {
		return `an object with ${Object.keys(bare.shape as object).join(' and ')}`;
	}
	return 'something else';
}

function allowedNumber(schema: z.ZodNumber): string {
	const { minValue, maxValue } = schema;
	const kind = schema.isInt ? 'a whole number' : 'a number';
	if (minValue === null || minValue === Number.MIN_SAFE_INTEGER) return kind;
	return maxValue === null
		? `${kind} from ${minValue} up`
		: `${kind} from ${minValue} to ${maxValue}`;
}

/** The limits of a numeric input, for those that show it. */
export interface NumberRange {
	min: number;
	max: number;
	whole: boolean;
}

/**
 * The range of a numeric input, read off its schema.
 *
 * @throws TypeError when it is not that of a number with two limits
 */
export function rangeOf(schema: z.ZodTypeAny): NumberRange {
	const bare = unwrap(schema);
	if (!(bare instanceof z.ZodNumber) || bare.minValue === null || bare.maxValue === null) {
		throw new TypeError('It is no number with two limits');
	}
	return { min: bare.minValue, max: bare.maxValue, whole: bare.isInt };
}
