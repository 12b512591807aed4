import { defaultEndpoint as endpoint } from '../../nodes/FalLtxVideo/endpoints';
import { videoFields } from '../../nodes/FalLtxVideo/parameters/fields/videoFields';
import fc from 'fast-check';
import type { IDataObject, INodeParameters, INodeProperties } from 'n8n-workflow';
import { responses, type JsonValue } from '../../emulator/index.mts';
import { parseExact, stringifyExact } from '../../emulator/json.mts';
import { validate } from '../../emulator/validation.mts';
import { FalLtxVideo } from '../../nodes/FalLtxVideo/FalLtxVideo.node';
import { InvalidParametersError } from '../../nodes/FalLtxVideo/parameters/InvalidParametersError';
import { type InputContext, readInput } from '../../nodes/FalLtxVideo/parameters/reading/readInput';
import {
	type OptionsContext,
	readVideoOptions,
} from '../../nodes/FalLtxVideo/parameters/reading/readOptions';
import { useEngine } from './engine.mts';
import { calls, useScene } from './scene.mts';

/*
 * Random parameters: either the body is valid for the endpoint and holds exactly what was chosen, or
 * an error names what is wrong and nothing is submitted; never anything else.
 *
 * Every value is made together with what it means, so nothing here reads a value as the node does.
 * Valid is what the local fal's own check takes, which shares no code with the node.
 *
 * Most runs go to `readInput` itself: it is where all values of the endpoint pass, and there all
 * faults can be compared, not only found in a sentence. Fewer runs go through n8n's whole engine
 * (a hundred times the price), as n8n resolves expressions and fills in defaults there, and as only the
 * wire shows what is really sent. The jobs there end in an error, so that no video is made.
 *
 * FAST_CHECK_SEED=<number> plays other values than the usual ones.
 */

const SEED = Number(process.env.FAST_CHECK_SEED ?? 1);
const RUNS_OF_READING = 1_500;
const RUNS_OF_ENGINE = 400;

/** What must become of a value: sent as this, left out, or refused. */
type Meaning = { sent: JsonValue } | 'unset' | 'wrong';

/** A value for a parameter, as typed or as an expression brings it, and its meaning. */
interface Choice {
	given: unknown;
	meaning: Meaning;
}

const sent = (given: unknown, value: JsonValue): Choice => ({ given, meaning: { sent: value } });
const unset = (given: unknown): Choice => ({ given, meaning: 'unset' });
const wrong = (given: unknown): Choice => ({ given, meaning: 'wrong' });

const oneOf = <T,>(...values: T[]) => fc.constantFrom(...values);

/** What may be given for one parameter: what is good, and what has to be refused. */
interface Leaf {
	good: fc.Arbitrary<Choice>;
	bad: fc.Arbitrary<Choice>;
}

const NOTHING = [null, '', ' ', '\n\t', '\u00a0', '\u200b'];

/** Where nothing may be left out, and where it is refused. */
const nothing = oneOf(...NOTHING).map(unset);
const nothingWrong = oneOf(...NOTHING).map(wrong);

/** Of no type that any field shows. */
const shapeless = oneOf<unknown>({}, { a: 1 }, [], [9], [[]], { value: 'none' }).map(wrong);

/** Any text: of any writing, broken in any way that text can be. */
const anyText = fc.oneof(
	fc.string({ unit: 'grapheme', maxLength: 30 }),
	fc.string({ unit: 'binary', maxLength: 30 }),
	oneOf('{{ 1 }}', '"', '\\', '\u0000', '\ud800', 'a\udfff', '👩‍👩‍👧', 'רֶגֶל', '<b>', '${x}', '%s'),
	oneOf('__proto__', 'null', '9007199254740993', '={{ 1 }}', '=', 'x'.repeat(10_000)),
);

const NO_NUMBERS = ['abc', '0x10', '1,5', '1_000', 'NaN', '12px', '٣', '1 2', '--1', '1e'];

