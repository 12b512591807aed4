import type { INodeProperties } from 'n8n-workflow';
import { choicesOf, conditionsOf, innerFieldsOf } from './fields.mts';

/* One field as a row of a table. */

/** A condition that stands for the node being used by an AI agent. */
const AS_TOOL = '@tool';

/** Names of fields in the editor, by the names of their parameters. */
export type Labels = ReadonlyMap<string, string>;

/** The table for some fields, a row each, in which no cell holds a line break. */
export function tableOf(fields: INodeProperties[], labels: Labels): string {
	const rows = fields.map((field) => [
		field.displayName,
		`\`${field.name}\``,
		valueOf(field),
		defaultOf(field),
		meaningOf(field, labels),
	]);
	const header = ['In the editor', 'Parameter', 'Value', 'Default', 'Meaning'];
	return [header, header.map(() => '---'), ...rows].map(lineOf).join('\n');
}

/** A line of a table. */
export function lineOf(cells: string[]): string {
	return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replace(/\s+/g, ' ')).join(' | ')} |`;
}

function valueOf(field: INodeProperties): string {
	const { type, typeOptions } = field;
	switch (type) {
		case 'boolean':
			return '`true`, `false`';
		case 'dateTime':
			return 'date and time';
		case 'string':
			return isReadOnly(field) ? 'read-only' : typeOptions?.password ? 'secret text' : 'text';
		case 'number':
			return numberRange(field);
		case 'options':
		case 'multiOptions':
			return choicesOf(field)
				.map(({ name, value }) => `\`${String(value)}\` ${name}`)
				.join('<br>');
		case 'collection':
			return 'settings to add';
		case 'fixedCollection':
			return typeOptions?.multipleValues ? 'list' : 'group';
		default:
			return type;
	}
}

const isReadOnly = ({ disabledOptions }: INodeProperties) => disabledOptions !== undefined;

function numberRange({ typeOptions = {} }: INodeProperties): string {
	const { minValue, maxValue, numberPrecision } = typeOptions;
	const kind = numberPrecision === 0 ? 'whole number' : 'number';
	if (minValue === undefined) return maxValue === undefined ? kind : `${kind}, up to ${maxValue}`;
	return `${kind}, ${maxValue === undefined ? `from ${minValue}` : `${minValue} to ${maxValue}`}`;
}

function defaultOf(field: INodeProperties): string {
	if (isReadOnly(field)) return 'computed';
	const inner = innerFieldsOf(field);
	if (field.type === 'collection') return 'none added';
	if (field.type === 'multiOptions') return 'none chosen';
	if (inner.length > 0) return rowsText(field.default);
	return field.default === '' ? 'empty' : `\`${String(field.default)}\``;
}

function rowsText(value: INodeProperties['default']): string {
	const count = Object.values(value as Record<string, unknown[]>).flat().length;
	return count === 0 ? 'no row' : `${count} row${count === 1 ? '' : 's'}`;
}

function meaningOf(field: INodeProperties, labels: Labels): string {
	const choices = choicesOf(field)
		.filter(({ description }) => description)
		.map(({ name, description }) => `${name}: ${sentence(description)}`);
	return [
		field.required ? 'Required.' : '',
		...conditionTexts(field, labels),
		sentence(field.description),
		sentence(field.hint),
		...choices,
	]
		.filter(Boolean)
		.join(' ');
}

function sentence(text = ''): string {
	return text === '' || /[.!?…]$/.test(text) ? text : `${text}.`;
}

/** When a field is shown or hidden, a sentence for each condition. */
export function conditionTexts(field: INodeProperties, labels: Labels): string[] {
	const { show, hide } = conditionsOf(field);
	return [
		...show.map((one) => `Shown ${whenText(one, labels)}.`),
		...hide.map((one) => `Not shown ${whenText(one, labels)}.`),
	];
}

function whenText([name, values]: [string, unknown[]], labels: Labels): string {
	if (name === AS_TOOL) return 'when an AI agent uses the node as a tool';
	return `when ${labels.get(name) ?? name} ${values.map(conditionText).join(' or ')}`;
}

/** A value, or one of n8n's conditions on it. */
function conditionText(value: unknown, n: number): string {
	const pattern = (value as { _cnd?: { regex?: string } } | null)?._cnd?.regex;
	if (pattern !== undefined) return `matches \`${pattern}\``;
	return `${n === 0 ? 'is ' : ''}\`${String(value)}\``;
}
