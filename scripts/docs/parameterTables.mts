import type { ICredentialType, INodeProperties, INodeTypeDescription } from 'n8n-workflow';
import { conditionTexts, type Labels, lineOf, tableOf } from './cells.mts';
import { innerFieldsOf, isSameField, type OperationFields, operationsOf } from './fields.mts';

/* The tables of docs/parameters.md, from the descriptions that n8n reads. */

/** What the page is about. */
export interface Described {
	node: INodeTypeDescription;
	trigger: INodeTypeDescription;
	credential: ICredentialType;
}

/** Some fields of one operation, under the heading that they have on the page. */
interface Group {
	/** The collection's or the list's name in the editor; none for what stands at the top. */
	label?: string;
	/** The collection or list itself. */
	field?: INodeProperties;
	fields: INodeProperties[];
}

/** A group, and the title of the section that it stands in. */
type Documented = Group & { title: string };

/** All sections, one for each operation, then the trigger and the credential. */
export function parameterTables({ node, trigger, credential }: Described): string {
	const operations = operationsOf(node);
	const documented: Documented[] = [];
	const sections = operations.map((operation) => {
		const title = titleOf(operation);
		return sectionOf(title, `${operation.description}.`, operation.fields, documented);
	});
	return [
		operationTable(operations),
		...sections,
		sectionOf('Trigger', `Node \`${trigger.name}\`.`, trigger.properties, documented),
		sectionOf('Credential', `Type \`${credential.name}\`.`, credential.properties, documented),
	].join('\n\n');
}

const titleOf = ({ resource, name }: OperationFields) => `${resource}: ${name}`;

function operationTable(operations: OperationFields[]): string {
	const rows = operations.map((operation) => [
		operation.resource,
		`[${operation.name}](#${anchorOf(titleOf(operation))})`,
		`\`${operation.resource.toLowerCase()}\`, \`${operation.value}\``,
		`${operation.description}.`,
	]);
	const header = ['Resource', 'Operation', '`resource`, `operation`', 'What it does'];
	const lines = [header, header.map(() => '---'), ...rows].map(lineOf);
	return ['## Operations', lines.join('\n')].join('\n\n');
}

/** A heading's anchor, as GitHub makes it. */
function anchorOf(title: string): string {
	return title
		.toLowerCase()
		.replace(/[^a-z0-9 -]/g, '')
		.replaceAll(' ', '-');
}

/**
 * One section. What an earlier section has is named with a link to it and not repeated.
 *
 * @param documented the groups so far; those of this section are added
 */
function sectionOf(
	title: string,
	description: string,
	fields: INodeProperties[],
	documented: Documented[],
): string {
	const labels = new Map(everyField(fields).map(({ name, displayName }) => [name, displayName]));
	const groups = groupsOf(fields.filter(({ type }) => type !== 'notice'));
	const isWhole = (group: Group) => sameGroup(group, documented) !== undefined;
	const texts = groups
		.filter((group) => !isWhole(group))
		.map((group) => groupText(group, documented, labels));
	const whole = wholeGroupsText(groups.filter(isWhole), documented);
	documented.push(...groups.map((group) => ({ ...group, title })));
	return [`## ${title}`, description, ...texts, ...whole].join('\n\n');
}

/** The collection or list of an earlier section that has the same fields. */
function sameGroup({ label, fields }: Group, documented: Documented[]): Documented | undefined {
	if (label === undefined) return undefined;
	return documented.find(
		(group) =>
			group.label === label &&
			group.fields.length === fields.length &&
			group.fields.every((field, n) => isSameField(field, fields[n]!)),
	);
}

/** One sentence for each section that has some of them. */
function wholeGroupsText(groups: Group[], documented: Documented[]): string[] {
	const labels = new Map<string, string[]>();
	for (const group of groups) {
		const { title } = sameGroup(group, documented)!;
		labels.set(title, [...(labels.get(title) ?? []), `**${group.label}**`]);
	}
	return [...labels].map(
		([title, names]) => `The same as in ${linkTo(title)}: ${names.join(', ')}.`,
	);
}

function everyField(fields: INodeProperties[]): INodeProperties[] {
	return fields.flatMap((field) => [field, ...everyField(innerFieldsOf(field))]);
}

/** The fields at the top, then those of each collection and list. */
function groupsOf(fields: INodeProperties[]): Group[] {
	const isAtTop = ({ type }: INodeProperties) => type !== 'collection';
	const inner = fields
		.map((field) => ({ label: field.displayName, field, fields: innerFieldsOf(field) }))
		.filter((group) => group.fields.length > 0);
	return [{ fields: fields.filter(isAtTop) }, ...inner].filter((group) => group.fields.length > 0);
}

/** Fields that an earlier section has, by its title; the others under `undefined`. */
type ByTitle = Map<string | undefined, INodeProperties[]>;

function byTitle({ label, fields }: Group, documented: Documented[]): ByTitle {
	const found: ByTitle = new Map();
	for (const field of fields) {
		const place = documented.find(
			(group) => group.label === label && group.fields.some((one) => isSameField(one, field)),
		);
		found.set(place?.title, [...(found.get(place?.title) ?? []), field]);
	}
	return found;
}

function groupText(group: Group, documented: Documented[], labels: Labels): string {
	const found = byTitle(group, documented);
	const { label, field } = group;
	// A list stands in the table at the top as well.
	const conditions = field?.type === 'collection' ? conditionTexts(field, labels) : [];
	const heading = label === undefined ? [] : [[`**${label}**`, ...conditions].join(' ')];
	const own = found.get(undefined);
	const references = [...found].flatMap(([title, fields]) =>
		title === undefined ? [] : [referenceText(title, fields)],
	);
	if (!own) return [...heading, ...references].join(' ');
	return [...heading, ...references, tableOf(own, labels)].join('\n\n');
}

function referenceText(title: string, fields: INodeProperties[]): string {
	const names = new Set(fields.map(({ displayName }) => displayName));
	return `As in ${linkTo(title)}: ${[...names].join(', ')}.`;
}

const linkTo = (title: string) => `[${title}](#${anchorOf(title)})`;
