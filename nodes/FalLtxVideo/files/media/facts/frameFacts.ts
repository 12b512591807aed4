import type { ForwardReader } from './ForwardReader';
import type { MediaFacts } from '../mediaFacts';
import { soundOf } from './soundFacts';
import { aacFrame, mp3Frame, type SoundFrame } from './soundFrames';

/* How long MP3 and AAC files are: the sum of their frames, or what the first one of an MP3 says. */

/** Where frames are looked for behind what is none. */
const SEARCHED_BYTES = 64 * 1024;

/** @throws Error when the file is damaged */
export async function mp3Facts(reader: ForwardReader): Promise<MediaFacts> {
	const start = await afterTags(reader);
	const found = await findFrame(reader, start, mp3Frame);
	if (!found) return {};
	const said = xingSeconds(await reader.at(found.place, 256), found.frame);
	return soundOf(said ?? (await sumOfFrames(reader, found.place, mp3Frame)));
}

/** @throws Error when the file is damaged */
export async function aacFacts(reader: ForwardReader): Promise<MediaFacts> {
	return soundOf(await sumOfFrames(reader, await afterTags(reader), aacFrame));
}

/** ID3v2, https://id3.org/id3v2.4.0-structure: a length of four times seven bits, without its header. */
async function afterTags(reader: ForwardReader): Promise<number> {
	let place = 0;
	for (;;) {
		const header = await reader.at(place, 10);
		if (header.length < 10 || header.toString('latin1', 0, 3) !== 'ID3') return place;
		const length = header.subarray(6).reduce((value, byte) => value * 128 + (byte & 127), 0);
		place += 10 + length;
	}
}

type ReadFrame = (bytes: Uint8Array) => SoundFrame | undefined;

async function findFrame(
	reader: ForwardReader,
	start: number,
	read: ReadFrame,
): Promise<{ place: number; frame: SoundFrame } | undefined> {
	const bytes = await reader.at(start, SEARCHED_BYTES);
	for (let i = 0; i < bytes.length; i++) {
		const frame = bytes[i] === 0xff ? read(bytes.subarray(i, i + 8)) : undefined;
		if (!frame) continue;
		// Any two bytes may look like a frame; where it ends another one begins, or the file.
		const place = start + i;
		const next = bytes.subarray(i + frame.length, i + frame.length + 8);
		if (next.length < 8 || read(next)) return { place, frame };
	}
	return undefined;
}

async function sumOfFrames(reader: ForwardReader, start: number, read: ReadFrame): Promise<number> {
	let seconds = 0;
	for (let place = start; place < reader.size; ) {
		const frame = read(await reader.at(place, 8));
		if (frame) {
			seconds += frame.seconds;
			place += frame.length;
			continue;
		}
		const found = await findFrame(reader, place, read);
		if (!found) break;
		place = found.place;
	}
	return seconds;
}

/**
 * What the first frame says of all, as the programs Xing and LAME write it there in place of sound:
 * how many there are, and how many samples at both ends are not heard.
 */
function xingSeconds(bytes: Buffer, frame: SoundFrame): number | undefined {
	const text = bytes.toString('latin1');
	const place = Math.max(text.indexOf('Xing'), text.indexOf('Info'));
	if (place < 0 || place > 40 || !(bytes.readUInt32BE(place + 4) & 1)) return undefined;
	const frames = bytes.readUInt32BE(place + 8);
	const isLame = /^La(?:me|v[cf])/i.test(text.slice(place + 120, place + 124));
	const ends = isLame ? bytes.readUIntBE(place + 141, 3) : 0;
	const unheard = (ends >> 12) + (ends & 0xfff);
	const heard = frames * frame.samples - unheard;
	return (heard > 0 ? heard : frames * frame.samples) / frame.rate;
}
