import fc from 'fast-check';
import type {
	IDataObject,
	INodeParameters,
	INodeProperties,
	INodePropertyCollection,
} from 'n8n-workflow';
import { type JsonObject, type JsonValue, responses } from '../../emulator/index.mts';
import { fieldsOf } from '../../emulator/endpoints/fields.mts';
import { parseExact, stringifyExact } from '../../emulator/json.mts';
import { validate } from '../../emulator/validation.mts';
import { tasks } from '../../nodes/FalLtxVideo/endpoints';
import { FalLtxVideo } from '../../nodes/FalLtxVideo/FalLtxVideo.node';
import { videoFields } from '../../nodes/FalLtxVideo/parameters/fields/videoFields';
import { InvalidParametersError } from '../../nodes/FalLtxVideo/parameters/InvalidParametersError';
import {
	type InputContext,
	readInput,
} from '../../nodes/FalLtxVideo/parameters/reading/input/readInput';
import {
	type OptionsContext,
	readVideoOptions,
} from '../../nodes/FalLtxVideo/parameters/reading/readOptions';
import { everyEndpoint, MEDIA, type MediaInput } from '../everyInput.mts';
import { type Badness, Draw, type DrawnVideo, operationOf } from './drawn/Draw.mts';
import type { Choice } from './drawn/choices.mts';
import { type Drawn, type DrawnFile, snake, together } from './drawn/Drawn.mts';
import { FILE_NAMES, type FileField, makeFiles } from './drawn/files.mts';
import { OPTIONS } from './drawn/options.mts';
import { GENERATION, GUIDANCE, IN_VIEW, OUTPUT_FILE } from './drawn/settings.mts';
import { type InputFile, useEngine } from './engine.mts';
import { calls, servedBytes, useScene } from './scene.mts';

/*
 * Random parameters of all 22 endpoints: either the body is valid for the endpoint and holds exactly
 * what was chosen, or an error names what is wrong and nothing is submitted; never anything else.
 *
 * Every value is made together with what it means (drawn/), so nothing here reads a value as the node
 * does. Valid is what the local fal's own check takes, which shares no code with the node.
 *
 * Most runs go to `readInput` itself: it is where all values of an endpoint pass, and there all faults
 * can be compared, not only found in a sentence. Fewer runs go through n8n's whole engine (a hundred
 * times the price), as n8n resolves expressions and fills in defaults there, as files are opened there,
 * and as only the wire shows what is really sent. The jobs there end in an error, so that no video is
 * made.
 *
 * FAST_CHECK_SEED=<number> plays other values than the usual ones.
 */

const SEED = Number(process.env.FAST_CHECK_SEED ?? 1);
const RUNS_OF_READING = 3_000;
const RUNS_OF_OPTIONS = 1_500;
const RUNS_OF_ENGINE = 400;

/** Equal parts of good parameters, of some that are nearly good, and of wild ones. */
const ANY_BADNESS: Badness[] = ['never', 'rarely', 'often'];

const anyBadness = <T,>(draw: (how: Draw) => fc.Arbitrary<T>, hows = ANY_BADNESS) =>
	fc.oneof(...hows.map((how) => draw(new Draw(how))));

const settings = (numRuns: number) => ({ seed: SEED, numRuns });

/** Parameters as n8n resolves them; dots reach into them, as in n8n. The item has all files. */
function context(parameters: Record<string, unknown>): InputContext & OptionsContext {
	const binary = Object.fromEntries(
		Object.entries(FILE_NAMES).map(([field, fileName]) => [field, { fileName }]),
	);
	return {
		getNode: () => ({ type: 'n8n-nodes-fal-ltx.falLtxVideo' }),
		getNodeParameter: (name: string, _itemIndex: number, fallback?: unknown) => {
			const value = name
				.split('.')
				.reduce<unknown>((at, key) => (at as IDataObject | undefined)?.[key], parameters);
			return value === undefined ? fallback : value;
		},
		getInputData: () => [{ json: {}, binary }],
		helpers: {
			assertBinaryData: (_itemIndex: number, field: unknown) => {
				if (typeof field === 'string' && field in binary) return binary[field];
				throw new Error('There is no such file');
			},
		},
	} as unknown as InputContext & OptionsContext;
}

/** What is made of the parameters, or the error. Anything else is thrown. */
function attempt<T>(reading: () => T): T | InvalidParametersError {
	try {
		return reading();
	} catch (error) {
		if (error instanceof InvalidParametersError) return error;
		throw error;
	}
}

