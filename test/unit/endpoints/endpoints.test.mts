import { z } from 'zod';
import { endpointFor, endpointOf, endpoints, tasks } from '../../../nodes/FalLtxVideo/endpoints';
import { videoOutput } from '../../../nodes/FalLtxVideo/endpoints/output';
import { sizes } from '../../../nodes/FalLtxVideo/endpoints/sizes';
import { checkInput, schemaAt } from '../../../nodes/FalLtxVideo/parameters/checkInput';
import { PUBLISHED, type PublishedInput } from './published.mts';

/*
 * The endpoints held against what fal publishes of them, read a second time: what each one takes, what
 * it refuses and what it uses when nothing is sent.
 */

const FAMILY = 'fal-ai/ltx-2.3-22b';

test('the ids are exactly the 22 of the family', () => {
	expect(endpoints.map(({ id }) => id).sort()).toEqual([
		`${FAMILY}/audio-to-video`,
		`${FAMILY}/audio-to-video/lora`,
		`${FAMILY}/distilled/audio-to-video`,
		`${FAMILY}/distilled/audio-to-video/lora`,
		`${FAMILY}/distilled/image-to-video`,
		`${FAMILY}/distilled/image-to-video/lora`,
		`${FAMILY}/distilled/reference-video-to-video`,
		`${FAMILY}/distilled/reference-video-to-video/lora`,
		`${FAMILY}/distilled/text-to-video`,
		`${FAMILY}/distilled/text-to-video/lora`,
		`${FAMILY}/distilled/video-to-video`,
		`${FAMILY}/distilled/video-to-video/lora`,
		`${FAMILY}/extend-video`,
		`${FAMILY}/extend-video/lora`,
		`${FAMILY}/image-to-video`,
		`${FAMILY}/image-to-video/lora`,
		`${FAMILY}/reference-video-to-video`,
		`${FAMILY}/reference-video-to-video/lora`,
		`${FAMILY}/text-to-video`,
		`${FAMILY}/text-to-video/lora`,
		`${FAMILY}/video-to-video`,
		`${FAMILY}/video-to-video/lora`,
	]);
	expect(PUBLISHED.map(({ id }) => id).sort()).toEqual(endpoints.map(({ id }) => id).sort());
});

describe.each(PUBLISHED)('$id', ({ id, task, model, takesLoras, inputs, unitPrice }) => {
	const endpoint = endpointOf(id);
	const required = inputs.filter((input) => input.required);
	const least = Object.fromEntries(required.map(({ name, takes }) => [name, takes[0]]));

	/** What comes of each of an input's values. */
	const checks = (values: (input: PublishedInput) => unknown[]) =>
		inputs.flatMap((input) =>
			values(input).map((value) => {
				const sent = { ...least, [input.name]: value };
				return { ...{ name: input.name, value, sent }, check: checkInput(endpoint.input, sent) };
			}),
		);

	test('is found by task, model and LoRAs', () => {
		expect(endpointFor(endpoint.task, model, takesLoras)).toBe(endpoint);
		expect([endpoint.task.name, endpoint.model, endpoint.takesLoras]).toEqual([
			...[task, model, takesLoras],
		]);
	});

	test('has exactly the published inputs', () => {
		const names = inputs.map(({ name }) => name);
		expect(Object.keys(endpoint.input.shape as object).sort()).toEqual(names.sort());
	});

	test('takes what fal allows, unchanged', () => {
		for (const { name, value, sent, check } of checks(({ takes }) => takes)) {
			expect({ name, value, check }).toEqual({ name, value, check: { ok: true, input: sent } });
		}
	});

	test('refuses everything else and says where', () => {
		for (const { name, value, check } of checks(({ refuses }) => refuses)) {
			const places = check.ok ? 'accepted' : check.faults.map(({ path }) => path[0]);
			expect({ name, value, places }).toEqual({ name, value, places: [name] });
		}
	});

	test('has the published values of enumerations and no other', () => {
		const enumerations = Object.keys(endpoint.input.shape as object).flatMap((name) => {
			const schema = schemaAt(endpoint.input, [name]);
			return schema instanceof z.ZodEnum ? [[name, [...schema.options].sort()]] : [];
		});
		const expected = inputs
			.filter(({ isEnumeration }) => isEnumeration)
			.map(({ name, takes }) => [name, [...takes].sort()]);
		expect(Object.fromEntries(enumerations)).toEqual(Object.fromEntries(expected));
	});

	test('requires what fal requires, and sends nothing that is not set', () => {
		const missing = Object.fromEntries(
			inputs.map(({ name }) => {
				const without = Object.fromEntries(Object.entries(least).filter(([key]) => key !== name));
				const check = checkInput(endpoint.input, without);
				return [name, check.ok ? Object.keys(check.input) : 'required'];
			}),
		);
		const expected = inputs.map((input) => [
			input.name,
			input.required ? 'required' : Object.keys(least),
		]);
		for (const keys of Object.values(missing)) if (Array.isArray(keys)) keys.sort();
		for (const [, keys] of expected) if (Array.isArray(keys)) keys.sort();
		expect(missing).toEqual(Object.fromEntries(expected));
	});

	test('has the published defaults', () => {
		const defaults = inputs
			.filter((input) => 'default' in input)
			.map((input) => [input.name, input.default]);
		expect(endpoint.defaults).toEqual(Object.fromEntries(defaults));
	});

	test('has the published price', () => {
		const price = { unitPrice, unit: 'megapixels', currency: 'USD', roundedUpTo: '0.0001' };
		expect(endpoint.price).toEqual(price);
	});
});

