import type { INodeProperties, INodePropertyCollection } from 'n8n-workflow';
import { estimateFields } from './estimateFields';
import { listFields } from './listFields';
import { tasks } from '../../endpoints';
import { videoFields } from './videoFields';
import { parameterName } from '../parameterNames';
import { allOptions, optionsField } from './optionFields';

/** Where a fault is, as a person finds it on the panel. */
export interface FieldLabel {
	/** The node's name of it, e.g. `loras[0].path`. */
	name: string;
	/** The label in the panel, e.g. `Path`; the name itself when there is none. */
	label: string;
}

/** The place of one of fal's input paths on the panel; the sides of a size have fields of their own. */
export function fieldLabel(path: Array<string | number>): FieldLabel {
	const inside = path[0] === 'video_size' && path.length > 1 ? path.slice(1) : path;
	const name = inside.reduce<string>((text, key) => {
		if (typeof key === 'number') return `${text}[${key}]`;
		return text === '' ? parameterName(key) : `${text}.${parameterName(key)}`;
	}, '');
	const last = [...inside].reverse().find((key): key is string => typeof key === 'string');
	const label = last === undefined ? undefined : labels.get(parameterName(last));
	return { name, label: label ?? name };
}

/** The label of a parameter, wherever it is; its name when there is none. */
export function labelOf(name: string): string {
	return labels.get(name) ?? name;
}

/** The labels of all fields, those inside collections included. */
const labels = new Map(
	[
		...tasks.flatMap((task) => videoFields(task).all),
		...[...estimateFields, optionsField(allOptions), ...listFields],
	].flatMap(labelsOf),
);

function labelsOf(field: INodeProperties): Array<[string, string]> {
	const inner = (field.options ?? []).flatMap((option) => {
		if ('values' in option) return (option as INodePropertyCollection).values.flatMap(labelsOf);
		return 'displayName' in option ? labelsOf(option as INodeProperties) : [];
	});
	return [[field.name, field.displayName], ...inner];
}
