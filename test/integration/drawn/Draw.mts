import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { type Endpoint, ENDPOINTS } from '../../../emulator/endpoints/endpoints.mts';
import { fieldsOf } from '../../../emulator/endpoints/fields.mts';
import type { JsonValue } from '../../../emulator/index.mts';
import { MEDIA, type MediaInput } from '../../everyInput.mts';
import {
	choices,
	type Choice,
	type Leaf,
	loraLinks,
	type Medium,
	mediaLinks,
	nothing,
	nothingWrong,
	numbers,
	oneOf,
	optionalTexts,
	requiredTexts,
	sent,
	shapeless,
	unset,
	wrong,
} from './choices.mts';
import { camel, type Drawn, NO_DRAWN, placed, snake, together, unclear } from './Drawn.mts';
import { FILE_NAMES, type FileField, FIT } from './files.mts';
import { drawnLength, type Following, type RawDuration, rawDurations } from './length.mts';
import { OPTIONS } from './options.mts';
import { GENERATION, GUIDANCE, IN_VIEW, OUTPUT_FILE } from './settings.mts';

/** How often a single value is bad: with forty values, random ones alone would never all be good. */
export type Badness = 'never' | 'onlyInFiles' | 'rarely' | 'often';
const WEIGHTS = { never: 0, onlyInFiles: 0, rarely: 2, often: 25 };

/** A video: parameters of one of the operations, and the endpoint that they are for. */
export interface DrawnVideo extends Drawn {
	operation: string;
	endpoint: Endpoint;
	/** Its frames where the frame rate is that of the clip. */
	framesOfClip?: number;
	/** Whether nothing that it costs follows a file. */
	isCostKnown: boolean;
}

/** Some settings of a collection. */
type Added = Record<string, Choice>;

/** What operations and models tell apart; LoRAs come with the parameters. */
const KINDS = [...ENDPOINTS.values()].filter(({ hasLoras }) => !hasLoras);

const endpointOf = (kind: Endpoint, hasLoras: boolean) =>
	[...ENDPOINTS.values()].find(
		(one) => one.task === kind.task && one.model === kind.model && one.hasLoras === hasLoras,
	)!;

/** `textToVideo` of `text-to-video`. */
export const operationOf = ({ task }: Endpoint) => camel(task.replaceAll('-', '_'));

const mediumOf: Record<MediaInput, Medium> = {
	...{ image_url: 'image', end_image_url: 'image', audio_url: 'audio', video_url: 'video' },
};

/** Settings with which the length is that of a duration. */
const OPEN_LENGTH = Object.fromEntries(
	Object.entries(GENERATION).filter(([name]) => name !== 'numFrames' && name !== 'matchInputFps'),
);

/** A row of LoRAs, at its place in the list. */
type Row = (place: number) => { isEmpty: boolean; drawn: Drawn };

const chosen = (name: string, value: unknown): Drawn => ({
	...NO_DRAWN,
	parameters: { [name]: value },
});

const placedAll = (added: Added) =>
	together(Object.entries(added).map(([name, choice]) => placed(name, choice)));

function inCollection(name: string, added: Added): Drawn {
	const drawn = placedAll(added);
	return { ...drawn, parameters: { [name]: drawn.parameters } };
}

/** The same values where none of them may be. */
const refused = (added: Added): Added =>
	Object.fromEntries(Object.entries(added).map(([name, { given }]) => [name, wrong(given)]));

/** Draws parameters whose values are bad as often as said. */
export class Draw {
	private readonly weight: number;

	constructor(readonly badness: Badness) {
		this.weight = WEIGHTS[badness];
	}

	private either<T>(good: fc.Arbitrary<T>, bad: fc.Arbitrary<T>): fc.Arbitrary<T> {
		const { weight } = this;
		return fc.oneof({ weight: 50 - weight, arbitrary: good }, { weight, arbitrary: bad });
	}

