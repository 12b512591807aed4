import { ForwardReader, type ReadableFile } from './facts/ForwardReader';
import { aacFacts, mp3Facts } from './facts/frameFacts';
import { aviFacts } from './facts/aviFacts';
import { imageFacts, IMAGE_TYPES } from './facts/imageFacts';
import { matroskaFacts } from './facts/matroskaFacts';
import { mp4Facts } from './facts/mp4Facts';
import { flacFacts, oggFacts, wavFacts } from './facts/soundFacts';

/*
 * What a file says of itself, as far as prices depend on it. Rule: a file may say anything. Whatever is
 * wrong with it, the answer is that its facts are not known, in bounded time and memory. Libraries for
 * videos are not made for that: Mediabunny 1.61, which reads all of these formats, builds a list of as
 * many samples as a file claims, so that a small MP4 can end n8n's process. The few fields are read here
 * instead, each from where the description of its format has it; images are read by a library.
 */

/** What is known of a file; a field is missing where the file doesn't say it, or nothing plausible. */
export interface MediaFacts {
	/** Pixels, as the picture is displayed: turned if the file says so. */
	width?: number;
	height?: number;
	/** How long it is: the picture of a video, else its sound. */
	seconds?: number;
	/** How long the sound is; missing when there is none. */
	soundSeconds?: number;
	/** Frames per second of a video, on average. */
	fps?: number;
	/** Frames of a video. */
	frames?: number;
}

type ReadFacts = (reader: ForwardReader) => Promise<MediaFacts>;

const READERS: Record<string, ReadFacts> = {
	...Object.fromEntries(
		IMAGE_TYPES.map((type) => [type, async (reader) => await imageFacts(reader, type)]),
	),
	'audio/mpeg': mp3Facts,
	'audio/wav': wavFacts,
	'audio/ogg': oggFacts,
	'audio/flac': flacFacts,
	'audio/aac': aacFacts,
	'audio/mp4': mp4Facts,
	'video/mp4': mp4Facts,
	'video/quicktime': mp4Facts,
	'video/webm': matroskaFacts,
	'video/x-matroska': matroskaFacts,
	'video/x-msvideo': aviFacts,
};

/** Above these a file is wrong, or nothing that a model takes. */
const LARGEST: Required<MediaFacts> = {
	width: 65_535,
	height: 65_535,
	seconds: 24 * 60 * 60,
	soundSeconds: 24 * 60 * 60,
	fps: 1_000,
	frames: 10_000_000,
};

/**
 * Reads what a file says of its size and length. It is opened at most once and read forward, at most
 * to its end.
 *
 * @param contentType one of those of `contentTypeOf`
 * @returns undefined when nothing is known: the file is damaged, or of another kind
 * @throws the signal's reason when it aborts, and nothing else
 */
export async function mediaFacts(
	file: ReadableFile,
	contentType: string,
	signal: AbortSignal,
): Promise<MediaFacts | undefined> {
	signal.throwIfAborted();
	const read = Object.hasOwn(READERS, contentType) ? READERS[contentType] : undefined;
	if (!read) return undefined;
	const reader = new ForwardReader(file, signal);
	try {
		return plausible(await read(reader));
	} catch {
		signal.throwIfAborted();
		return undefined;
	} finally {
		reader.close();
	}
}

/** Only what can be; of a width without a height nothing is known. */
function plausible(facts: MediaFacts): MediaFacts | undefined {
	const entries = Object.entries(LARGEST) as Array<[keyof MediaFacts, number]>;
	const known: MediaFacts = {};
	for (const [name, largest] of entries) {
		const value = facts[name];
		if (value !== undefined && value > 0 && value <= largest) known[name] = value;
	}
	if (known.width === undefined) delete known.height;
	if (known.height === undefined) delete known.width;
	return Object.keys(known).length > 0 ? known : undefined;
}
