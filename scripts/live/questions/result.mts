import { isDeepStrictEqual } from 'node:util';
import type { Followed } from '../followVideo.mts';
import { FPS, FRAMES, SIDE, SOUND_SECONDS } from '../jobs.mts';
import { itemOf, jsonOf, type LiveFal } from '../liveFal.mts';
import { differs, works, type Observation, type Question } from '../question.mts';

const MEGAPIXELS = (SIDE * SIDE) / 1_000_000;

interface Video {
	url?: string;
	width?: number;
	height?: number;
	num_frames?: number;
}

/** The video that a request gave, and what fal bills for it. */
interface Made {
	video: Video;
	units: number | undefined;
	units_text: string;
}

/** fal's own figure, as it is in the header of the result that the node fetched. */
function madeIn(fal: LiveFal, requestId: string): Made {
	const path = `/requests/${requestId}`;
	const result = fal.wire.to('queue', path, 'GET').findLast((one) => one.path.endsWith(path));
	const header = result?.headers['x-fal-billable-units'];
	const video = (jsonOf(result ?? { body: '' })['video'] ?? {}) as Video;
	const units_text = header === undefined ? 'none' : String(header);
	return { video, units: header === undefined ? undefined : Number(header), units_text };
}

/** Megapixels of a video as fal describes it. */
const deliveredOf = ({ width = 0, height = 0, num_frames = 0 }: Video) =>
	(width * height * num_frames) / 1_000_000;

/** Equal up to what a figure with a few decimals can show. */
const isNear = (units: number, expected: number) =>
	Math.abs(units - expected) < 0.001 + expected / 1000;

async function askHeaders(fal: LiveFal): Promise<Observation> {
	const { result } = await fal.plain();
	const names = ['x-fal-billable-units', 'x-fal-request-id'];
	const [hasUnits, hasId] = names.map((name) => result.headers[name] !== undefined);
	const found = Object.keys(result.headers).filter((name) => name.startsWith('x-fal-'));
	const reading = hasUnits ? (hasId ? 'both' : 'units') : hasId ? 'ID' : 'none';
	return { reading, saw: found.join(', ') || 'no header of fal’s' };
}

async function askUnits(fal: LiveFal): Promise<Observation> {
	const { requestId } = await fal.plain();
	const { video, units, units_text } = madeIn(fal, requestId);
	const exact = MEGAPIXELS * FRAMES;
	const delivered = deliveredOf(video);
	const saw = `${units_text} units, ${exact} megapixels asked, ${delivered} delivered`;
	if (units === undefined) return { reading: null, saw };
	if (isNear(units, exact)) return { reading: 'exact', saw };
	if (isNear(units, delivered)) return { reading: 'delivered', saw };
	return { reading: units === Math.ceil(exact) ? 'whole' : 'other', saw };
}

async function askExtended(fal: LiveFal): Promise<Observation> {
	const { requestId } = await fal.plain();
	const url = madeIn(fal, requestId).video.url ?? '';
	const outcome = await fal.generate('extended', {
		...{ operation: 'extendVideo', videoSource: 'link', videoUrl: url },
		generation: { numFrames: FRAMES, numContextFrames: FRAMES },
	});
	const { video, units, units_text } = madeIn(fal, String(itemOf(outcome)['request_id']));
	const generated = MEGAPIXELS * FRAMES;
	const delivered = deliveredOf(video);
	const saw = `${units_text} units, ${generated} megapixels generated, ${delivered} delivered`;
	if (units === undefined) return { reading: null, saw };
	if (isNear(units, generated)) return { reading: 'generated', saw };
	return { reading: isNear(units, delivered) ? 'delivered' : 'other', saw };
}

async function askMatched(fal: LiveFal): Promise<Observation> {
	const { makeTone } = await import('../../../test/material.mts');
	const sound = { bytes: await makeTone(440, SOUND_SECONDS), name: 'tone.wav' };
	const outcome = await fal.generate(
		'matched',
		{
			...{ operation: 'audioToVideo', audioSource: 'binary', audioBinaryPropertyName: 'data' },
			// Its length is that of the sound.
			generation: { fps: FPS },
		},
		{ files: [{ data: sound }] },
	);
	const { video, units_text } = madeIn(fal, String(itemOf(outcome)['request_id']));
	const frames = video.num_frames;
	const saw = `${frames} frames for ${SOUND_SECONDS * FPS}, ${units_text} units`;
	if (frames === undefined) return { reading: null, saw };
	if (frames === SOUND_SECONDS * FPS) return { reading: 'exact', saw };
	if (frames === 9) return { reading: 'below', saw };
	return { reading: frames === 17 ? 'above' : 'other', saw };
}