	private choice({ good, bad }: Leaf): fc.Arbitrary<Choice> {
		return this.either(good, bad);
	}

	private field(name: string, leaf: Leaf): fc.Arbitrary<Drawn> {
		return this.choice(leaf).map((choice) => placed(name, choice));
	}

	private settings(leaves: Record<string, Leaf>, requiredKeys: string[] = []): fc.Arbitrary<Added> {
		const fields = Object.entries(leaves).map(([name, leaf]) => [name, this.choice(leaf)]);
		const all = Object.fromEntries(fields) as Record<string, fc.Arbitrary<Choice>>;
		return fc.record(all, { requiredKeys }) as fc.Arbitrary<Added>;
	}

	/** The node's own options, of which nothing is in the body that fal receives. */
	options(change: (added: Added) => Added = (added) => added): fc.Arbitrary<Drawn> {
		return this.settings(OPTIONS).map((added) => this.drawnOptions(change(added)));
	}

	/** A webhook is for what doesn't wait. */
	private drawnOptions({ webhookUrl, ...others }: Added): Drawn {
		const { waitMode } = others;
		const isOfUse = waitMode?.given === 'none';
		if (!webhookUrl || (!isOfUse && this.weight === 0)) return inCollection('options', others);
		if (isOfUse) return inCollection('options', { ...others, webhookUrl });
		if (waitMode?.meaning === 'wrong') {
			return unclear(inCollection('options', { ...others, webhookUrl }), 'webhookUrl');
		}
		const drawn = inCollection('options', { ...others, webhookUrl: wrong(webhookUrl.given) });
		return { ...drawn, hiding: ['waitMode'] };
	}

	/** A video but for the options. */
	video(): fc.Arbitrary<DrawnVideo> {
		return oneOf(...KINDS).chain((kind) => this.videoOf(kind));
	}

	private videoOf(kind: Endpoint): fc.Arbitrary<DrawnVideo> {
		const parts = fc.tuple(
			this.model(kind),
			this.lengthAndSettings(kind),
			this.field('prompt', requiredTexts()),
			this.media(kind),
			this.loras(),
			this.size(kind),
		);
		return parts.map(([model, { framesOfClip, isLengthKnown, ...settings }, ...others]) => {
			const all = together([model, settings, ...others]);
			const isClip = all.files!.some(({ path: [input] }) => input === 'video_url');
			return {
				...all,
				// Without its model nothing else can be looked at.
				...(model.wrongs.length > 0 ? { wrongs: model.wrongs, unclear: [] } : {}),
				operation: operationOf(kind),
				endpoint: endpointOf(kind, 'loras' in all.body),
				isCostKnown: isLengthKnown && all.body.video_size !== 'auto',
				...(isClip && framesOfClip !== undefined ? { framesOfClip } : {}),
			};
		});
	}

	private model({ task, model }: Endpoint): fc.Arbitrary<Drawn> {
		if (KINDS.filter((kind) => kind.task === task).length === 1) return fc.constant(NO_DRAWN);
		const { bad } = choices('distilled', 'full');
		return this.field('model', { good: fc.constant(unset(model)), bad });
	}

	private media(kind: Endpoint): fc.Arbitrary<Drawn> {
		const inputs = Object.entries(fieldsOf(kind)).filter(([name]) => name in MEDIA);
		const drawn = inputs.map(([name, { fallback }]) =>
			this.medium(name as MediaInput, fallback === undefined),
		);
		return fc.tuple(...drawn).map(together);
	}

