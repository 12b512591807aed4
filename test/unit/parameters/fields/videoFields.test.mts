import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';
import { schemaAt } from '../../../../nodes/FalLtxVideo/parameters/checkInput';
import { ltx23DistilledTextToVideoLora as endpoint } from '../../../../nodes/FalLtxVideo/endpoints/ltx23DistilledTextToVideoLora';
import { videoFields } from '../../../../nodes/FalLtxVideo/parameters/fields/videoFields';
import { apiName, parameterName } from '../../../../nodes/FalLtxVideo/parameters/parameterNames';

/* The panel held against the schema: what a person can choose is what fal takes. */

const { all, generation, outputFile } = videoFields(endpoint);
const mainFields = all.filter(({ type }) => type !== 'collection');
const inCollections = [...generation, ...outputFile];
const byApiName = new Map([...mainFields, ...inCollections].map((f) => [apiName(f.name), f]));
const inputs = Object.keys(endpoint.input.shape);
const defaults: Record<string, unknown> = endpoint.defaults;

const valuesOf = (field: INodeProperties) =>
	((field.options ?? []) as INodePropertyOptions[]).map(({ value }) => value);

test('names go to fal and back', () => {
	for (const name of inputs) expect(apiName(parameterName(name))).toBe(name);
});

test('every input has a field and every field an input, but for the two sides and the length', () => {
	const others = ['width', 'height', 'length'];
	expect([...byApiName.keys()].sort()).toEqual([...inputs, ...others].sort());
});

test.each(inputs)('%s: default, limits and values match', (name) => {
	const field = byApiName.get(name)!;
	if (name in defaults) expect(field.default).toEqual(defaults[name]);
	const schema = schemaAt(endpoint.input, [name]);
	switch (schema._def.typeName) {
		case 'ZodNumber':
			expectLimits(field, [name]);
			break;
		case 'ZodEnum':
			expect(valuesOf(field).sort()).toEqual([...schema._def.values].sort());
			break;
		case 'ZodBoolean':
			expect(field.type).toBe('boolean');
			break;
		case 'ZodString':
			expect(field.type).toBe('string');
			break;
		default:
			expect(['video_size', 'seed', 'loras']).toContain(name);
	}
});

function expectLimits(field: INodeProperties, path: Array<string | number>) {
	const { minValue, maxValue, isInt } = schemaAt(endpoint.input, path) as unknown as {
		minValue: number;
		maxValue: number;
		isInt: boolean;
	};
	expect(field.type).toBe('number');
	expect(field.typeOptions).toMatchObject({ minValue, maxValue });
	expect(field.typeOptions?.numberPrecision === 0).toBe(isInt);
}

test('the sizes are the presets, with their pixels in the name, and custom', () => {
	const field = byApiName.get('video_size')!;
	expect(valuesOf(field)).toEqual([...Object.keys(endpoint.sizes), 'custom']);
	expect((field.options as INodePropertyOptions[]).map(({ name }) => name)).toContain(
		'Landscape 16:9 (1024 × 576)',
	);
	for (const side of ['width', 'height']) {
		expectLimits(byApiName.get(side)!, ['video_size', side]);
		expect(byApiName.get(side)!.displayOptions).toEqual({ show: { videoSize: ['custom'] } });
	}
});

test('a LoRA row has the inputs of a LoRA, and a file in place of a path', () => {
	const [row] = byApiName.get('loras')!.options as INodePropertyCollection[];
	expect(row!.name).toBe('lora');
	const ofSource = (source: string) =>
		row!.values
			.filter(({ displayOptions }) => displayOptions?.show?.source?.includes(source) ?? true)
			.map(({ name }) => name);
	expect(ofSource('link')).toEqual(['source', 'path', 'scale', 'weightName']);
	expect(ofSource('binary')).toEqual(['source', 'binaryPropertyName', 'scale']);
	expectLimits(row!.values.find(({ name }) => name === 'scale')!, ['loras', 0, 'scale']);
});

test('a seed is text, so that no digit of it is lost', () => {
	expect(byApiName.get('seed')!.type).toBe('string');
});

test('the panel starts with prompt, LoRAs, size and length', () => {
	expect(all.map(({ name }) => name)).toEqual([
		'prompt',
		'loras',
		'videoSize',
		'width',
		'height',
		'numFrames',
		'fps',
		'length',
		'generation',
		'outputFile',
	]);
});

test('collections are in alphabetical order of their labels', () => {
	for (const fields of [generation, outputFile]) {
		const labels = fields.map(({ displayName }) => displayName);
		expect(labels).toEqual([...labels].sort());
	}
});

test('every field explains itself', () => {
	for (const field of [...mainFields, ...inCollections]) {
		expect(`${field.displayName}: ${field.description ?? field.hint ?? ''}`).toMatch(/: .{10,}/);
	}
});