/** A number from `min` to `max`. */
function numbers(min: number, max: number, whole: boolean, mayBeNothing = false): Leaf {
	const inside = (whole ? fc.integer({ min, max }) : fc.double({ min, max, noNaN: true })).map(
		// JSON has no negative zero.
		(number) => number + 0,
	);
	const far = [-1e300, 1e300, '1e400', Infinity, -Infinity, NaN];
	const fractions = whole ? [min + 0.5, `${max - 1}.5`] : [];
	return {
		good: fc.oneof(
			inside.map((number) => sent(number, number)),
			inside.map((number) => sent(` ${number}\n`, number)),
			...(mayBeNothing ? [nothing] : []),
		),
		bad: fc.oneof(
			...(mayBeNothing ? [] : [nothingWrong]),
			oneOf<unknown>(min - 1, max + 1, ...far, ...fractions).map(wrong),
			oneOf<unknown>(...NO_NUMBERS, true, false).map(wrong),
			shapeless,
		),
	};
}

const UNSEEN_AT_ENDS =
	/^[\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]+|[\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]+$/gu;

const withoutUnseenEnds = (text: string) => text.replace(UNSEEN_AT_ENDS, '');

/** Any text, and what can only be meant as one, as it is sent. */
const filledTexts = (asSent = (text: string) => text) =>
	fc.oneof(
		anyText
			.filter((text) => withoutUnseenEnds(text) !== '')
			.map((text) => sent(text, asSent(text))),
		oneOf<number | boolean>(0, -1.5, 1e21, 2049, true, false).map((value) =>
			sent(value, String(value)),
		),
	);

/** Text that must be there. */
const requiredTexts = (asSent?: (text: string) => string): Leaf => ({
	good: filledTexts(asSent),
	bad: fc.oneof(shapeless, nothingWrong),
});

const TOO_LONG_FOR_A_LINK = 10_000;

/** What is taken for a file of a machine, an address of a browser's own, or several repositories. */
const NO_LINK =
	/^(file:|blob:|([a-z]:|~|\.{1,2})?[\\/]|%[a-z]+%[\\/]|\$[a-z]+\/)|\/[^]*[\s,;|][^]*\//i;

/** The link of a LoRA. */
const links: Leaf = {
	good: requiredTexts(withoutUnseenEnds).good.filter(
		({ given }) =>
			String(given).length < TOO_LONG_FOR_A_LINK && !NO_LINK.test(withoutUnseenEnds(String(given))),
	),
	bad: fc.oneof(requiredTexts().bad, fc.constant(wrong('x'.repeat(TOO_LONG_FOR_A_LINK)))),
};

/** Text that may be left out, or be empty. */
const optionalTexts = (empty: Choice): Leaf => ({
	good: fc.oneof(filledTexts(), fc.constant(empty), fc.constant(unset(null))),
	bad: shapeless,
});

const booleans: Leaf = {
	good: fc.oneof(
		fc.boolean().map((value) => sent(value, value)),
		fc.boolean().map((value) => sent(` ${value} `, value)),
		oneOf('TRUE', 'True').map((value) => sent(value, true)),
		oneOf('FALSE', 'False').map((value) => sent(value, false)),
	),
	bad: fc.oneof(
		oneOf<unknown>('yes', 'maybe', 0, 1, 'truefalse').map(wrong),
		shapeless,
		nothingWrong,
	),
};

function choices(...values: string[]): Leaf {
	return {
		good: oneOf(...values).map((value) => sent(value, value)),
		bad: fc.oneof(
			nothingWrong,
			anyText.filter((text) => !values.includes(text)).map(wrong),
			oneOf<unknown>(0, 1, true, `${values[0]}!`).map(wrong),
			shapeless,
		),
	};
}

/** As JSON has it: a number as far as it is exact. */
const exact = (whole: bigint): JsonValue =>
	Number.isSafeInteger(Number(whole)) ? Number(whole) : whole;

const seeds: Leaf = {
	good: fc.oneof(
		fc.maxSafeInteger().map((value) => sent(value, exact(BigInt(value)))),
		fc
			.bigInt({ min: -(2n ** 70n), max: 2n ** 70n })
			.map((value) => sent(` ${value} `, exact(value))),
		oneOf('+7', '007', '-0', '+18446744073709551616', '9'.repeat(64)).map((text) =>
			sent(text, exact(BigInt(text.replace('+', '')))),
		),
		nothing,
	),
	bad: fc.oneof(
		oneOf<unknown>(2 ** 53, 1.5, 1e300, NaN, Infinity, '1.5', '1e5', '0x1', '٣', true).map(wrong),
		oneOf('9'.repeat(65), '9'.repeat(400)).map(wrong),
		shapeless,
	),
};