/**
 * As errors show it: `Frames (numFrames) is …`, `Scheduler (scheduler) was added, but …`, and in a
 * collection where it does not belong `Video CFG Scale (guidance.videoCfgScale) is …`.
 */
const isNamed = (message: string, place: string) =>
	[`(${place}) `, `.${place}) `].some((named) => message.includes(named));

/** Each wrong one once, and no other. */
function expectAllNamed(error: InvalidParametersError, { wrongs, unclear = [] }: Drawn): void {
	expect(wrongs.filter((place) => !isNamed(error.message, place))).toEqual([]);
	const also = unclear.filter((place) => !wrongs.includes(place) && isNamed(error.message, place));
	expect(error.faults).toHaveLength(wrongs.length + also.length);
}

test('what is read is valid and just what was chosen, or every wrong field is named', () => {
	const fields = new Map(tasks.map((task) => [task.name, { task, fields: videoFields(task) }]));
	fc.assert(
		fc.property(
			anyBadness((how) => how.video()),
			(drawn) => {
				const { parameters, body, wrongs, files = [], endpoint } = drawn;
				const of = fields.get(endpoint.task)!;
				const read = attempt(() => readInput(context(parameters), 0, of.task, of.fields, false));
				if (read instanceof Error) return expectAllNamed(read, drawn);
				const text = stringifyExact(read.input as JsonValue);
				expect(wrongs).toEqual([]);
				expect(read.endpoint.id).toBe(endpoint.id);
				expect(validate(text, endpoint.id)).toHaveProperty('input');
				expect(parseExact(text)).toEqual(body);
				const held = read.files.map(({ path, binary: { fileName } }) => ({ path, fileName }));
				const expected = files.map(({ path, field }) => ({ path, fileName: FILE_NAMES[field] }));
				expect(inOrder(held)).toEqual(inOrder(expected));
			},
		),
		settings(RUNS_OF_READING),
	);
});

const inOrder = <T extends { path: unknown }>(files: T[]) =>
	[...files].sort((a, b) => String(a.path).localeCompare(String(b.path)));

test('options are just what was chosen, or every wrong one is named', () => {
	fc.assert(
		fc.property(
			anyBadness((how) => how.options()),
			(drawn) => {
				const { parameters, body, wrongs } = drawn;
				const options = attempt(() => readVideoOptions(context(parameters), 0));
				if (options instanceof Error) return expectAllNamed(options, drawn);
				expect(wrongs).toEqual([]);
				const read = Object.entries(options).map(([name, value]) => [snake(name), value]);
				expect(Object.fromEntries(read)).toMatchObject(body);
			},
		),
		settings(RUNS_OF_OPTIONS),
	);
});

/** The three parameters of a file. */
const ofMedium = (input: MediaInput) =>
	['Source', 'Url', 'BinaryPropertyName'].map((end) => `${MEDIA[input]}${end}`);

/** What is played with beside the settings of an endpoint. */
const AT_TOP = [
	...['prompt', 'specifyLoras', 'loras', 'lorasJson', 'videoSize', 'width', 'height'],
	...['durationSeconds', 'generation', 'guidance', 'outputFile', 'options'],
];

const operations = [...new Set(everyEndpoint.map(operationOf))].map(
	(operation) =>
		[operation, everyEndpoint.filter((one) => operationOf(one) === operation)] as const,
);

test.each(operations)(
	'every parameter of video: %s is among those played with',
	(operation, of) => {
		const inputs = Object.assign({}, ...of.map(fieldsOf)) as Record<string, unknown>;
		const names = (leaves: object) => Object.keys(leaves).filter((name) => snake(name) in inputs);
		const media = Object.keys(MEDIA).filter((name) => name in inputs) as MediaInput[];
		const fields = new FalLtxVideo().description.properties.filter(
			({ displayOptions: { show = {} } = {} }) =>
				show.resource?.includes('video') && show.operation?.includes(operation),
		);
		const inside = (name: string) => {
			const options = fields.find((field) => field.name === name)!.options as INodeProperties[];
			return [...new Set(options.map((field) => field.name))].sort();
		};
		const models = new Set(of.map(({ model }) => model)).size > 1 ? ['model'] : [];
		expect(fields.map(({ name }) => name).sort()).toEqual(
			[...AT_TOP, ...models, ...names(IN_VIEW), ...media.flatMap(ofMedium)].sort(),
		);
		expect(inside('generation')).toEqual(names(GENERATION).sort());
		expect(inside('guidance')).toEqual(Object.keys(GUIDANCE).sort());
		expect(inside('outputFile')).toEqual(Object.keys(OUTPUT_FILE).sort());
		expect(inside('options')).toEqual(Object.keys(OPTIONS).sort());
		const row = (
			fields.find(({ name }) => name === 'loras')!.options as INodePropertyCollection[]
		)[0]!;
		expect(row.values.map(({ name }) => name).sort()).toEqual(
			['source', 'path', 'binaryPropertyName', 'scale', 'weightName'].sort(),
		);
	},
);