/** What the list says of the input, next to what was sent. */
async function askListedInput(fal: LiveFal): Promise<Observation> {
	const { row, submit } = await fal.plain();
	if (!row) return { reading: null, saw: 'it is not in the list' };
	const listed = row['json_input'];
	if (typeof listed !== 'object' || listed === null) return { reading: 'none', saw: 'no input' };
	const sent = jsonOf({ body: submit.sent });
	if (isDeepStrictEqual(listed, sent)) return { reading: 'as sent', saw: 'the same input' };
	const kept = Object.entries(sent).every(([name, value]) =>
		isDeepStrictEqual((listed as Record<string, unknown>)[name], value),
	);
	const added = Object.keys(listed).filter((name) => !(name in sent));
	return { reading: kept ? 'with defaults' : 'changed', saw: `besides: ${added.join(', ')}` };
}

/** As soon as a list that is asked now and then can tell. */
const AT_ONCE_SECONDS = 5;

/** Further away than a clock that is only set a little wrong. */
const SAME_CLOCK_MS = 60_000;

/** What a result says, and what is billed. */
export const resultQuestions: Question[] = [
	{
		id: 'result-headers',
		asks: 'Which headers does a result have?',
		readings: [
			works('both', 'The billed units and the request ID.'),
			works('units', 'Only the billed units.'),
			works('ID', "Only the request ID: the cost is counted from the video's size."),
			works('none', "Neither: the cost is counted from the video's size."),
		],
		needs: ['plain'],
		ask: askHeaders,
	},
	{
		id: 'billed-units',
		asks: 'How is what is billed rounded?',
		readings: [
			works('exact', 'Megapixels as they are: the estimate is right.'),
			differs(
				'whole',
				'Whole megapixels, rounded up: the estimate is too low, its upper end right.',
			),
			differs('delivered', 'The size that was delivered, which is another than the one asked for.'),
		],
		needs: ['plain'],
		ask: askUnits,
	},
	{
		id: 'extend-billed',
		asks: 'What is billed of an extended video?',
		readings: [
			works('generated', 'The frames that are added.'),
			works('delivered', 'All frames of the video that is delivered.'),
		],
		needs: ['plain', 'extended'],
		ask: askExtended,
	},
	{
		id: 'matched-length',
		asks: 'How many frames has a video that is as long as a sound?',
		readings: [
			works('exact', 'Those of the length, also when they are not 8n + 1.'),
			works('below', 'The nearest number below that is 8n + 1.'),
			works('above', 'The next number above that is 8n + 1.'),
		],
		needs: ['matched'],
		ask: askMatched,
	},
];

/** When the list had a request first. */
function whenListed({ listedAfterSeconds: seconds, isListedOpen }: Followed): string {
	if (seconds === null) return 'not listed';
	return `listed ${seconds.toFixed(1)} s after its ${isListedOpen ? 'submit' : 'end'}`;
}

/** What fal's list of requests says. */
export const listQuestions: Question[] = [
	{
		id: 'list-waiting',
		asks: 'Does the list have a request that has not ended?',
		readings: [
			works('listed', 'It does.'),
			works('not before its end', 'A lost submit is found later.'),
		],
		needs: ['plain'],
		async ask(fal) {
			const { isListedOpen, openSeconds } = await fal.plain();
			const saw = `open for ${openSeconds.toFixed(1)} s, ${whenListed(await fal.plain())}`;
			if (isListedOpen) return { reading: 'listed', saw };
			const isLong = openSeconds >= fal.target.openLeastSeconds;
			return { reading: isLong ? 'not before its end' : null, saw };
		},
	},
	{
		id: 'list-soon',
		asks: 'How soon does the list have a request?',
		readings: [
			works('at once', 'Within five seconds.'),
			works('within a minute', 'A lost submit is found later.'),
			differs('not within a minute', 'A lost submit is not found.'),
		],
		needs: ['plain'],
		async ask(fal) {
			const followed = await fal.plain();
			const { listedAfterSeconds: seconds } = followed;
			const saw = whenListed(followed);
			if (seconds === null) return { reading: 'not within a minute', saw };
			return { reading: seconds <= AT_ONCE_SECONDS ? 'at once' : 'within a minute', saw };
		},
	},
	{
		id: 'list-input',
		asks: 'How does the list show an input?',
		readings: [
			works('as sent', 'Exactly as it was sent.'),
			works('with defaults', "With the model's defaults filled in."),
			works('none', 'Not at all: a lost submit is left to a person.'),
		],
		needs: ['plain'],
		ask: askListedInput,
	},
	{
		id: 'clock',
		asks: "How far is fal's clock from this one?",
		readings: [
			works('same', 'Less than a minute.'),
			works('ahead', 'It is ahead.'),
			works('behind', 'It is behind.'),
		],
		needs: [],
		async ask(fal) {
			const aheadMs = await fal.clockAheadMs();
			const saw = `${Math.round(aheadMs / 1000)} s`;
			if (Math.abs(aheadMs) < SAME_CLOCK_MS) return { reading: 'same', saw };
			return { reading: aheadMs > 0 ? 'ahead' : 'behind', saw };
		},
	},
];
