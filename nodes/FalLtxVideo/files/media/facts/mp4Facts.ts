import type { ForwardReader } from './ForwardReader';
import type { MediaFacts } from '../mediaFacts';

/*
 * MP4, MOV and M4A: boxes within boxes, ISO/IEC 14496-12 and Apple's QuickTime File Format. "moov" has
 * the tracks with the tables of their samples; in a file of fragments each "moof" adds samples. Tables
 * are summed up, never unfolded: an entry may claim four billion samples.
 */

interface Movie {
	/** By their IDs. */
	tracks: Map<number, Track>;
	isFragmented: boolean;
}

interface Track {
	id: number;
	kind: string;
	/** Ticks per second. */
	timescale: number;
	samples: number;
	ticks: number;
	/** What of it is presented, in seconds; undefined without an edit list. */
	presented?: number;
	/** Ticks of a sample of a fragment that doesn't say it. */
	fragmentTicks: number;
	width?: number;
	height?: number;
}

/** Boxes next to each other in a box; what follows them is not looked at. */
const MOST_BOXES = 1_000;

/** @throws Error when the file is damaged */
export async function mp4Facts(reader: ForwardReader): Promise<MediaFacts> {
	let movie: Movie | undefined;
	for (let place = 0; place < reader.size; ) {
		const box = boxIn(await reader.at(place, 16), reader.size - place);
		if (!box) break;
		const content = async () =>
			await reader.at(place + box.headerLength, box.length - box.headerLength);
		if (box.type === 'moov' && !movie) movie = readMovie(await content());
		if (box.type === 'moof' && movie) addFragment(movie.tracks, await content());
		if (movie?.isFragmented === false) break;
		place += box.length;
	}
	return movie ? factsOf([...movie.tracks.values()]) : {};
}

function factsOf(tracks: Track[]): MediaFacts {
	const video = tracks.find(({ kind, width }) => kind === 'vide' && width !== undefined);
	const sound = tracks.find(({ kind }) => kind === 'soun');
	const soundSeconds = sound && secondsOf(sound);
	if (!video) return { seconds: soundSeconds, soundSeconds };
	const seconds = secondsOf(video);
	const fps = (video.samples * video.timescale) / video.ticks;
	const { width, height } = video;
	// Where only a part of the track is presented, its samples are more than the frames.
	const frames = Math.min(video.samples, Math.max(1, Math.round(seconds * fps)));
	return { width, height, seconds, soundSeconds, fps, frames };
}

function secondsOf({ ticks, timescale, presented }: Track): number {
	const seconds = ticks / timescale;
	return presented === undefined ? seconds : Math.min(seconds, presented);
}

interface Box {
	type: string;
	headerLength: number;
	/** With its header. */
	length: number;
}

/** The box that begins at the start of some bytes; undefined when there is none. */
function boxIn(bytes: Buffer, available: number): Box | undefined {
	if (bytes.length < 8) return undefined;
	const type = bytes.toString('latin1', 4, 8);
	let headerLength = 8;
	let length = bytes.readUInt32BE(0);
	if (length === 0) length = available;
	if (length === 1) {
		if (bytes.length < 16) return undefined;
		headerLength = 16;
		length = Number(bytes.readBigUInt64BE(8));
	}
	return length < headerLength ? undefined : { type, headerLength, length };
}

/** The contents of the boxes of a type in others, by the way to them. */
function inside(bytes: Buffer, ...[type, ...deeper]: string[]): Buffer[] {
	const found: Buffer[] = [];
	let place = 0;
	for (let i = 0; i < MOST_BOXES && place < bytes.length; i++) {
		const rest = bytes.subarray(place);
		const box = boxIn(rest, rest.length);
		if (!box) break;
		if (box.type === type) found.push(rest.subarray(box.headerLength, box.length));
		place += box.length;
	}
	if (deeper.length === 0) return found;
	return found.flatMap((content) => inside(content, ...deeper));
}

/** A version 1 box has times of eight bytes. */
const isLong = (content: Buffer) => content[0] === 1;

const longAt = (content: Buffer, place: number) => Number(content.readBigUInt64BE(place));

function readMovie(moov: Buffer): Movie {
	const [header = Buffer.alloc(0)] = inside(moov, 'mvhd');
	const timescale = header.readUInt32BE(isLong(header) ? 20 : 12);
	const defaults = new Map(
		inside(moov, 'mvex', 'trex').map((trex) => [trex.readUInt32BE(4), trex.readUInt32BE(12)]),
	);
	const tracks = inside(moov, 'trak').map((trak) => readTrack(trak, timescale, defaults));
	return {
		tracks: new Map(tracks.map((track) => [track.id, track])),
		isFragmented: inside(moov, 'mvex').length > 0,
	};
}

