import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';
import { schemaAt } from '../../../../nodes/FalLtxVideo/parameters/checkInput';
import { endpointFor, tasks } from '../../../../nodes/FalLtxVideo/endpoints';
import { largerSizes, sizes } from '../../../../nodes/FalLtxVideo/endpoints/sizes';
import { textToVideo } from '../../../../nodes/FalLtxVideo/endpoints/tasks/textToVideo';
import { estimate } from '../../../../nodes/FalLtxVideo/cost/estimate';
import type { Task } from '../../../../nodes/FalLtxVideo/endpoints/tasks/Task';
import { videoFields } from '../../../../nodes/FalLtxVideo/parameters/fields/videoFields';
import { apiName, parameterName } from '../../../../nodes/FalLtxVideo/parameters/parameterNames';

/* The panels held against the schemas: what a person can choose is what fal takes. */

const MEDIA = ['image_url', 'end_image_url', 'audio_url', 'video_url'];

const taskOf = (name: string) => tasks.find((task) => task.name === name)!;

const valuesOf = (field: INodeProperties) =>
	((field.options ?? []) as INodePropertyOptions[]).map(({ value }) => value);

/** The fields of a task's panel, those inside collections included. */
function everyField(task: Task): INodeProperties[] {
	const { all, generation, guidance, outputFile } = videoFields(task);
	const main = all.filter(({ type }) => type !== 'collection');
	return [...main, ...generation, ...guidance, ...outputFile];
}

const byName = (task: Task) => new Map(everyField(task).map((field) => [field.name, field]));

const ofModels = tasks.flatMap((task) =>
	task.models.map((model) => [task.name, model, task] as const),
);