/** Parameters together with what must become of them. */
interface Drawn {
	parameters: Record<string, unknown>;
	/** What fal must receive, when nothing is wrong. */
	body: Record<string, JsonValue>;
	/** The node's names of what is wrong. */
	wrongs: string[];
}

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** One parameter and what it puts into the body, or among what is wrong. */
function placed(name: string, { given, meaning }: Choice, place = name): Drawn {
	const parameters = { [name]: given };
	if (meaning === 'unset') return { parameters, body: {}, wrongs: [] };
	if (meaning === 'wrong') return { parameters, body: {}, wrongs: [place] };
	return { parameters, body: { [snake(name)]: meaning.sent }, wrongs: [] };
}

function together(drawn: readonly Drawn[]): Drawn {
	return {
		parameters: Object.assign({}, ...drawn.map(({ parameters }) => parameters)),
		body: Object.assign({}, ...drawn.map(({ body }) => body)),
		wrongs: drawn.flatMap(({ wrongs }) => wrongs),
	};
}

/** How often a single value is bad: with forty values, random ones alone would never all be good. */
type Badness = 'never' | 'rarely' | 'often';
const WEIGHTS = { never: 0, rarely: 2, often: 25 };

/** Draws parameters whose values are bad as often as said. */
class Draw {
	constructor(readonly badness: Badness) {}

	choice({ good, bad }: Leaf): fc.Arbitrary<Choice> {
		const weight = WEIGHTS[this.badness];
		return fc.oneof({ weight: 50 - weight, arbitrary: good }, { weight, arbitrary: bad });
	}

	field(name: string, leaf: Leaf): fc.Arbitrary<Drawn> {
		return this.choice(leaf).map((choice) => placed(name, choice));
	}

	/** Some or none of a collection's settings. */
	collection(name: string, leaves: Record<string, Leaf>): fc.Arbitrary<Drawn> {
		const fields = Object.entries(leaves).map(([field, leaf]) => [field, this.field(field, leaf)]);
		return fc
			.record(Object.fromEntries(fields) as Record<string, fc.Arbitrary<Drawn>>, {
				requiredKeys: [],
			})
			.map((chosen) => together(Object.values(chosen).map((one) => one!)))
			.map((all) => ({ ...all, parameters: { [name]: all.parameters } }));
	}

	loras(): fc.Arbitrary<Drawn> {
		const row = fc.record({
			path: this.choice(links),
			weightName: this.choice(optionalTexts(unset(''))),
			scale: this.choice(numbers(0, 4, false, true)),
		});
		const rows = fc.array(row, { minLength: this.badness === 'never' ? 1 : 0, maxLength: 3 });
		return rows.map((all) => {
			const drawn = all.map((choices, n) =>
				together(
					Object.entries(choices).map(([name, choice]) =>
						placed(name, choice, `loras[${n}].${name}`),
					),
				),
			);
			return {
				parameters: { loras: { lora: drawn.map(({ parameters }) => parameters) } },
				body: { loras: drawn.map(({ body }) => body) },
				wrongs: drawn.length === 0 ? ['loras'] : drawn.flatMap(({ wrongs }) => wrongs),
			};
		});
	}

	size(): fc.Arbitrary<Drawn> {
		return fc.oneof(this.field('videoSize', wholeSizes), this.customSize(), ...this.badSizes());
	}

	/** Two fields that make one value. */
	private customSize(): fc.Arbitrary<Drawn> {
		const sides = { width: this.choice(side), height: this.choice(side) };
		return fc.record(sides).map(({ width, height }) => {
			const drawn = together([placed('width', width), placed('height', height)]);
			const parameters = { videoSize: 'custom', ...drawn.parameters };
			return { ...drawn, parameters, body: { video_size: drawn.body } };
		});
	}

	/** A size as one value that has only one good side. */
	private badSizes(): Array<fc.Arbitrary<Drawn>> {
		if (this.badness === 'never') return [];
		return [
			oneOf<[object, ...string[]]>(
				[{ width: 64 }, 'height'],
				[{ width: 0, height: 64 }, 'width'],
				[{ width: 64.5, height: 14_143 }, 'width', 'height'],
				[{}, 'width', 'height'],
			).map(([given, ...wrongs]) => ({ parameters: { videoSize: given }, body: {}, wrongs })),
		];
	}

