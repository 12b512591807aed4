import type {
	INodeProperties,
	INodePropertyCollection,
	INodePropertyOptions,
	INodeTypeDescription,
} from 'n8n-workflow';

/* A node's description as the documents have it: its operations, and fields with what they hold. */

/** One of the node's operations, with the fields that are shown for it. */
export interface OperationFields {
	resource: string;
	name: string;
	value: string;
	description: string;
	fields: INodeProperties[];
}

/** Conditions that say to whom a field belongs, not what makes it appear. */
const BELONGS_TO = new Set(['resource', 'operation', '@version']);

/** The operations of a node, in the sequence of the panel. */
export function operationsOf({ properties }: INodeTypeDescription): OperationFields[] {
	const resources = choicesOf(properties.find(({ name }) => name === 'resource')!);
	return resources.flatMap(({ name: resource, value: resourceValue }) => {
		const isOfResource = (field: INodeProperties) => isShownFor(field, 'resource', resourceValue);
		const picker = properties.find((field) => field.name === 'operation' && isOfResource(field))!;
		return choicesOf(picker).map(({ name, value, description = '' }) => ({
			resource,
			name,
			value: String(value),
			description,
			fields: properties.filter(
				(field) => isOfResource(field) && isShownFor(field, 'operation', value),
			),
		}));
	});
}

function isShownFor({ displayOptions }: INodeProperties, key: string, value: unknown): boolean {
	return (displayOptions?.show?.[key] as unknown[] | undefined)?.includes(value) === true;
}

/** The values that an `options` field offers. */
export function choicesOf({ options = [] }: INodeProperties): INodePropertyOptions[] {
	return options.filter((option): option is INodePropertyOptions => 'value' in option);
}

/** The fields inside a collection, or inside the rows of a list; none for any other field. */
export function innerFieldsOf({ type, options = [] }: INodeProperties): INodeProperties[] {
	if (type === 'collection') return options as INodeProperties[];
	if (type !== 'fixedCollection') return [];
	return (options as INodePropertyCollection[]).flatMap(({ values }) => values);
}

/** Whether two fields are the same to a person, whatever operation they belong to. */
export function isSameField(one: INodeProperties, other: INodeProperties): boolean {
	return withoutOwner(one) === withoutOwner(other);
}

function withoutOwner(field: INodeProperties): string {
	return JSON.stringify({ ...field, displayOptions: conditionsOf(field) });
}

/** When a field is shown or hidden, as [name, values]. */
export interface Conditions {
	show: Array<[string, unknown[]]>;
	hide: Array<[string, unknown[]]>;
}

/** What makes a field appear or disappear, apart from the operation it belongs to. */
export function conditionsOf({ displayOptions }: INodeProperties): Conditions {
	const entries = (all: Record<string, unknown[] | undefined> = {}) =>
		Object.entries(all)
			.filter(([name]) => !BELONGS_TO.has(name))
			.map(([name, values]): [string, unknown[]] => [name, values ?? []]);
	return { show: entries(displayOptions?.show), hide: entries(displayOptions?.hide) };
}
