import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';
import { ltx23DistilledTextToVideoLora as endpoint } from '../../nodes/FalLtxVideo/endpoint/ltx23DistilledTextToVideoLora';
import { FalLtxVideo } from '../../nodes/FalLtxVideo/FalLtxVideo.node';
import { parameterName } from '../../nodes/FalLtxVideo/operations/video/names';

/* The tables of parameters in the README held against the panel: each parameter of `video: generate`
 * stands there once, with its label, what it may hold and its default, and nothing else does. */

interface Row {
	label: string;
	value: string;
	default: string;
}

/** What the type of a field doesn't say. */
const OWN_VALUES: Record<string, string> = {
	length: 'read-only',
	loras: 'at least 1 row',
	seed: 'whole number of up to 64 digits',
};
const OWN_DEFAULTS: Record<string, string> = { length: 'computed', loras: 'one empty row' };

const readme = readFileSync(join(__dirname, '../../README.md'), 'utf8');
const documented = readRows(sectionOf(readme, 'Parameters'));
const fields = leavesOf(fieldsOfGenerate());
const byName = new Map(fields.map((field) => [field.name, field]));

function sectionOf(markdown: string, heading: string): string {
	const [, section = ''] = markdown.split(`\n## ${heading}\n`);
	return section.split('\n## ')[0]!;
}

/** The rows of all tables whose second column holds names, as [name, row]. */
function readRows(markdown: string): Array<[string, Row]> {
	return markdown.split('\n').flatMap((line): Array<[string, Row]> => {
		const cells = line.split('|').map((cell) => cell.trim());
		const [, label = '', name = '', value = '', byDefault = ''] = cells;
		if (cells.length !== 7 || !/^`\w+`$/.test(name)) return [];
		return [[name.slice(1, -1), { label, value, default: byDefault }]];
	});
}

function fieldsOfGenerate(): INodeProperties[] {
	const own = (key: string, value: string) => (field: INodeProperties) =>
		field.displayOptions?.show?.[key]?.includes(value) === true;
	return new FalLtxVideo().description.properties
		.filter(own('resource', 'video'))
		.filter(own('operation', 'generate'));
}

/** The fields that hold a value, those inside collections included; a list of rows counts as well. */
function leavesOf(all: INodeProperties[]): INodeProperties[] {
	return all.flatMap((field) => {
		if (field.type === 'collection') return leavesOf(field.options as INodeProperties[]);
		if (field.type !== 'fixedCollection') return [field];
		const rows = (field.options as INodePropertyCollection[]).flatMap(({ values }) => values);
		return [field, ...leavesOf(rows)];
	});
}

function valueText({ name, type, typeOptions, options }: INodeProperties): string {
	const own = OWN_VALUES[name];
	if (own !== undefined) return own;
	if (type === 'boolean') return '`true`, `false`';
	if (type === 'string') return 'text';
	if (type === 'options') {
		return (options as INodePropertyOptions[])
			.map(({ value }) => `\`${String(value)}\``)
			.join(', ');
	}
	const { minValue, maxValue, numberPrecision } = typeOptions ?? {};
	const kind = numberPrecision === 0 ? 'whole number' : 'number';
	return `${kind}, ${maxValue === undefined ? `from ${minValue}` : `${minValue} to ${maxValue}`}`;
}

function defaultText({ name, default: byDefault }: INodeProperties): string {
	const own = OWN_DEFAULTS[name];
	if (own !== undefined) return own;
	return byDefault === '' ? 'empty' : `\`${String(byDefault)}\``;
}

describe("the readme's tables of parameters", () => {
	test('have each parameter once, in the order of the panel', () => {
		expect(documented.map(([name]) => name)).toEqual(fields.map(({ name }) => name));
	});

	test.each(documented)('%s: label, value and default are those of the panel', (name, row) => {
		const field = byName.get(name)!;
		expect(row).toEqual({
			label: field.displayName,
			value: valueText(field),
			default: defaultText(field),
		});
	});

	test("have all inputs of the endpoint, with fal's defaults", () => {
		const rows = new Map(documented);
		const names = Object.keys(endpoint.input.shape).map(parameterName);
		expect([...rows.keys()]).toEqual(expect.arrayContaining(names));
		for (const [name, value] of Object.entries(endpoint.defaults)) {
			expect([name, rows.get(parameterName(name))?.default]).toEqual([
				name,
				`\`${String(value)}\``,
			]);
		}
	});
});

test("the readme gives the presets' pixels and the price", () => {
	for (const [preset, { width, height }] of Object.entries(endpoint.sizes)) {
		expect(readme).toContain(`\`${preset}\` ${width} × ${height}`);
	}
	expect(readme).toContain(`$${endpoint.price.unitPrice} per million pixels`);
});

test('the readme has the heading that the credential links to', () => {
	expect(readme).toContain('\n## Credentials\n');
});
