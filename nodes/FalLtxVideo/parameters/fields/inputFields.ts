import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { rangeOf } from '../checkInput';
import type { Endpoint } from '../../endpoints/Endpoint';
import {
	ltx23DistilledTextToVideoLora as endpoint,
	type Ltx23Input,
} from '../../endpoints/ltx23DistilledTextToVideoLora';
import { parameterName } from '../parameterNames';

/*
 * Fields of the panel made from the endpoint's own facts: name, type, limits, default and values
 * come from there, so a field can't say anything else; the texts are what is written by hand.
 */

/** What a field says to a person. */
export type Texts = Pick<INodeProperties, 'displayName' | 'description' | 'hint' | 'placeholder'> &
	Pick<INodeProperties, 'displayOptions' | 'typeOptions' | 'required'>;

/** Inputs of the endpoint whose value is of one kind. */
type InputOf<Kind> = {
	[Name in keyof Ltx23Input]-?: NonNullable<Ltx23Input[Name]> extends Kind ? Name : never;
}[keyof Ltx23Input];

/** Texts for each value of an enumeration; to leave one out is a type error. */
type Choices<Value extends string> = Record<
	Value,
	Pick<INodePropertyOptions, 'name' | 'description'>
>;

const defaults: Endpoint['defaults'] = endpoint.defaults;

function field(name: string, type: INodeProperties['type'], texts: Texts): INodeProperties {
	return { name: parameterName(name), type, default: '', ...texts };
}

/** A text input. */
export function textField(name: InputOf<string>, texts: Texts): INodeProperties {
	return { ...field(name, 'string', texts), default: (defaults[name] as string) ?? '' };
}

/** A yes-or-no input. */
export function booleanField(name: InputOf<boolean>, texts: Texts): INodeProperties {
	return { ...field(name, 'boolean', texts), default: defaults[name] as boolean };
}

/** An input with fixed values. */
export function choiceField<Name extends InputOf<string>>(
	name: Name,
	texts: Texts,
	choices: Choices<NonNullable<Ltx23Input[Name]>>,
): INodeProperties {
	const values = Object.keys(choices) as Array<keyof typeof choices>;
	return {
		...field(name, 'options', texts),
		options: values.map((value) => ({ value, ...choices[value] })),
		default: defaults[name] as string,
	};
}

/** A numeric input, at the top or inside a LoRA row or a size, where fal has no default by name. */
export function numberField(
	path: [string, ...Array<string | number>],
	texts: Texts,
	defaultValue = defaults[path[0]] as number,
): INodeProperties {
	const { min, max, whole } = rangeOf(endpoint as Endpoint, ...path);
	const name = path[path.length - 1] as string;
	return {
		...field(name, 'number', texts),
		// A precision for fractions would show 24 as 24.000.
		typeOptions: { minValue: min, maxValue: max, ...(whole ? { numberPrecision: 0 } : {}) },
		default: defaultValue,
	};
}
