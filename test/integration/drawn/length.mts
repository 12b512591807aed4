import fc from 'fast-check';
import { type Choice, isNothing, oneOf, sent, wrong } from './choices.mts';
import { type Drawn, placed } from './Drawn.mts';
import { CLIP_FPS } from './files.mts';

/* The length of a video: that of a file, an exact number of frames, or the nearest to a duration. */

/** Whether the video follows a file in something. */
export type Following = 'yes' | 'no' | 'unclear';

/** A duration, as the number of frames that it is to be. */
export interface RawDuration {
	frames: number;
	/** By how much it is off. */
	offset: number;
	isText: boolean;
}

const FPS = 24;

/** What the model makes. */
const LENGTHS = Array.from({ length: 60 }, (_, n) => 9 + 8 * n);

export const rawDurations: fc.Arbitrary<RawDuration> = fc.record({
	frames: oneOf(...LENGTHS),
	offset: fc.oneof(fc.constant(0), fc.double({ min: -3.9, max: 3.9, noNaN: true })),
	isText: fc.boolean(),
});

/** What is drawn of a length. */
export interface RawLength {
	/** Of the collection Generation. */
	generation: Record<string, Choice>;
	duration: RawDuration | Choice;
	/** Whether anything is left where it is refused. */
	hasUseless: boolean;
	length: Following;
	fps: Following;
}

/** The settings of the collection, each with what it means there, and the duration. */
export interface DrawnLength extends Drawn {
	generation: Record<string, Choice>;
	/** What a duration is where the frame rate is that of the clip. */
	framesOfClip?: number;
	isLengthKnown: boolean;
}

export function drawnLength({ duration, hasUseless, length, fps, ...raw }: RawLength): DrawnLength {
	const isFollowed = (name: string) =>
		(name === 'numFrames' && length !== 'no') || (name === 'fps' && fps !== 'no');
	const added = Object.fromEntries(
		Object.entries(raw.generation).filter(([name]) => hasUseless || !isFollowed(name)),
	);
	const { numFrames, fps: rate } = added;
	const unclearOnes = [
		...(numFrames && length === 'unclear' ? ['numFrames'] : []),
		...(rate && fps === 'unclear' ? ['fps'] : []),
	];
	const generation = {
		...added,
		...(numFrames && length === 'yes' ? { numFrames: wrong(numFrames.given) } : {}),
		...(rate && fps === 'yes' ? { fps: wrong(rate.given) } : {}),
	};
	const { choice, framesOfClip } = durationOf(duration, numberIn(rate), fps !== 'no');
	const drawn = placed('durationSeconds', choice);
	const isUsed = length !== 'yes' && (!numFrames || isNothing(numFrames.given));
	// A rate that is wrong, or of no use, leaves open what a duration comes to.
	const isClear =
		length === 'no' &&
		fps !== 'unclear' &&
		(!rate || (fps === 'no' && numberIn(rate) !== undefined));
	const frames: Drawn['body'] =
		typeof choice.meaning === 'object' ? { num_frames: choice.meaning.sent } : {};
	return {
		parameters: drawn.parameters,
		body: isUsed ? frames : {},
		wrongs: isUsed && isClear ? drawn.wrongs : [],
		unclear: [...unclearOnes, ...(isUsed && !isClear ? ['durationSeconds'] : [])],
		generation,
		...(isUsed && fps === 'yes' ? { framesOfClip } : {}),
		isLengthKnown: length === 'no',
	};
}

const numberIn = (choice: Choice | undefined) =>
	typeof choice?.meaning === 'object' ? Number(choice.meaning.sent) : undefined;

/** A duration is good at the clip's frame rate as well, where the video may follow it. */
function durationOf(
	duration: RawDuration | Choice,
	fps = FPS,
	isFollowing: boolean,
): { choice: Choice; framesOfClip?: number } {
	if ('given' in duration) return { choice: duration };
	const { offset, isText } = duration;
	const frames = isFollowing ? Math.min(duration.frames, LONGEST_OF_CLIP) : duration.frames;
	const rate = isFollowing ? CLIP_FPS : fps;
	const nearly = (frames + offset) / rate;
	const seconds = nearest(nearly * FPS) === undefined ? frames / rate : nearly;
	const sentFrames = isFollowing ? nearest(seconds * FPS)! : frames;
	return {
		choice: sent(isText ? ` ${seconds}\n` : seconds, sentFrames),
		framesOfClip: frames,
	};
}

/** Longer ones are too long at 24 frames per second. */
const LONGEST_OF_CLIP = 241;

/** The length that is surely the nearest to a number of frames. */
const nearest = (frames: number) => LENGTHS.find((length) => Math.abs(length - frames) < 3.99);