describe("in n8n's engine", () => {
	/** What every accepted job ends with: nothing is rendered. */
	const ENDED = responses.infrastructureError(500, 'internal_error', 'accepted, and ended at once');

	const engine = useEngine();
	const scene = useScene({ queueSeconds: 0, runSeconds: 0 });
	let item: Record<FileField, InputFile>;

	beforeAll(async () => {
		item = await makeFiles();
	});

	const submits = () => calls(scene.fal, 'submit').length;

	/** Runs the node once: what fal received, if anything, and what the person reads. */
	async function run(parameters: INodeParameters, json: IDataObject = {}) {
		const before = submits();
		scene.fal.script(() => true, { job: { outcome: ENDED } });
		const { error, outputs } = await engine.run({
			parameters: { resource: 'video', ...parameters },
			items: [json],
			files: [item],
			credential: scene.credential,
		});
		const submitted = submits() - before;
		const received = submitted > 0 ? scene.fal.requests.at(-1)! : undefined;
		return { submitted, received, error, output: outputs[0]?.[0]?.json };
	}

	/** A video and its options. */
	const everything = (how: Draw): fc.Arbitrary<DrawnVideo> =>
		how
			.video()
			.chain((video) =>
				how
					.options((added) => playable(added, video))
					.map((options) => ({ ...video, ...together([video, { ...options, body: {} }]) })),
			);

	/** Holds the files against those of the item, and puts their names in place of their addresses. */
	async function withNames(body: JsonValue, files: DrawnFile[]): Promise<JsonValue> {
		for (const { path, field } of files) {
			const place = path.slice(0, -1).reduce((at, key) => (at as JsonObject)[key]!, body) as Record<
				string,
				JsonValue
			>;
			const last = path.at(-1)!;
			const served = await servedBytes(place[last]);
			expect(served.equals(item[field].bytes)).toBe(true);
			place[last] = FILE_NAMES[field];
		}
		return body;
	}

	test('fal receives just what was chosen, or an error names a wrong field and it receives nothing', async () => {
		await fc.assert(
			fc.asyncProperty(
				// Files are opened here only.
				anyBadness(everything, ['onlyInFiles', ...ANY_BADNESS]),
				fc.infiniteStream(fc.boolean()),
				async (drawn, coin) => {
					const { body, wrongs, wrongFiles = [], files = [], endpoint, framesOfClip } = drawn;
					const { typed, json } = asTyped(drawn, () => coin.next().value);
					const ran = await run({ ...typed, operation: drawn.operation }, json);
					const message = ran.error?.message ?? '';
					expect(message).not.toMatch(/TypeError|Cannot read|is not a function|big\.js/);
					const allWrong = [...wrongs, ...wrongFiles];
					if (allWrong.length > 0) {
						expect(ran.submitted).toBe(0);
						expect(allWrong.filter((place) => isNamed(message, place))).not.toEqual([]);
						return;
					}
					const { waitMode, webhookUrl } = drawn.parameters.options as Record<string, string>;
					expect([ran.submitted, message]).toEqual([
						1,
						waitMode === 'none' ? '' : expect.stringContaining('ended at once'),
					]);
					const { rawBody, endpointId, query } = ran.received!;
					expect(endpointId).toBe(endpoint.id);
					if (waitMode === 'none') expect(ran.output!.endpoint_id).toBe(endpoint.id);
					expect(query.fal_webhook).toBe(webhookUrl?.trim());
					expect(validate(rawBody, endpoint.id)).toHaveProperty('input');
					const frames = framesOfClip === undefined ? {} : { num_frames: framesOfClip };
					expect(await withNames(parseExact(rawBody), files)).toEqual({ ...body, ...frames });
				},
			),
			settings(RUNS_OF_ENGINE),
		);
	}, 300_000);

	const least = {
		...{ operation: 'textToVideo', prompt: 'a fox', videoSize: 'square' },
		loras: { lora: [{ path: 'owner/repo' }] },
	};

	test.each([
		['text', '=a fox', 'a fox'],
		['text around it', '=a {{ "fox" }} and {{ 1 + 1 }} more', 'a fox and 2 more'],
		['a number', '={{ 6 * 7 }}', '42'],
	])('an expression that gives %s', async (_case, prompt, expected) => {
		const { submitted, received } = await run({ ...least, prompt });
		expect(submitted).toBe(1);
		expect(parseExact(received!.rawBody)).toMatchObject({ prompt: expected });
	});

	test.each<[string, INodeParameters]>([
		['prompt', { prompt: '={{ $json. }}' }],
		['prompt', { prompt: '={{ }' }],
		['prompt', { prompt: '={{ $json.not.there }}' }],
		['prompt', { prompt: '={{ $("No Such Node").item.json.a }}' }],
		['durationSeconds', { durationSeconds: '={{ $json. }}' }],
		['model', { model: '={{ $json. }}' }],
		['lorasJson', { specifyLoras: 'json', lorasJson: '={{ $json. }}' }],
		['loras', { loras: { lora: [{ path: '={{ $json. }}' }] } }],
		['generation', { generation: { seed: '={{ $json. }}' } }],
		['imageUrl', { operation: 'imageToVideo', imageSource: 'link', imageUrl: '={{ $json. }}' }],
		['options', { options: { timeoutSeconds: '={{ $json. }}' } }],
	])('a broken expression is reported with its parameter: %s of %j', async (name, changes) => {
		const { submitted, error } = await run({ ...least, ...changes });
		expect(submitted).toBe(0);
		expect(`${error!.message} ${error!.description}`).toContain(name);
	});
});

