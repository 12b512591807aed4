import type { z } from 'zod';
import { allowed, schemaAt } from '../../checkInput';
import type { ParameterFault } from '../../InvalidParametersError';
import { isEmptyValue, type ReadableType, readAs } from './readAs';

/*
 * Rules:
 * - a setting that was added has a value. An expression that gives nothing is an error: what stands in
 *   for a limit, a timeout or "keep nothing" would cost or keep more than was meant;
 * - a setting that there is none of is an error, too: whoever mistyped it waits for what never comes.
 *   n8n itself removes it unless an expression gives the collection.
 */

/** A field inside a collection, as far as its value depends on it. */
export interface CollectionField {
	name: string;
	type: ReadableType;
	/** Whether nothing is a value too, as its label in the panel says. */
	mayBeEmpty?: boolean;
}

/** A collection of the panel. */
export interface Collection {
	name: string;
	fields: CollectionField[];
	/** What each setting may be. */
	schema: z.AnyZodObject;
	/** The name that a setting has in the schema. */
	schemaName: (name: string) => string;
	/**
	 * What to do about a setting that is none of the fields, to end a sentence with; undefined where it
	 * does no harm. Without this, no other setting is looked at.
	 */
	unknown?: (name: string) => string | undefined;
}

/** The settings that were added to a collection. */
export interface ReadCollection {
	/** By their names in the schema; those that may be empty and are so are not in it. */
	values: Record<string, unknown>;
	/** One for each setting that was added and comes to nothing, or that there is none of. */
	faults: ParameterFault[];
}

/** More settings than any collection has are not looked at. */
const MOST_UNKNOWN = 20;

/** Reads a collection of the panel. Throws nothing. @param added its value as n8n gives it */
export function readCollection(collection: Collection, added: unknown): ReadCollection {
	const read: ReadCollection = { values: {}, faults: [] };
	if (isEmptyValue(added)) return read;
	if (typeof added !== 'object' || Array.isArray(added)) {
		const fault = { path: [collection.name], value: added, allowed: 'an object with settings' };
		return { ...read, faults: [fault] };
	}
	const given = added as Record<string, unknown>;
	const { fields, schema, schemaName } = collection;
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
	read.faults.push(...unknownSettings(collection, given));
	return read;
}

function unknownSettings(
	{ name: collection, fields, unknown }: Collection,
	given: Record<string, unknown>,
): ParameterFault[] {
	if (!unknown) return [];
	const known = new Set(fields.map(({ name }) => name));
	const others = Object.keys(given).filter((name) => !known.has(name));
	return others.slice(0, MOST_UNKNOWN).flatMap((name) => {
		const instead = unknown(name);
		if (instead === undefined) return [];
		return [{ path: [collection, name], value: given[name], allowed: instead, isUnknown: true }];
	});
}
