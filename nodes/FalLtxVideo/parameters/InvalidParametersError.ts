import { NotSentError } from '../request/NotSentError';
import type { InputFault } from './checkInput';
import { isBlank } from '../endpoints/visibleText';
import { masked } from '../fal/mask';
import { fieldLabel, type FieldLabel, labelOf } from './fields/fieldLabels';

/** What is wrong with one parameter. */
export interface ParameterFault extends InputFault {
	/** Whether it is a setting that was added to a collection and comes to nothing. */
	isAddedEmpty?: boolean;
	/** Whether the path is a collection and a name in it that is none of its settings, as it was given. */
	isUnknown?: boolean;
}

/** Parameters that fal would refuse, or that say nothing. Nothing was sent when it is thrown. */
export class InvalidParametersError extends NotSentError {
	override readonly name = 'InvalidParametersError';

	constructor(readonly faults: ParameterFault[]) {
		super(faults.map(sentence).join('; '));
	}
}

/** What the schema found, but for fields that something else is said of already. */
export function notYetNamed(faults: InputFault[], named: InputFault[]): InputFault[] {
	const places = new Set(named.map(({ path }) => path.join('.')));
	return faults.filter(({ path }) => !places.has(path.join('.')));
}

function sentence(fault: ParameterFault): string {
	const { path, value, allowed, isAddedEmpty } = fault;
	const { name, label } = fault.isUnknown ? unknownLabel(path) : fieldLabel(path);
	const field = label === name ? name : `${label} (${name})`;
	const isNothing = value === undefined || value === null;
	if (isAddedEmpty) {
		const state = isNothing ? 'its expression gives nothing' : 'is empty';
		return `${field} was added, but ${state}: it must be ${allowed}, or be removed`;
	}
	const given = value === undefined ? 'is missing' : `is ${shown(value)}`;
	return `${field} ${given}, but must be ${allowed}`;
}

/** The name stays as it was given: it may be what is wrong. */
function unknownLabel([collection, given]: ParameterFault['path']): FieldLabel {
	const text = String(given);
	const name = `${collection}.${cut(masked(text.slice(0, LOOKED_AT)))}`;
	const label = labelOf(text);
	return { name, label: label === text ? name : label };
}

/** Of a longer value no more is looked at: masking megabytes would hold up all of n8n. */
const LOOKED_AT = 4_000;

/** An expression may give what JSON has no words for. */
function asJson(value: unknown): string {
	try {
		return JSON.stringify(value) ?? '';
	} catch {
		return 'something that cannot be shown';
	}
}

/** Long values are cut: an error is read on a small panel. */
function shown(value: unknown): string {
	if (typeof value === 'string' && isBlank(value)) return 'empty';
	if (Array.isArray(value) && value.length === 0) return 'empty';
	const whole =
		typeof value === 'bigint' || typeof value === 'number' ? String(value) : asJson(value);
	const text = masked(whole.slice(0, LOOKED_AT));
	return cut(text);
}

const cut = (text: string) => (text.length > 60 ? `${text.slice(0, 57)}…` : text);
