import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod';
import { inputOf } from '../../endpoints/defineEndpoint';
import type { InputName } from '../../endpoints/inputs';
import type { Task } from '../../endpoints/tasks/Task';
import { rangeOf } from '../checkInput';
import { parameterName } from '../parameterNames';
import { inputTexts, type Texts } from './inputTexts';

/*
 * Fields of the panel made from the inputs' own facts: name, type, limits, default and values come
 * from there, so a field can't say anything else; the texts are what is written by hand.
 */

/** The model whose defaults a panel starts with: that of the task's first endpoint. */
const mainModel = ({ models }: Task) => models[0]!;

/** What fal uses for an input of a task that is not sent. */
export function defaultOf(task: Task, name: InputName): unknown {
	return inputOf(task, mainModel(task), name).default;
}

/** The field of a setting. */
export function settingField(task: Task, name: InputName): INodeProperties {
	const { choices = {}, ...texts } = inputTexts[name]!;
	const { schema } = inputOf(task, mainModel(task), name);
	const value = defaultOf(task, name);
	const field = { name: parameterName(name), ...texts };
	if (schema instanceof z.ZodBoolean)
		return { ...field, type: 'boolean', default: value as boolean };
	if (schema instanceof z.ZodNumber) return numberField(name, schema, value as number, texts);
	if (schema instanceof z.ZodEnum) {
		const options = Object.entries(choices).map(([one, text]) => ({ value: one, ...text }));
		return { ...field, type: 'options', options, default: value as string };
	}
	// A seed is text as well, as a number field would change seeds beyond 2^53.
	return { ...field, type: 'string', default: (value as string | undefined) ?? '' };
}

/** A numeric field; `name` is that of an input, or of a value inside one. */
export function numberField(
	name: string,
	schema: z.ZodTypeAny,
	value: number,
	texts: Texts,
): INodeProperties {
	const { min, max, whole } = rangeOf(schema);
	return {
		name: parameterName(name),
		type: 'number',
		...texts,
		// A precision for fractions would show 24 as 24.000.
		typeOptions: { minValue: min, maxValue: max, ...(whole ? { numberPrecision: 0 } : {}) },
		default: value,
	};
}
