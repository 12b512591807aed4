import type { z } from 'zod';
import { allowed, schemaAt } from '../checkInput';
import type { ParameterFault } from '../InvalidParametersError';
import { isEmptyValue, type ReadableType, readAs } from './readAs';

/*
 * Rule: a setting that was added has a value. An expression that gives nothing is an error: what
 * stands in for a limit, a timeout or "keep nothing" would cost or keep more than was meant.
 */

/** A field inside a collection, as far as its value depends on it. */
export interface CollectionField {
	name: string;
	type: ReadableType;
	/** Whether nothing is a value too, as its label in the panel says. */
	mayBeEmpty?: boolean;
}

/** The settings that were added to a collection. */
export interface ReadCollection {
	/** By their names in the schema; those that may be empty and are so are not in it. */
	values: Record<string, unknown>;
	/** One for each setting that was added and comes to nothing. */
	faults: ParameterFault[];
}

/**
 * Reads a collection of the panel. Throws nothing.
 *
 * @param added the collection's value as n8n gives it
 * @param schema says what each setting may be
 * @param schemaName the name that a setting has in the schema
 */
export function readCollection(
	fields: CollectionField[],
	added: unknown,
	schema: z.AnyZodObject,
	schemaName: (name: string) => string,
): ReadCollection {
	const given = (added ?? {}) as Record<string, unknown>;
	const read: ReadCollection = { values: {}, faults: [] };
	for (const { name, type, mayBeEmpty } of fields) {
		if (!(name in given)) continue;
		const value = given[name];
		const path = [schemaName(name)];
		if (isEmptyValue(value) && !mayBeEmpty) {
			read.faults.push({
				path,
				value,
				allowed: allowed(schemaAt(schema, path)),
				isAddedEmpty: true,
			});
			continue;
		}
		const setting = readAs(type, value);
		if (setting !== undefined) read.values[path[0]!] = setting;
	}
	return read;
}
