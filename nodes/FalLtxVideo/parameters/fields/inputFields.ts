import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { rangeOf } from '../checkInput';
import type { Endpoint } from '../../endpoints/Endpoint';
import type { KnownInput } from '../../endpoints';
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
	[Name in keyof KnownInput]-?: NonNullable<KnownInput[Name]> extends Kind ? Name : never;
}[keyof KnownInput];

/** Texts for each value of an enumeration; to leave one out is a type error. */
type Choices<Value extends string> = Record<
	Value,
	Pick<INodePropertyOptions, 'name' | 'description'>
>;

function field(name: string, type: INodeProperties['type'], texts: Texts): INodeProperties {
	return { name: parameterName(name), type, default: '', ...texts };
}

/** Makes fields of one endpoint's inputs. */
export class InputFields {
	private readonly defaults: Endpoint['defaults'];

	constructor(private readonly endpoint: Endpoint) {
		this.defaults = endpoint.defaults;
	}

	/** A text input. */
	text(name: InputOf<string>, texts: Texts): INodeProperties {
		return { ...field(name, 'string', texts), default: (this.defaults[name] as string) ?? '' };
	}

	/** A yes-or-no input. */
	boolean(name: InputOf<boolean>, texts: Texts): INodeProperties {
		return { ...field(name, 'boolean', texts), default: this.defaults[name] as boolean };
	}

	/** An input with fixed values. */
	choice<Name extends InputOf<string>>(
		name: Name,
		texts: Texts,
		choices: Choices<NonNullable<KnownInput[Name]>>,
	): INodeProperties {
		const values = Object.keys(choices) as Array<keyof typeof choices>;
		return {
			...field(name, 'options', texts),
			options: values.map((value) => ({ value, ...choices[value] })),
			default: this.defaults[name] as string,
		};
	}

	/** A numeric input, at the top or inside a LoRA row or a size, where fal has no default by name. */
	number(
		path: [string, ...Array<string | number>],
		texts: Texts,
		defaultValue = this.defaults[path[0]] as number,
	): INodeProperties {
		const { min, max, whole } = rangeOf(this.endpoint, ...path);
		const name = path[path.length - 1] as string;
		return {
			...field(name, 'number', texts),
			// A precision for fractions would show 24 as 24.000.
			typeOptions: { minValue: min, maxValue: max, ...(whole ? { numberPrecision: 0 } : {}) },
			default: defaultValue,
		};
	}
}
