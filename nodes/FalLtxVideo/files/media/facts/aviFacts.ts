import type { ForwardReader } from './ForwardReader';
import type { MediaFacts } from '../mediaFacts';

/*
 * AVI: its first list has a header "avih", and for each stream one "strh" (Microsoft, AVI RIFF File
 * Reference). They are near the start; how long the sound is, is not read.
 */

/** Where the lists of all usual files are. */
const SEARCHED_BYTES = 16 * 1024;

/** @throws Error when the file is damaged */
export async function aviFacts(reader: ForwardReader): Promise<MediaFacts> {
	const bytes = await reader.at(0, SEARCHED_BYTES);
	const main = bytes.indexOf('avih', 0, 'latin1');
	const stream = bytes.indexOf('strh', 0, 'latin1');
	const video = bytes.indexOf('vids', 0, 'latin1');
	if (main < 0 || stream < 0 || video < 0) return {};
	// Each header has its type and its length first; the stream's begins with what it is.
	const fps = bytes.readUInt32LE(video + 24) / bytes.readUInt32LE(video + 20);
	const frames = bytes.readUInt32LE(video + 32);
	return {
		width: bytes.readUInt32LE(main + 8 + 32),
		height: bytes.readUInt32LE(main + 8 + 36),
		...{ fps, frames, seconds: frames / fps },
	};
}
