import { join } from 'node:path';
import type { INodeParameters } from 'n8n-workflow';
import { outputSchemas } from '../../scripts/build/outputSchemas.mts';
import type { ItemSchema, ValueSchema } from '../../nodes/FalLtxVideo/output/itemSchema.ts';
import { makeImage, makeShot, makeTone } from '../material.mts';
import { type InputFile, useEngine } from './engine.mts';
import { useScene, until, type Scene } from './scene.mts';

/*
 * The output's fields that the editor shows before a node has run, against what the node gives: each
 * field that comes is described with its type, and each that is described comes in some item.
 */

const engine = useEngine();
const scene = useScene({ runSeconds: 0 });

type Json = Record<string, unknown>;

/** As n8n finds the file of a node; an operation has a resource. */
async function schemaOf(node: string, resource?: string, operation?: string): Promise<ItemSchema> {
	const { loadOutputSchema } = await import('n8n-core');
	const nodeDir = join(process.cwd(), 'dist/nodes', node);
	const schema = loadOutputSchema({ nodeDir, version: 1, resource, operation });
	expect(schema).toBeDefined();
	return schema as unknown as ItemSchema;
}

const typeOf = (value: unknown): string => {
	if (value === null) return 'null';
	if (Array.isArray(value)) return 'array';
	return typeof value;
};

/** Whether a value is of a type that the schema has for it. */
const isOfType = (value: unknown, { type }: ValueSchema) =>
	[type]
		.flat()
		.some((one) => one === typeOf(value) || (one === 'integer' && Number.isInteger(value)));

/** What of a value the schema doesn't describe. */
function undescribed(value: unknown, schema: ValueSchema, path = ''): string[] {
	if (!isOfType(value, schema)) return [`${path} is ${JSON.stringify(value)}`];
	if (Array.isArray(value)) {
		return value.flatMap((one) =>
			schema.items ? undescribed(one, schema.items, `${path}[]`) : [],
		);
	}
	if (typeOf(value) !== 'object') return [];
	return Object.entries(value as Json).flatMap(([name, one]) => {
		const property = schema.properties?.[name];
		if (property) return undescribed(one, property, `${path}.${name}`);
		return schema.properties && !schema.additionalProperties
			? [`${path}.${name} is not there`]
			: [];
	});
}

/** All fields that a schema names. */
function namedIn({ properties = {}, items }: ValueSchema, path = ''): string[] {
	const own = Object.entries(properties).flatMap(([name, property]) => [
		`${path}.${name}`,
		...namedIn(property, `${path}.${name}`),
	]);
	return [...own, ...(items ? namedIn(items, `${path}[]`) : [])];
}

/** All fields that a value has. */
function fieldsOf(value: unknown, path = ''): string[] {
	if (Array.isArray(value)) return value.flatMap((one) => fieldsOf(one, `${path}[]`));
	if (typeOf(value) !== 'object') return [];
	return Object.entries(value as Json).flatMap(([name, one]) => [
		`${path}.${name}`,
		...fieldsOf(one, `${path}.${name}`),
	]);
}

function expectDescribed(items: Json[], schema: ItemSchema): void {
	expect(items.flatMap((item) => undescribed(item, schema))).toEqual([]);
	const come = new Set(items.flatMap((item) => fieldsOf(item)));
	expect(namedIn(schema).filter((field) => !come.has(field))).toEqual([]);
}

async function itemsOf(
	parameters: INodeParameters,
	files?: Record<string, InputFile>,
): Promise<Json[]> {
	const credential = scene.credential;
	const { outputs, error } = await engine.run({
		...{ parameters, credential },
		...(files ? { files: [files] } : {}),
	});
	expect(error).toBeUndefined();
	return outputs[0]!.map(({ json }) => json);
}

const submitted = async (): Promise<string> => {
	const [{ request_id } = {}] = await itemsOf(
		video('textToVideo', { options: { waitMode: 'none' } }),
	);
	return String(request_id);
};

const ended = async (fal: Scene['fal']) =>
	await until(() => fal.requests.every(({ state }) => state === 'COMPLETED'));

/** Parameters of an operation that makes videos, with its files from the item. */
const video = (operation: string, changes: INodeParameters = {}): INodeParameters => ({
	...{ resource: 'video', operation, prompt: 'a fox', videoSize: 'custom', width: 64, height: 64 },
	...{ imageSource: 'binary', imageBinaryPropertyName: 'image' },
	...{ audioSource: 'binary', audioBinaryPropertyName: 'audio' },
	...{ videoSource: 'binary', videoBinaryPropertyName: 'video' },
	...(operation === 'textToVideo' ? { generation: { numFrames: 9, fps: 24 } } : {}),
	...changes,
});

const request = (operation: string, changes: INodeParameters = {}): INodeParameters => ({
	...{ resource: 'request', operation },
	...changes,
});

test('each operation, and the trigger, has a file where n8n looks for it', async () => {
	expect(outputSchemas()).toHaveLength(12);
	for (const { file, schema } of outputSchemas()) {
		const [, node, , , resource, operation] = file.replace('.json', '').split('/');
		expect(await schemaOf(node!, resource, operation)).toEqual(schema);
	}
});