	private medium(input: MediaInput, isRequired: boolean): fc.Arbitrary<Drawn> {
		const name = MEDIA[input];
		const source = `${name}Source`;
		// n8n shows both where the source is an expression, and then wants both filled in.
		const useless = { [`${name}Url`]: 'no link', [`${name}BinaryPropertyName`]: 'missing' };
		const beside = (parameters: Record<string, unknown>) => (drawn: Drawn) =>
			together([{ ...NO_DRAWN, parameters: { ...useless, ...parameters } }, drawn]);
		const link = this.field(`${name}Url`, mediaLinks(mediumOf[input]));
		const file = this.file(`${name}BinaryPropertyName`, input, mediumOf[input]);
		const sources = ['link', 'binary', ...(isRequired ? [] : ['none'])];
		return this.either(
			fc.oneof(
				link.map(beside({ [source]: 'link' })),
				file.map(beside({ [source]: 'binary' })),
				...(isRequired ? [] : [fc.constant(NO_DRAWN).map(beside({ [source]: 'none' }))]),
			),
			this.badSource(source, choices(...sources)).map(beside({})),
		);
	}

	/** Typed in, it would hide the others. */
	private badSource(name: string, { bad }: Leaf): fc.Arbitrary<Drawn> {
		return bad.map((choice) => ({ ...placed(name, choice), hiding: [name] }));
	}

	/** The name of a binary field; `input` is where its file is in the body. */
	private file(name: string, input: string, kind: Medium | 'lora'): fc.Arbitrary<Drawn> {
		const held = (field: FileField, given: string, wrongFiles: string[]): Drawn => ({
			parameters: { [name]: given },
			body: { [input]: FILE_NAMES[field] },
			wrongs: [],
			...{ wrongFiles, files: [{ path: [input], field }] },
		});
		const fields = Object.keys(FILE_NAMES) as FileField[];
		const unfit = fields.filter((field) => !FIT[kind].includes(field));
		const missing = fc.oneof(
			oneOf<unknown>('missing', 5, true).map(wrong),
			shapeless,
			// A row of LoRAs without one is no row.
			...(kind === 'lora' ? [] : [nothingWrong]),
		);
		const good = fc
			.tuple(oneOf(...FIT[kind]), oneOf('', ' ', '\u200b'))
			.map(([field, end]) => held(field, `${field}${end}`, []));
		const wrongKind = oneOf(...unfit).map((field) => held(field, field, [name]));
		if (this.badness === 'onlyInFiles') return fc.oneof(good, wrongKind);
		return this.either(
			good,
			fc.oneof(
				wrongKind,
				missing.map((choice) => placed(name, choice)),
			),
		);
	}

	private loras(): fc.Arbitrary<Drawn> {
		const rows = fc.array(
			fc.oneof(
				{ weight: 1, arbitrary: this.emptyRow() },
				{ weight: 4, arbitrary: this.linkRow() },
				{ weight: 2, arbitrary: this.fileRow() },
			),
			{ maxLength: 3 },
		);
		const ways = oneOf(...(['default', 'fields', 'list', 'text'] as const));
		return this.either(
			fc.tuple(rows, ways).map(([all, way]) => drawnRows(all, way)),
			badLists,
		);
	}

	private emptyRow(): fc.Arbitrary<Row> {
		const path = nothing.map((choice) => placed('path', choice));
		const file = nothing.map((choice) =>
			together([chosen('source', 'binary'), placed('binaryPropertyName', choice)]),
		);
		const scale = numbers(0, 4, false, true);
		// What goes with nothing counts for nothing.
		const more = fc.oneof(
			fc.constant({}),
			scale.bad.map(({ given }) => ({ scale: given })),
		);
		return fc.tuple(fc.oneof(path, file, fc.constant(NO_DRAWN)), more).map(([drawn, others]) => {
			const parameters = { ...drawn.parameters, ...others };
			return () => ({ isEmpty: true, drawn: { ...NO_DRAWN, parameters } });
		});
	}