function readTrack(trak: Buffer, movieTimescale: number, defaults: Map<number, number>): Track {
	const [header = Buffer.alloc(0)] = inside(trak, 'tkhd');
	const [media = Buffer.alloc(0)] = inside(trak, 'mdia', 'mdhd');
	const [handler] = inside(trak, 'mdia', 'hdlr');
	const id = header.readUInt32BE(isLong(header) ? 20 : 12);
	const [table] = inside(trak, 'mdia', 'minf', 'stbl', 'stts');
	const [edits] = inside(trak, 'edts', 'elst');
	const kind = handler?.toString('latin1', 8, 12) ?? '';
	return {
		...{ id, kind },
		timescale: media.readUInt32BE(isLong(media) ? 20 : 12),
		...(table ? sumOfTable(table) : { samples: 0, ticks: 0 }),
		presented: edits && presentedSeconds(edits, movieTimescale),
		fragmentTicks: defaults.get(id) ?? 0,
		...(kind === 'vide' ? pictureSize(trak, header) : {}),
	};
}

/** Each entry is a number of samples that take the same time. */
function sumOfTable(stts: Buffer): Pick<Track, 'samples' | 'ticks'> {
	const entries = Math.min(stts.readUInt32BE(4), Math.floor((stts.length - 8) / 8));
	let samples = 0;
	let ticks = 0;
	for (let place = 8; place < 8 + entries * 8; place += 8) {
		const count = stts.readUInt32BE(place);
		samples += count;
		ticks += count * stts.readUInt32BE(place + 4);
	}
	return { samples, ticks };
}

/** The sum of the edits, without those that only delay; undefined when they don't say how long they are. */
function presentedSeconds(elst: Buffer, movieTimescale: number): number | undefined {
	const width = isLong(elst) ? 20 : 12;
	const entries = Math.min(elst.readUInt32BE(4), Math.floor((elst.length - 8) / width));
	let sum = 0;
	for (let place = 8; place < 8 + entries * width; place += width) {
		const duration = isLong(elst) ? longAt(elst, place) : elst.readUInt32BE(place);
		const isDelay = elst.readInt32BE(place + (isLong(elst) ? 8 : 4)) === -1;
		if (!isDelay) sum += duration;
	}
	return sum > 0 ? sum / movieTimescale : undefined;
}

/** Pixels of the coded picture, which may be displayed wider or narrower, turned as the track's matrix says. */
function pictureSize(trak: Buffer, tkhd: Buffer): Pick<Track, 'width' | 'height'> {
	const [description] = inside(trak, 'mdia', 'minf', 'stbl', 'stsd');
	if (!description || description.length < 44) return {};
	const width = description.readUInt16BE(40);
	const height = description.readUInt16BE(42);
	const matrix = isLong(tkhd) ? 52 : 40;
	const isTurned = Math.abs(tkhd.readInt32BE(matrix + 4)) > Math.abs(tkhd.readInt32BE(matrix));
	return isTurned ? { width: height, height: width } : { width, height };
}

function addFragment(tracks: Movie['tracks'], moof: Buffer): void {
	for (const traf of inside(moof, 'traf')) {
		const [header] = inside(traf, 'tfhd');
		const track = header && tracks.get(header.readUInt32BE(4));
		if (!track) continue;
		const ticks = fragmentTicks(header) ?? track.fragmentTicks;
		for (const run of inside(traf, 'trun')) addRun(track, run, ticks);
	}
}

const flagsOf = (content: Buffer) => content.readUIntBE(1, 3);

/** Ticks of a sample, where the fragment says them for all of its own. */
function fragmentTicks(tfhd: Buffer): number | undefined {
	const flags = flagsOf(tfhd);
	if (!(flags & 0x8)) return undefined;
	return tfhd.readUInt32BE(8 + (flags & 0x1 ? 8 : 0) + (flags & 0x2 ? 4 : 0));
}

function addRun(track: Track, trun: Buffer, defaultTicks: number): void {
	const flags = flagsOf(trun);
	const count = trun.readUInt32BE(4);
	track.samples += count;
	if (!(flags & 0x100)) {
		track.ticks += count * defaultTicks;
		return;
	}
	const width = 4 * [0x100, 0x200, 0x400, 0x800].filter((flag) => flags & flag).length;
	const start = 8 + (flags & 0x1 ? 4 : 0) + (flags & 0x4 ? 4 : 0);
	for (let i = 0; i < count; i++) track.ticks += trun.readUInt32BE(start + i * width);
}