describe('video', () => {
	let files: Record<string, InputFile>;

	beforeAll(async () => {
		files = {
			image: { bytes: await makeImage('red'), name: 'first.png' },
			audio: { bytes: await makeTone(880, 1), name: 'speech.wav' },
			video: {
				bytes: await makeShot({ color: 'green', frames: 25, fps: 24, tone: 660 }),
				name: 'clip.mp4',
			},
		};
	});

	test.each([
		...['textToVideo', 'imageToVideo', 'audioToVideo'],
		...['videoToVideo', 'referenceVideoToVideo', 'extendVideo'],
	])('%s', async (operation) => {
		const items = await itemsOf(video(operation, { options: { includeLogs: true } }), files);
		expectDescribed(items, await schemaOf('FalLtxVideo', 'video', operation));
	});

	test('what fal leaves out, and a cost that is not known', async () => {
		const schema = await schemaOf('FalLtxVideo', 'video', 'textToVideo');
		const empty = { width: null, height: null, num_frames: null, fps: null, duration: null };
		const output = {
			...{ billableUnits: null, seed: 2n ** 60n },
			video: { ...empty, file_name: null, content_type: null, file_size: null },
		};
		scene.fal.script('a fox', { output });
		const options = { downloadVideo: false };
		const [item] = await itemsOf(video('textToVideo', { options }));
		expect(item).toMatchObject({
			video: empty,
			seed: String(2n ** 60n),
			cost: { actual: null, billable_units: null, source: 'unknown' },
			timings: { download_seconds: null },
		});
		expect(undescribed(item, schema)).toEqual([]);
	});

	test('Wait Mode None: the request and the estimate are described, addresses are not', async () => {
		const schema = await schemaOf('FalLtxVideo', 'video', 'textToVideo');
		const [item] = await itemsOf(video('textToVideo', { options: { waitMode: 'none' } }));
		const others = ['status_url', 'response_url', 'cancel_url'];
		expect(undescribed(item, schema)).toEqual(others.map((name) => `.${name} is not there`));
	});

	test('estimateCost', async () => {
		const size = { videoSize: 'custom', width: 64, height: 64 };
		const fps = { numFrames: 121, fps: 29.97 };
		const items = [
			...(await itemsOf({ resource: 'video', operation: 'estimateCost', ...size })),
			...(await itemsOf({ resource: 'video', operation: 'estimateCost', generation: fps })),
		];
		expectDescribed(items, await schemaOf('FalLtxVideo', 'video', 'estimateCost'));
	});
});

describe('request', () => {
	test('getStatus', async () => {
		const waiting = await submitted();
		await ended(scene.fal);
		const [done] = await itemsOf(request('getStatus', { requestId: waiting }));
		await scene.restart({ runSeconds: 60, queueSeconds: 60 });
		const [queued] = await itemsOf(request('getStatus', { requestId: await submitted() }));
		await scene.restart();
		const body = { detail: 'Request timed out', error_type: 'request_timeout' };
		const outcome = { status: 504, body, billableUnits: '0' };
		scene.fal.script('a fox', { job: { outcome } });
		const failed = await submitted();
		await ended(scene.fal);
		const [timedOut] = await itemsOf(request('getStatus', { requestId: failed }));
		const items = [done!, queued!, timedOut!];
		expectDescribed(items, await schemaOf('FalLtxVideo', 'request', 'getStatus'));
	});

	test('getResult', async () => {
		const requestId = await submitted();
		await ended(scene.fal);
		const options = { includeLogs: true };
		const items = await itemsOf(request('getResult', { requestId, options }));
		expectDescribed(items, await schemaOf('FalLtxVideo', 'request', 'getResult'));
	});

	test('cancel', async () => {
		const items = await itemsOf(request('cancel', { requestId: await submitted() }));
		expectDescribed(items, await schemaOf('FalLtxVideo', 'request', 'cancel'));
	});

	test('getMany', async () => {
		await submitted();
		await ended(scene.fal);
		const items = await itemsOf(request('getMany', { returnAll: true, status: 'any' }));
		expectDescribed(items, await schemaOf('FalLtxVideo', 'request', 'getMany'));
	});
});

test('the trigger', async () => {
	const reported = async (nodeId: string) => {
		const requestId = await submitted();
		await ended(scene.fal);
		const { started } = await engine.webhook({
			...{ nodeId, credential: scene.credential, parameters: { options: { includeLogs: true } } },
			...scene.fal.webhookOf(requestId),
		});
		return started![0]!.json as Json;
	};
	const made = await reported('made');
	await scene.restart({ runSeconds: 0 });
	const detail = [{ loc: ['body', 'prompt'], msg: 'Flagged', type: 'content_policy_violation' }];
	scene.fal.script('a fox', {
		job: { outcome: { status: 422, body: { detail }, billableUnits: '0' } },
	});
	const failed = await reported('failed');
	expectDescribed([made, failed], await schemaOf('FalLtxVideoTrigger'));
});