/**
 * Options as one run shows what comes of them: a waiting run has no end before fal calls back, and a limit
 * needs a cost that is known beforehand.
 */
function playable(
	{ waitMode, webhookUrl, maxCostPerItem, maxCostPerRun, ...others }: Record<string, Choice>,
	{ isCostKnown }: DrawnVideo,
): Record<string, Choice> {
	const mode = waitMode?.given === 'webhook' ? undefined : waitMode;
	const limits = { maxCostPerItem, maxCostPerRun };
	const fitting = Object.entries(limits).filter(
		([, limit]) => limit && (isCostKnown || limit.meaning === 'wrong'),
	);
	return {
		...others,
		...(Object.fromEntries(fitting) as Record<string, Choice>),
		...(mode && { waitMode: mode }),
		// n8n drops what the panel doesn't show before a node gets to see it.
		...(mode && webhookUrl && { webhookUrl }),
	};
}

/** Whether a person can type it into a field of its own type. */
const isTypable = (given: unknown): given is string | number | boolean =>
	(typeof given === 'string' && given !== '' && !given.startsWith('=')) ||
	(typeof given === 'number' && Number.isFinite(given)) ||
	typeof given === 'boolean';

/** What shows or hides other fields by true and false: only by those, typed in. */
const SWITCHES = ['matchAudioLength', 'matchVideoLength'];

/**
 * Parameters as a workflow holds them: every value typed in, or brought by an expression out of the
 * item's JSON. Only collections and rows are never expressions: n8n empties those before any node
 * gets to see them.
 */
function asTyped({ parameters, hiding = [] }: Drawn, coin: () => boolean) {
	const json: IDataObject = {};
	const value = (given: unknown, name: string): unknown => {
		const isHiding =
			hiding.includes(name) || (SWITCHES.includes(name) && typeof given !== 'boolean');
		if (isTypable(given) && !isHiding && coin()) return given;
		if (typeof given === 'number' && !Number.isFinite(given)) return `={{ ${given} }}`;
		const key = `value${Object.keys(json).length}`;
		json[key] = given as IDataObject;
		return `={{ $json.${key} }}`;
	};
	const values = (all: object, place = '') =>
		Object.fromEntries(
			Object.entries(all).map(([name, given]) => [name, value(given, `${place}${name}`)]),
		);
	const typed = Object.entries(parameters).map(([name, given]) => {
		if (name === 'loras') {
			const { lora } = given as { lora: object[] };
			return [name, { lora: lora.map((row, n) => values(row, `loras[${n}].`)) }];
		}
		return [name, COLLECTIONS.includes(name) ? values(given as object) : value(given, name)];
	});
	return { typed: Object.fromEntries(typed) as INodeParameters, json };
}

const COLLECTIONS = ['generation', 'guidance', 'outputFile', 'options'];