test('one page of fal has another default than all its other documents', () => {
	const others = endpoints
		.filter(({ defaultReadings }) => Object.keys(defaultReadings).length > 0)
		.map(({ id, defaultReadings }) => [id, defaultReadings]);
	expect(others).toEqual([[`${FAMILY}/distilled/text-to-video/lora`, { scheduler: 'beta' }]]);
});

test.each([`${FAMILY}/distilled/extend-video`, 'fal-ai/other', '', 'constructor'])(
	'%j is no endpoint of the node',
	(id) => expect(() => endpointOf(id)).toThrow('is not an endpoint of this node'),
);

test('there is no distilled model that extends a video', () => {
	const extend = tasks.find(({ name }) => name === 'extend-video')!;
	expect(() => endpointFor(extend, 'distilled', false)).toThrow(RangeError);
});

test('the presets have the pixels of fal', () => {
	expect(sizes).toEqual({
		square_hd: { width: 1024, height: 1024 },
		square: { width: 512, height: 512 },
		portrait_4_3: { width: 768, height: 1024 },
		portrait_16_9: { width: 576, height: 1024 },
		landscape_4_3: { width: 1024, height: 768 },
		landscape_16_9: { width: 1024, height: 576 },
	});
});

test('several faults are found together, each with what is allowed', () => {
	const endpoint = endpointOf(`${FAMILY}/distilled/text-to-video/lora`);
	const check = checkInput(endpoint.input, {
		prompt: 'a fox',
		loras: [{ path: 'a/b' }, { path: '', scale: 9 }],
		fps: 0,
		video_size: { width: 0, height: 20000 },
	});
	expect(check).toEqual({
		ok: false,
		faults: [
			{ path: ['video_size', 'width'], value: 0, allowed: 'a whole number from 1 to 14142' },
			{ path: ['video_size', 'height'], value: 20000, allowed: 'a whole number from 1 to 14142' },
			{ path: ['fps'], value: 0, allowed: 'a number from 1 to 60' },
			{ path: ['loras', 1, 'path'], value: '', allowed: 'text' },
			{ path: ['loras', 1, 'scale'], value: 9, allowed: 'a number from 0 to 4' },
		],
	});
});

describe('output', () => {
	const video = { url: 'https://example.com/a.mp4' };

	test('survives every null and keeps what is unknown', () => {
		const response = {
			video: {
				...video,
				width: null,
				height: null,
				fps: null,
				duration: null,
				num_frames: null,
				content_type: null,
				file_name: null,
				file_size: null,
				codec: 'new',
			},
			seed: '9007199254740993',
			prompt: 'a fox',
			extra: [1],
		};
		expect(videoOutput.parse(response)).toEqual(response);
	});

	test.each([
		['text for numbers', { video: { ...video, fps: '24', width: '64' }, seed: null, prompt: 7 }],
		['nothing but the address', { video }],
	])('throws no paid video away: %s', (_case, response) => {
		expect(videoOutput.parse(response)).toEqual(response);
	});

	test.each([
		['no video', { seed: 1, prompt: '' }, 'video'],
		['no address', { video: {}, seed: 1, prompt: '' }, 'video.url'],
	])('names what is missing: %s', (_case, response, missing) => {
		const parsed = videoOutput.safeParse(response);
		expect(parsed.error?.issues.map(({ path }) => path.join('.'))).toEqual([missing]);
	});
});
