import type { INodeProperties } from 'n8n-workflow';
import { FalLtxApi } from '../../credentials/FalLtxApi.credentials';
import { ltx23DistilledTextToVideoLora as endpoint } from '../../nodes/FalLtxVideo/endpoints/ltx23DistilledTextToVideoLora';
import { FalLtxVideo } from '../../nodes/FalLtxVideo/FalLtxVideo.node';
import { parameterName } from '../../nodes/FalLtxVideo/parameters/parameterNames';
import { FalLtxVideoTrigger } from '../../nodes/FalLtxVideoTrigger/FalLtxVideoTrigger.node';
import { operationsOf } from '../../scripts/docs/fields.mts';
import { parameterPage, readParameterPage } from '../../scripts/docs/parameterPage.mts';
import { type Described, parameterTables } from '../../scripts/docs/parameterTables.mts';

/* docs/parameters.md: written from the descriptions by `npm run docs`, and up to date. */

const described: Described = {
	node: new FalLtxVideo().description,
	trigger: new FalLtxVideoTrigger().description,
	credential: new FalLtxApi(),
};

/** The tables with one more field in Video: Generate. */
function tablesWith(field: INodeProperties): string {
	const show = { resource: ['video'], operation: ['generate'], ...field.displayOptions?.show };
	const properties = [...described.node.properties, { ...field, displayOptions: { show } }];
	return parameterTables({ ...described, node: { ...described.node, properties } });
}

const page = readParameterPage();

test('the page is up to date (`npm run docs` writes it)', () => {
	expect(parameterPage(page)).toBe(page);
});

test('a page without the marker is refused, as its introduction would be lost', () => {
	expect(() => parameterPage('# Parameters\n')).toThrow('must have the line');
});

test('there is a section for each operation, the trigger and the credential', () => {
	const operations = operationsOf(described.node);
	expect(operations).toHaveLength(7);
	const titles = operations.map(({ resource, name }) => `${resource}: ${name}`);
	const sections = [...page.matchAll(/^## (.+)$/gm)].map(([, title]) => title);
	expect(sections).toEqual(['Operations', ...titles, 'Trigger', 'Credential']);
});

test("it has all inputs of the endpoint, with fal's defaults", () => {
	const rows = new Map(
		[...page.matchAll(/^\| .+? \| `(\w+)` \| .*? \| (.*?) \| .* \|$/gm)].map(
			([, name = '', byDefault]) => [name, byDefault],
		),
	);
	const names = Object.keys(endpoint.input.shape).map(parameterName);
	expect([...rows.keys()]).toEqual(expect.arrayContaining(names));
	const defaults = Object.entries(endpoint.defaults).map(([name, value]) => [
		parameterName(name),
		`\`${String(value)}\``,
	]);
	expect(defaults.map(([name = '']) => [name, rows.get(name)])).toEqual(defaults);
});

test("it has the presets' pixels", () => {
	for (const [preset, { width, height }] of Object.entries(endpoint.sizes)) {
		expect(page).toMatch(new RegExp(`\`${preset}\` [^<|]+ \\(${width} × ${height}\\)`));
	}
});

describe('a field that is added', () => {
	const field: INodeProperties = {
		displayName: 'Colour',
		name: 'colour',
		type: 'options',
		required: true,
		options: [
			{ name: 'Red', value: 'r', description: 'Warm | loud' },
			{ name: 'Blue', value: 'b' },
		],
		default: 'r',
		description: 'What colour it has',
		hint: 'One of two',
	};

	test('is a row with all that a person sees of it', () => {
		expect(tablesWith(field)).toContain(
			'| Colour | `colour` | `r` Red<br>`b` Blue | `r` | Required. What colour it has. One of two. Red: Warm \\| loud. |',
		);
	});

	test('is listed with what makes it appear', () => {
		const tables = tablesWith({ ...field, displayOptions: { show: { videoSize: ['custom'] } } });
		expect(tables).toContain('Required. Shown when Video Size is `custom`. What colour it has.');
	});

	test('is a table of its own in the other operations where it differs only there', () => {
		const prompt = described.node.properties.find(({ name }) => name === 'prompt')!;
		const properties = described.node.properties.map((one) =>
			one.name === 'prompt' && one !== prompt ? { ...one, description: 'Other words' } : one,
		);
		const node = { ...described.node, properties };
		const tables = parameterTables({ ...described, node });
		expect(tables.split('\n').filter((line) => line.startsWith('| Prompt |'))).toHaveLength(2);
	});
});