	private linkRow(): fc.Arbitrary<Row> {
		const source = this.either<Choice | undefined>(
			oneOf<Choice | undefined>(unset('link'), unset(null), undefined),
			oneOf<unknown>('ftp', 'Link', 5, {}).map(wrong),
		);
		return fc
			.record(
				{
					source,
					path: this.choice(loraLinks),
					weightName: this.choice(optionalTexts(unset(''))),
					scale: this.choice(numbers(0, 4, false, true)),
				},
				{ requiredKeys: ['source', 'path'] },
			)
			.map(({ source: from, path, weightName, scale }) => (place: number) => {
				const inRow = (name: string, choice: Choice | undefined) =>
					choice ? placed(name, choice, `loras[${place}].${name}`) : NO_DRAWN;
				// A row from nowhere is not looked at any further, but for what all rows have.
				const isKnown = from?.meaning !== 'wrong';
				const link = together([inRow('path', path), inRow('weightName', weightName)]);
				const drawn = together([
					inRow('source', from),
					isKnown ? link : { ...NO_DRAWN, parameters: link.parameters, unclear: link.wrongs },
					inRow('scale', scale),
				]);
				const hiding = [
					...(from && from.given !== 'link' ? [`loras[${place}].source`] : []),
					...(weightName ? [`loras[${place}].path`] : []),
				];
				return { isEmpty: false, drawn: { ...drawn, hiding } };
			});
	}

	private fileRow(): fc.Arbitrary<Row> {
		const parts = fc.tuple(
			this.file('binaryPropertyName', 'path', 'lora'),
			this.choice(numbers(0, 4, false, true)),
		);
		return parts.map(([file, scale]) => (place: number) => {
			const inRow = (names: string[] = []) => names.map((name) => `loras[${place}].${name}`);
			const drawn = together([
				chosen('source', 'binary'),
				chosen('path', 'of no use'),
				{ ...file, wrongs: inRow(file.wrongs), wrongFiles: inRow(file.wrongFiles) },
				placed('scale', scale, `loras[${place}].scale`),
			]);
			return { isEmpty: false, drawn };
		});
	}

	private size({ task }: Endpoint): fc.Arbitrary<Drawn> {
		const auto = task === 'text-to-video' ? [] : [oneOf('auto').map((word) => sent(word, word))];
		const noAuto = auto.length > 0 ? [] : [oneOf('auto').map(wrong)];
		const whole = {
			good: fc.oneof(wholeSizes.good, ...auto),
			bad: fc.oneof(wholeSizes.bad, ...noAuto),
		};
		return fc.oneof(this.field('videoSize', whole), this.customSize(), ...this.badSizes());
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
		if (this.weight === 0) return [];
		return [
			oneOf<[object, ...string[]]>(
				[{ width: 64 }, 'height'],
				[{ width: 0, height: 64 }, 'width'],
				[{ width: 64.5, height: 14_143 }, 'width', 'height'],
				[{}, 'width', 'height'],
			).map(([given, ...wrongs]) => ({ parameters: { videoSize: given }, body: {}, wrongs })),
		];
	}

	private lengthAndSettings(kind: Endpoint) {
		const inputs = fieldsOf(kind);
		const of = (all: Record<string, Leaf>) =>
			Object.fromEntries(Object.entries(all).filter(([name]) => snake(name) in inputs));
		const inView = of(IN_VIEW);
		return fc
			.record({
				inView: this.settings(inView, Object.keys(inView)),
				generation: fc.oneof(this.settings(of(GENERATION)), this.settings(of(OPEN_LENGTH))),
				guidance: this.settings(GUIDANCE),
				outputFile: this.settings(OUTPUT_FILE),
				duration: this.either<RawDuration | Choice>(rawDurations, badDurations),
				hasUseless: this.either(fc.constant(false), fc.constant(true)),
			})
			.map(({ inView: shown, guidance, outputFile, ...length }) => {
				const isFull = kind.model === 'full';
				const guiding = isFull || length.hasUseless ? guidance : {};
				const isRefused = !isFull && Object.keys(guiding).length > 0;
				const { generation, ...drawn } = drawnLength({
					...length,
					length: followingOf(shown.matchAudioLength ?? shown.matchVideoLength),
					fps:
						'match_input_fps' in inputs
							? followingOf(length.generation.matchInputFps, 'yes')
							: 'no',
				});
				const all = together([
					placedAll(shown),
					inCollection('generation', generation),
					inCollection('guidance', isFull ? guiding : refused(guiding)),
					inCollection('outputFile', outputFile),
					drawn,
				]);
				const hiding = isRefused ? ['model'] : [];
				return {
					...all,
					hiding,
					framesOfClip: drawn.framesOfClip,
					isLengthKnown: drawn.isLengthKnown,
				};
			});
	}
}