	/** All inputs of the endpoint. */
	inputs(): fc.Arbitrary<Drawn> {
		return fc
			.tuple(
				this.field('prompt', requiredTexts()),
				this.loras(),
				this.size(),
				this.field('numFrames', numbers(9, 481, true)),
				this.field('fps', numbers(1, 60, false)),
				this.collection('generation', generation),
				this.collection('outputFile', outputFile),
			)
			.map(together);
	}

	/** All parameters, as far as the panel shows them. Nothing of the options is in the body. */
	everything(): fc.Arbitrary<Drawn> {
		const options = this.collection('options', shownOptions);
		return fc
			.tuple(
				this.inputs(),
				options.map((drawn) => ({ ...drawn, body: {} })),
			)
			.map(together);
	}
}

const pixels = fc.integer({ min: 1, max: 14_142 });

/** A side that is not there is missing. */
const side: Leaf = {
	good: pixels.map((value) => sent(value, value)),
	bad: numbers(1, 14_142, true).bad,
};

const wholeSizes: Leaf = {
	good: fc.oneof(
		choices(
			...['square_hd', 'square', 'portrait_4_3'],
			...['portrait_16_9', 'landscape_4_3', 'landscape_16_9'],
		).good,
		fc.record({ width: pixels, height: pixels }).map((size) => sent(size, size)),
	),
	bad: fc.oneof(oneOf<unknown>('4k', 'SQUARE', 512, true, [64, 64]).map(wrong), nothingWrong),
};

const generation: Record<string, Leaf> = {
	acceleration: choices('none', 'regular', 'high', 'full'),
	cameraLora: choices(
		...['dolly_in', 'dolly_out', 'dolly_left', 'dolly_right'],
		...['jib_up', 'jib_down', 'static', 'none'],
	),
	cameraLoraScale: numbers(0, 1, false),
	distillLoraSecondPassScale: numbers(0, 1, false),
	enablePromptExpansion: booleans,
	enableSafetyChecker: booleans,
	generateAudio: booleans,
	negativePrompt: optionalTexts(sent('', '')),
	scheduler: choices('ltx2', 'linear_quadratic', 'beta'),
	seed: seeds,
	useMultiscale: booleans,
};

const outputFile: Record<string, Leaf> = {
	syncMode: booleans,
	videoOutputType: choices('X264 (.mp4)', 'VP9 (.webm)', 'PRORES4444 (.mov)', 'GIF (.gif)'),
	videoQuality: choices('low', 'medium', 'high', 'maximum'),
	videoWriteMode: choices('fast', 'balanced', 'small'),
};

/** Numbers that make sense as an option, and some that don't. */
function optionNumbers(good: number[], bad: unknown[]): Leaf {
	return {
		good: fc.oneof(
			oneOf(...good).map((number) => sent(number, number)),
			oneOf(...good).map((number) => sent(` ${number}\n`, number)),
		),
		bad: fc.oneof(
			nothingWrong,
			oneOf<unknown>(...bad, -1, '1e400', Infinity, -Infinity, NaN, 'many', true).map(wrong),
			shapeless,
		),
	};
}

/** No single video costs as much; the limits themselves have tests of their own. */
const limits = optionNumbers([1e6, 1e300], ['-0.01']);

const ownOptions: Record<string, Leaf> = {
	downloadVideo: booleans,
	fileLifetimeSeconds: optionNumbers([0, 3600], [0.5]),
	includeLogs: booleans,
	keepPayload: booleans,
	maxConcurrency: optionNumbers([1, 50, 2 ** 53], [0, 1.5]),
	maxCostPerItem: limits,
	maxCostPerRun: limits,
	onStop: choices('cancel', 'leave'),
	outputBinaryField: { good: filledTexts(), bad: fc.oneof(shapeless, nothingWrong) },
	priceSource: choices('published', 'live'),
	queuePriority: choices('normal', 'low'),
	serverRetries: booleans,
	startTimeoutSeconds: optionNumbers([0, 30, 1800.5], [1, 0.5, 1e300]),
	timeoutSeconds: optionNumbers([30, 90.5, 518_400], [0, 518_401]),
	waitMode: choices('stream', 'webhook'),
};

/**
 * n8n drops what the panel doesn't show before a node gets to see it; and a waiting run has no video to
 * show before fal calls back.
 */
