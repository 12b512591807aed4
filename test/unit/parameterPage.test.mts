import type { INodeProperties } from 'n8n-workflow';
import { FalLtxApi } from '../../credentials/FalLtxApi.credentials';
import { endpointFor, tasks } from '../../nodes/FalLtxVideo/endpoints';
import { inputNames } from '../../nodes/FalLtxVideo/endpoints/defineEndpoint';
import { sizes } from '../../nodes/FalLtxVideo/endpoints/sizes';
import { FalLtxVideo } from '../../nodes/FalLtxVideo/FalLtxVideo.node';
import { mediaParameters } from '../../nodes/FalLtxVideo/parameters/fields/mediaFields';
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

/** The tables with one more field in Video: Text to Video. */
function tablesWith(field: INodeProperties): string {
	const show = { resource: ['video'], operation: ['textToVideo'], ...field.displayOptions?.show };
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
	expect(operations).toHaveLength(11);
	const titles = operations.map(({ resource, name }) => `${resource}: ${name}`);
	const sections = [...page.matchAll(/^## (.+)$/gm)].map(([, title]) => title);
	expect(sections).toEqual(['Operations', ...titles, 'Trigger', 'Credential']);
});

/** The section of an operation. */
const sectionOf = (title: string) =>
	page.split(/^## /m).find((one) => one.startsWith(`${title}\n`))!;

/** The names of the parameters of a section, those that it says are elsewhere included, with defaults. */
function parametersOf(title: string): Map<string, string> {
	const section = sectionOf(title);
	const rows = [...section.matchAll(/^\| (.+?) \| `(\w+)` \| .*? \| (.*?) \| .* \|$/gm)];
	const found = new Map(rows.map(([, , name = '', byDefault = '']) => [name, byDefault]));
	const labelled = (place: string) =>
		[...sectionOf(place).matchAll(/^\| (.+?) \| `(\w+)` \|/gm)].map(([, ...cells]) => cells);
	for (const [, place = '', labels = ''] of section.matchAll(/^As in \[(.+?)\].*?: (.+)\.$/gm)) {
		const rest = parametersOf(place);
		for (const label of labels.split(', ')) {
			for (const [text, name = ''] of labelled(place)) {
				if (text === label && !found.has(name)) found.set(name, rest.get(name)!);
			}
		}
	}
	for (const [, place = '', groups = ''] of section.matchAll(
		/^The same as in \[(.+?)\].*?: (.+)\.$/gm,
	)) {
		for (const group of groups.split(', ')) {
			const [, text = ''] = sectionOf(place).split(`\n${group}`);
			const table = text.split('\n**')[0]!;
			for (const [, name = '', byDefault = ''] of table.matchAll(
				/^\| .+? \| `(\w+)` \| .*? \| (.*?) \| .* \|$/gm,
			)) {
				if (!found.has(name)) found.set(name, byDefault);
			}
		}
	}
	return found;
}

/** As on the panel: `text-to-video` is `Video: Text to Video`. */
const titleOf = (task: string) =>
	`Video: ${task.replace(/(^|-)([a-z])/g, (_all, _dash, letter: string) => ` ${letter.toUpperCase()}`).trim()}`.replace(
		' To ',
		' to ',
	);

const IN_PARTS = ['image_url', 'end_image_url', 'audio_url', 'video_url'];

test.each(tasks)("it has all inputs of $name, with fal's defaults", (task) => {
	const parameters = parametersOf(titleOf(task.name));
	const names = inputNames(task, 'full').flatMap((name) => {
		const { source, url, binary } = mediaParameters(name);
		return IN_PARTS.includes(name) ? [source, url, binary] : [parameterName(name)];
	});
	expect([...parameters.keys()]).toEqual(expect.arrayContaining(names));
	const { defaults } = endpointFor(task, task.models[0]!, false);
	const expected = Object.entries(defaults).map(([name, value]) => [
		...[parameterName(name), `\`${String(value)}\``],
	]);
	expect(expected.map(([name = '']) => [name, parameters.get(name)])).toEqual(expected);
});

test('a collection that not every model has says so', () => {
	expect(page).toContain('**Guidance** Shown when Model is `full`.');
});

test('nothing on it is the text of an object', () => expect(page).not.toContain('[object'));

test("it has the presets' pixels", () => {
	for (const [preset, { width, height }] of Object.entries(sizes)) {
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
