import type { Endpoint } from './Endpoint';
import { NESTED_DEFAULTS } from './inputs';

/*
 * Rule: two inputs that fal treats alike are one. Whether fal gives an input back as it was sent or with
 * its defaults filled in is not documented, so both are brought to the same form before they are held
 * against each other.
 */

/** An input without what fal takes anyway, in its order. */
export function withoutDefaults(
	{ defaults, defaultReadings: readings }: Endpoint,
	input: Record<string, unknown>,
): Record<string, unknown> {
	const known: Record<string, unknown> = defaults;
	const defaultReadings: Record<string, unknown> = readings;
	const isDefault = (key: string, value: unknown) =>
		value === null ||
		value === known[key] ||
		(Object.hasOwn(defaultReadings, key) && defaultReadings[key] === value);
	return Object.fromEntries(
		Object.entries(input)
			.filter(([key, value]) => !isDefault(key, value))
			.map(([key, value]) => [key, key === 'loras' ? bareRows(value) : value]),
	);
}

function bareRows(rows: unknown): unknown {
	if (!Array.isArray(rows)) return rows;
	return rows.map((row: unknown) => {
		if (typeof row !== 'object' || row === null) return row;
		const fields = Object.entries(row).filter(
			([key, value]) => value !== null && !(key === 'scale' && value === NESTED_DEFAULTS.loraScale),
		);
		return Object.fromEntries(fields);
	});
}