describe.each(ofModels)('%s, %s model', (_name, model, task) => {
	const { all, guidance } = videoFields(task);
	const fields = byName(task);
	const endpoint = endpointFor(task, model, true);
	const inputs = Object.keys(endpoint.input.shape as object);
	const settings = inputs.filter((name) => !MEDIA.includes(name));
	const defaults = endpoint.defaults as Record<string, unknown>;

	test('names go to fal and back', () => {
		for (const name of inputs) expect(apiName(parameterName(name))).toBe(name);
	});

	test('every input has a field and every field an input, but for a few with a text of their own', () => {
		const others = [
			'width',
			'height',
			'durationSeconds',
			'specifyLoras',
			'lorasJson',
			...(task.models[1] ? ['model'] : []),
		];
		const ofOtherModel = model === 'full' ? [] : guidance.map(({ name }) => name);
		const shown = [...fields.keys()].filter((name) => !ofOtherModel.includes(name));
		const media = inputs
			.filter((name) => MEDIA.includes(name))
			.map((name) => parameterName(name.replace('_url', '')))
			.flatMap((name) => [`${name}Source`, `${name}Url`, `${name}BinaryPropertyName`]);
		const expected = [...settings.map(parameterName), ...others, ...media];
		expect(shown.sort()).toEqual(expected.sort());
	});

	test.each(settings)('%s: default, limits and values match', (name) => {
		const field = fields.get(parameterName(name))!;
		// The panel has one default; where the models differ, its description says what the other uses.
		if (name === 'acceleration' && model !== task.models[0]) {
			expect(field.description).toContain('Regular for the full one');
			expect(defaults[name]).toBe('regular');
		} else if (name in defaults) {
			expect(field.default).toEqual(defaults[name]);
		}
		const schema = schemaAt(endpoint.input, [name]);
		switch (schema._def.typeName) {
			case 'ZodNumber':
				expectLimits(field, task, [name]);
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

	test('guidance is there for the full model alone', () => {
		const field = all.find(({ name }) => name === 'guidance')!;
		const condition = { show: { model: ['full'] } };
		expect(field.displayOptions).toEqual(task.models.length > 1 ? condition : undefined);
		const taken = guidance.filter(({ name }) => inputs.includes(apiName(name)));
		expect(guidance).toHaveLength(12);
		expect(taken).toHaveLength(model === 'full' ? 12 : 0);
	});
});

function expectLimits(field: INodeProperties, task: Task, path: Array<string | number>) {
	const endpoint = endpointFor(task, 'full', true);
	const { minValue, maxValue, isInt } = schemaAt(endpoint.input, path) as unknown as {
		minValue: number;
		maxValue: number;
		isInt: boolean;
	};
	expect(field.type).toBe('number');
	expect(field.typeOptions).toMatchObject({ minValue, maxValue });
	expect(field.typeOptions?.numberPrecision === 0).toBe(isInt);
}

describe.each(tasks.map((task) => [task.name, task] as const))('%s', (_name, task) => {
	const { all, generation, guidance, outputFile } = videoFields(task);
	const fields = byName(task);

	test('the sizes are the presets, with their pixels in the name, and custom', () => {
		const field = fields.get('videoSize')!;
		const auto = task.name === 'text-to-video' ? [] : ['auto'];
		const named = [...Object.keys(sizes), ...Object.keys(largerSizes)];
		expect([...valuesOf(field)].sort()).toEqual([...auto, ...named, 'custom'].sort());
		const options = field.options as INodePropertyOptions[];
		const { price } = endpointFor(textToVideo, 'distilled', false);
		for (const [value, size] of Object.entries({ ...sizes, ...largerSizes })) {
			const { name, description } = options.find((option) => option.value === value)!;
			expect(name).toMatch(new RegExp(`\\(${size.width} × ${size.height}\\)$`));
			const shape = { size, frames: 121, fps: 24, isMultiscale: false };
			const cents = Number(estimate(shape, price)!.cost.toFixed(2, 1));
			const shown = Number(/About \$([\d.]+) for 5 seconds/.exec(description!)?.[1]);
			expect(Math.abs(shown - cents)).toBeLessThan(0.011);
		}
		expect(options.find(({ value }) => value === 'portrait_16_9')!.name).toBe(
			'Portrait 9:16 (576 × 1024)',
		);
		for (const side of ['width', 'height']) {
			expectLimits(fields.get(side)!, task, ['video_size', side]);
			expect(fields.get(side)!.displayOptions).toEqual({ show: { videoSize: ['custom'] } });
		}
	});

	test('a file is a link, a file of the item, or, where it may be left out, none', () => {
		const names = Object.keys(endpointFor(task, 'full', false).input.shape as object);
		for (const input of names.filter((name) => MEDIA.includes(name))) {
			const isRequired = task.required.some((name) => name === input);
			const name = parameterName(input.replace('_url', ''));
			const source = fields.get(`${name}Source`)!;
			expect(valuesOf(source)).toEqual([...(isRequired ? [] : ['none']), 'link', 'binary']);
			expect(source.default).toBe(isRequired ? 'binary' : 'none');
			expect(fields.get(`${name}Url`)).toMatchObject({
				...{ type: 'string', required: true, default: '' },
				displayOptions: { show: { [`${name}Source`]: ['link'] } },
			});
			expect(fields.get(`${name}BinaryPropertyName`)).toMatchObject({
				...{ type: 'string', required: true, default: 'data' },
				displayOptions: { show: { [`${name}Source`]: ['binary'] } },
			});
		}
	});

	test('a LoRA row has the inputs of a LoRA, and a file in place of a path', () => {
		const field = fields.get('loras')!;
		const [row] = field.options as INodePropertyCollection[];
		expect(field.default).toEqual({});
		expect(row!.name).toBe('lora');
		const ofSource = (source: string) =>
			row!.values
				.filter(({ displayOptions }) => displayOptions?.show?.source?.includes(source) ?? true)
				.map(({ name }) => name);
		expect(ofSource('link')).toEqual(['path', 'scale', 'source', 'weightName']);
		expect(ofSource('binary')).toEqual(['binaryPropertyName', 'scale', 'source']);
		const scale = row!.values.find(({ name }) => name === 'scale')!;
		expectLimits(scale, task, ['loras', 0, 'scale']);
	});

	test('a seed is text, so that no digit of it is lost', () => {
		expect(fields.get('seed')!.type).toBe('string');
	});

	test('no name is there twice', () => {
		const names = everyField(task).map(({ name }) => name);
		expect(new Set(names).size).toBe(names.length);
	});

	test('collections are in alphabetical order of their labels', () => {
		for (const { options = [] } of all.filter(({ type }) => type === 'collection')) {
			const labels = (options as INodeProperties[]).map(({ displayName }) => displayName);
			expect(labels.length).toBeGreaterThan(0);
			expect(labels).toEqual([...labels].sort());
		}
		const collections = all.filter(({ type }) => type === 'collection');
		expect(collections.map(({ options }) => options)).toEqual([generation, guidance, outputFile]);
	});

	test('every field explains itself', () => {
		for (const field of everyField(task)) {
			expect(`${field.displayName}: ${field.description ?? field.hint ?? ''}`).toMatch(/: .{10,}/);
		}
	});
});

describe('the panel has the file first, then prompt, size, length and LoRAs', () => {
	const size = ['videoSize', 'width', 'height'];
	const collections = [
		'specifyLoras',
		'loras',
		'lorasJson',
		'generation',
		'guidance',
		'outputFile',
	];
	const length = ['durationSeconds', ...collections];
	const withoutParts = (name: string) =>
		videoFields(taskOf(name))
			.all.map((field) => field.name)
			.filter((one) => !/(Url|BinaryPropertyName)$/.test(one));

	test.each([
		['text-to-video', ['model', 'prompt', ...size, ...length]],
		['image-to-video', ['model', 'imageSource', 'prompt', 'endImageSource', ...size, ...length]],
		[
			'audio-to-video',
			[
				...['model', 'audioSource', 'prompt', 'imageSource', 'endImageSource'],
				...[...size, 'matchAudioLength', ...length],
			],
		],
		['video-to-video', ['model', 'videoSource', 'prompt', ...size, 'matchVideoLength', ...length]],
		[
			'reference-video-to-video',
			[
				...['model', 'videoSource', 'prompt', 'imageSource', 'endImageSource', 'audioSource'],
				...[...size, 'preprocessor', 'matchVideoLength', ...length],
			],
		],
		[
			'extend-video',
			['videoSource', 'prompt', 'endImageSource', ...size, 'extendDirection', ...length],
		],
	])('%s', (name, expected) => expect(withoutParts(name)).toEqual(expected));

	test('the three fields of a file stand together', () => {
		const names = videoFields(taskOf('image-to-video')).all.map(({ name }) => name);
		expect(names.slice(1, 4)).toEqual(['imageSource', 'imageUrl', 'imageBinaryPropertyName']);
	});
});

test.each([
	['audio-to-video', 'matchAudioLength'],
	['video-to-video', 'matchVideoLength'],
	['reference-video-to-video', 'matchVideoLength'],
])('%s: the duration is shown once %s is off', (name, match) => {
	const field = byName(taskOf(name)).get('durationSeconds')!;
	expect(field.displayOptions).toEqual({ show: { [match]: [false] } });
});

test.each(['text-to-video', 'image-to-video', 'extend-video'])(
	'%s: the duration is always shown, and starts at 5 seconds',
	(name) => {
		const field = byName(taskOf(name)).get('durationSeconds')!;
		expect(field.displayOptions).toBeUndefined();
		expect(field.default).toBe(5);
		expect(field.hint).toContain('0.38 to 20.04 seconds at 24 frames per second');
	},
);

test('the choice of a model names its four prices', () => {
	const field = byName(taskOf('text-to-video')).get('model')!;
	const options = field.options as INodePropertyOptions[];
	expect(options.map(({ value, description }) => [value, description])).toEqual([
		['distilled', expect.stringContaining('$0.001205 per megapixel, $0.001405 with LoRAs')],
		['full', expect.stringContaining('$0.001605 per megapixel, $0.001805 with LoRAs')],
	]);
	expect(field.default).toBe('distilled');
});