/** What a setting makes of the following of a file. */
function followingOf(setting: Choice | undefined, otherwise: Following = 'no'): Following {
	if (!setting) return otherwise;
	if (typeof setting.meaning === 'string') return 'unclear';
	return setting.meaning.sent === true ? 'yes' : 'no';
}

const badDurations = fc.oneof(
	nothingWrong,
	shapeless,
	oneOf<unknown>(0, -5, 0.001, 1_000, 1e300, NaN, Infinity, '1,5', 'long', true).map(wrong),
);

/** Rows in one of the ways in which they can be given. */
function drawnRows(rows: Row[], way: 'default' | 'fields' | 'list' | 'text'): Drawn {
	const all = rows.map((row, place) => row(place));
	const sentRows = all.filter(({ isEmpty }) => !isEmpty).map(({ drawn }) => drawn);
	const whole = together(all.map(({ drawn }) => drawn));
	const given = all.map(({ drawn }) => drawn.parameters);
	const isInFields = way === 'default' || way === 'fields' || !isPlain(given);
	return {
		...whole,
		parameters: isInFields ? inFields(given, way === 'fields') : asJson(given, way === 'text'),
		body: sentRows.length > 0 ? { loras: sentRows.map(({ body }) => body as JsonValue) } : {},
		files: sentRows.flatMap(({ files = [] }, n) =>
			files.map(({ path, field }) => ({ path: ['loras', n, ...path], field })),
		),
		hiding: isInFields ? whole.hiding : [],
	};
}

/** Whether JSON has words for it. */
const isPlain = (value: unknown) => isDeepStrictEqual(JSON.parse(JSON.stringify(value)), value);

const inFields = (rows: object[], isSaid: boolean) => ({
	...(isSaid ? { specifyLoras: 'keypair' } : {}),
	// n8n wants a path in each row, and fills in a scale.
	loras: { lora: rows.map((row) => ({ path: null, scale: null, ...row })) },
});

function asJson(rows: Array<Record<string, unknown>>, isText: boolean) {
	if (!isText) return { specifyLoras: 'json', lorasJson: rows };
	// fal's own names.
	const named = rows.map(({ weightName, ...others }) =>
		weightName === undefined ? others : { ...others, weight_name: weightName },
	);
	const withNull = named.map((row) => (Object.keys(row).length === 0 ? null : row));
	return { specifyLoras: 'json', lorasJson: JSON.stringify(withNull) };
}

/** Lists that are none. */
const badLists: fc.Arbitrary<Drawn> = fc.oneof(
	oneOf<unknown>(
		...['[{', '{"path": "owner/repo"}', '5', '"owner/repo"', 'owner/repo'],
		...[{ path: 'owner/repo' }, 5, true],
		Array(101).fill({ path: 'owner/repo' }),
	).map((lorasJson) => badList({ specifyLoras: 'json', lorasJson }, 'loras')),
	oneOf<unknown>(['owner/repo'], '["owner/repo"]', [['owner/repo']], '[5]').map((lorasJson) =>
		badList({ specifyLoras: 'json', lorasJson }, 'loras[0]'),
	),
	oneOf<unknown>('JSON', 'fields', 5, true, {}).map((specifyLoras) => ({
		...badList({ specifyLoras, lorasJson: '[{"path": "owner/repo"}]' }, 'specifyLoras'),
		hiding: ['specifyLoras'],
	})),
);

const badList = (parameters: Drawn['parameters'], place: string): Drawn => ({
	...{ parameters, body: {}, wrongs: [place] },
});

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
