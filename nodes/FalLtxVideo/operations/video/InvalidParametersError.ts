import type { InputFault } from '../../endpoint/check';
import { masked } from '../../fal/mask';
import { placeOf } from './places';

/** Parameters that fal would refuse. Nothing was sent when it is thrown. */
export class InvalidParametersError extends Error {
	override readonly name = 'InvalidParametersError';

	readonly description = 'Nothing was sent to fal for it, so nothing is billed.';

	constructor(readonly faults: InputFault[]) {
		super(faults.map(sentence).join('; '));
	}
}

function sentence({ path, value, allowed }: InputFault): string {
	const { name, label } = placeOf(path);
	const field = label === name ? name : `${label} (${name})`;
	const given = value === undefined ? 'is missing' : `is ${shown(value)}`;
	return `${field} ${given}, but must be ${allowed}`;
}

/** Long values are cut: an error is read on a small panel. */
function shown(value: unknown): string {
	if (value === '') return 'empty';
	if (Array.isArray(value) && value.length === 0) return 'empty';
	const text = masked(
		typeof value === 'bigint' || typeof value === 'number'
			? String(value)
			: (JSON.stringify(value) ?? ''),
	);
	return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