const shownOptions = Object.fromEntries(
	Object.entries(ownOptions).filter(([name]) => name !== 'waitMode'),
);

/** Equal parts of good parameters, of some that are nearly good, and of wild ones. */
const anyBadness = (draw: (how: Draw) => fc.Arbitrary<Drawn>) =>
	fc.oneof(...(['never', 'rarely', 'often'] as const).map((how) => draw(new Draw(how))));

const settings = (numRuns: number) => ({ seed: SEED, numRuns });

/** Parameters as n8n resolves them; dots reach into them, as in n8n. */
function context(parameters: Record<string, unknown>): InputContext & OptionsContext {
	return {
		getNode: () => ({ type: 'n8n-nodes-fal-ltx.falLtxVideo' }),
		getNodeParameter: (name: string, _itemIndex: number, fallback?: unknown) => {
			const value = name
				.split('.')
				.reduce<unknown>((at, key) => (at as IDataObject | undefined)?.[key], parameters);
			return value === undefined ? fallback : value;
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

/** As errors show it: `Frames (numFrames) is …`, `Scheduler (scheduler) was added, but …`. */
const named = (place: string) => `(${place}) `;

function expectAllNamed(error: InvalidParametersError, wrongs: string[]): void {
	expect(error.faults).toHaveLength(wrongs.length);
	for (const place of wrongs) expect(error.message).toContain(named(place));
}

test('what is read is valid and just what was chosen, or every wrong field is named', () => {
	fc.assert(
		fc.property(
			anyBadness((how) => how.inputs()),
			({ parameters, body, wrongs }) => {
				const read = attempt(() =>
					readInput(context(parameters), 0, endpoint, videoFields(endpoint)),
				);
				if (read instanceof Error) return expectAllNamed(read, wrongs);
				const text = stringifyExact(read.input as JsonValue);
				expect(wrongs).toEqual([]);
				expect(validate(text)).toHaveProperty('input');
				expect(parseExact(text)).toEqual(body);
			},
		),
		settings(RUNS_OF_READING),
	);
});

test('options are just what was chosen, or every wrong one is named', () => {
	fc.assert(
		fc.property(
			anyBadness((how) => how.collection('options', ownOptions)),
			({ parameters, body, wrongs }) => {
				const options = attempt(() => readVideoOptions(context(parameters), 0));
				if (options instanceof Error) return expectAllNamed(options, wrongs);
				expect(wrongs).toEqual([]);
				const read = Object.entries(options).map(([name, value]) => [snake(name), value]);
				expect(Object.fromEntries(read)).toMatchObject(body);
			},
		),
		settings(RUNS_OF_READING),
	);
});

test('every parameter of video: generate is among those played with', () => {
	const ofGenerate = new FalLtxVideo().description.properties.filter(
		({ displayOptions: { show = {} } = {} }) =>
			show.resource?.includes('video') && show.operation?.includes('generate'),
	);
	const inside = (name: string) =>
		(ofGenerate.find((field) => field.name === name)!.options as INodeProperties[]).map(
			(field) => field.name,
		);
	expect(ofGenerate.map(({ name }) => name).sort()).toEqual(
		[
			...['prompt', 'loras', 'videoSize', 'width', 'height', 'numFrames', 'fps'],
			...['generation', 'outputFile', 'options'],
			// Shown only; it is computed from two others.
			'length',
		].sort(),
	);
	expect(inside('generation').sort()).toEqual(Object.keys(generation).sort());
	expect(inside('outputFile').sort()).toEqual(Object.keys(outputFile).sort());
	expect(inside('options').sort()).toEqual(Object.keys(ownOptions).sort());
});

describe("in n8n's engine", () => {
	/** What every accepted job ends with: nothing is rendered. */
	const ENDED = responses.infrastructureError(500, 'internal_error', 'accepted, and ended at once');

	const engine = useEngine();
	const scene = useScene({ queueSeconds: 0, runSeconds: 0 });

	const submits = () => calls(scene.fal, 'submit').length;

	/** Runs the node once: what fal received, if anything, and what the person reads. */
	async function run(parameters: INodeParameters, json: IDataObject = {}) {
		const before = submits();
		scene.fal.script(() => true, { job: { outcome: ENDED } });
		const { error } = await engine.run({
			parameters: { resource: 'video', operation: 'generate', ...parameters },
			items: [json],
			credential: scene.credential,
		});
		const received = submits() > before ? scene.fal.requests.at(-1)!.rawBody : undefined;
		return { submitted: submits() - before, received, error: error! };
	}

	test('fal receives just what was chosen, or an error names a wrong field and it receives nothing', async () => {
		await fc.assert(
			fc.asyncProperty(
				anyBadness((how) => how.everything()),
				fc.infiniteStream(fc.boolean()),
				async ({ parameters, body, wrongs }, coin) => {
					const { typed, json } = asTyped(parameters, () => coin.next().value);
					const { submitted, received, error } = await run(typed, json);
					expect(error.message).not.toMatch(/TypeError|Cannot read|is not a function|big\.js/);
					if (wrongs.length > 0) {
						expect(submitted).toBe(0);
						expect(wrongs.filter((place) => error.message.includes(named(place)))).not.toEqual([]);
					} else {
						expect([submitted, error.message]).toEqual([
							1,
							expect.stringContaining('ended at once'),
						]);
						expect(validate(received!)).toHaveProperty('input');
						expect(parseExact(received!)).toEqual(body);
					}
				},
			),
			settings(RUNS_OF_ENGINE),
		);
	}, 60_000);

	const least = {
		prompt: 'a fox',
		loras: { lora: [{ path: 'owner/repo' }] },
		...{ videoSize: 'square', numFrames: 9, fps: 24 },
	};

	test.each([
		['text', '=a fox', 'a fox'],
		['text around it', '=a {{ "fox" }} and {{ 1 + 1 }} more', 'a fox and 2 more'],
		['a number', '={{ 6 * 7 }}', '42'],
	])('an expression that gives %s', async (_case, prompt, expected) => {
		const { submitted, received } = await run({ ...least, prompt });
		expect(submitted).toBe(1);
		expect(parseExact(received!)).toMatchObject({ prompt: expected });
	});

	test.each<[string, INodeParameters]>([
		['prompt', { prompt: '={{ $json. }}' }],
		['prompt', { prompt: '={{ }' }],
		['prompt', { prompt: '={{ $json.not.there }}' }],
		['prompt', { prompt: '={{ $("No Such Node").item.json.a }}' }],
		['numFrames', { numFrames: '={{ $json. }}' }],
		['loras', { loras: { lora: [{ path: '={{ $json. }}' }] } }],
		['generation', { generation: { seed: '={{ $json. }}' } }],
		['options', { options: { timeoutSeconds: '={{ $json. }}' } }],
	])('a broken expression is reported with its parameter: %s of %j', async (name, changes) => {
		const { submitted, error } = await run({ ...least, ...changes });
		expect(submitted).toBe(0);
		expect(`${error.message} ${error.description}`).toContain(name);
	});
});

/** Whether a person can type it into a field of its own type. */
const isTypable = (given: unknown): given is string | number | boolean =>
	(typeof given === 'string' && given !== '' && !given.startsWith('=')) ||
	(typeof given === 'number' && Number.isFinite(given)) ||
	typeof given === 'boolean';

/**
 * Parameters as a workflow holds them: every value typed in, or brought by an expression out of the
 * item's JSON. Only collections and rows are never expressions: n8n empties those before any node
 * gets to see them.
 */
function asTyped(parameters: Record<string, unknown>, coin: () => boolean) {
	const json: IDataObject = {};
	const value = (given: unknown): unknown => {
		if (isTypable(given) && coin()) return given;
		if (typeof given === 'number' && !Number.isFinite(given)) return `={{ ${given} }}`;
		const key = `value${Object.keys(json).length}`;
		json[key] = given as IDataObject;
		return `={{ $json.${key} }}`;
	};
	const values = (all: object) =>
		Object.fromEntries(Object.entries(all).map(([name, given]) => [name, value(given)]));
	const typed = Object.entries(parameters).map(([name, given]) => {
		if (name === 'loras') return [name, { lora: (given as { lora: object[] }).lora.map(values) }];
		return [name, COLLECTIONS.includes(name) ? values(given as object) : value(given)];
	});
	return { typed: Object.fromEntries(typed) as INodeParameters, json };
}

const COLLECTIONS = ['generation', 'outputFile', 'options'];
