import type { ForwardReader } from './ForwardReader';
import type { MediaFacts } from '../mediaFacts';

/*
 * MKV and WebM: elements within elements, RFC 9559 and RFC 8794. What the header says of the length is
 * of the whole file, and a recording of a browser doesn't say it, so the blocks are counted: one for
 * each frame. A rotation (ProjectionPoseRoll) is not read; few programs write it.
 */

const ID = {
	segment: 0x18538067,
	info: 0x1549a966,
	timestampScale: 0x2ad7b1,
	duration: 0x4489,
	tracks: 0x1654ae6b,
	track: 0xae,
	number: 0xd7,
	type: 0x83,
	defaultDuration: 0x23e383,
	video: 0xe0,
	width: 0xb0,
	height: 0xba,
	cluster: 0x1f43b675,
	timestamp: 0xe7,
	simpleBlock: 0xa3,
	blockGroup: 0xa0,
	block: 0xa1,
} as const;

/** Their elements are read as if they stood next to them: their own lengths may be unknown. */
const OPENED: readonly number[] = [ID.segment, ID.cluster, ID.blockGroup];

const VIDEO = 1;
const SOUND = 2;

const NANOSECONDS = 1e9;

interface Track {
	type: number;
	/** Of a frame, in nanoseconds; 0 when the file doesn't say it. */
	frame: number;
	width?: number;
	height?: number;
	blocks: number;
	/** Times of blocks, in the file's own unit. */
	first: number;
	last: number;
}

interface Contents {
	/** Nanoseconds of the file's unit of time. */
	unit: number;
	/** In that unit; 0 when the file doesn't say it. */
	duration: number;
	tracks: Map<number, Track>;
}

/** Elements next to each other in one; what follows them is not looked at. */
const MOST_ELEMENTS = 1_000;

/** What is larger is nothing that players write. */
const HEADER_BYTES = 1024 * 1024;

/** @throws Error when the file is damaged */
export async function matroskaFacts(reader: ForwardReader): Promise<MediaFacts> {
	const contents: Contents = { unit: 1_000_000, duration: 0, tracks: new Map() };
	/** Others like them, and what is too large, are of no use. */
	const seen = new Set<number>();
	let clusterTime = 0;
	for (let place = 0; place < reader.size; ) {
		// The longest header, and behind it the beginning of a block.
		const bytes = await reader.at(place, 24);
		const element = elementIn(bytes);
		if (!element) break;
		const { id, headerLength, length } = element;
		place += headerLength;
		if (OPENED.includes(id)) continue;
		if (length === undefined) break;
		if ((id === ID.info || id === ID.tracks) && !seen.has(id) && length <= HEADER_BYTES) {
			seen.add(id);
			const content = await reader.at(place, length);
			if (id === ID.info) readInfo(contents, content);
			else readTracks(contents, content);
		}
		if (id === ID.timestamp)
			clusterTime = unsigned(bytes.subarray(headerLength, headerLength + length));
		if (id === ID.simpleBlock || id === ID.block) {
			countBlock(contents, bytes.subarray(headerLength), clusterTime);
		}
		place += length;
	}
	return factsOf(contents);
}

function factsOf({ unit, duration, tracks }: Contents): MediaFacts {
	const all = [...tracks.values()];
	const video = all.find(({ type, width }) => type === VIDEO && width !== undefined);
	const sound = all.find(({ type }) => type === SOUND);
	const whole = (duration * unit) / NANOSECONDS;
	const soundSeconds = sound && secondsOf(sound, unit, whole);
	if (!video) return { seconds: soundSeconds, soundSeconds };
	return {
		...{ width: video.width, height: video.height, soundSeconds },
		...{ fps: rateOf(video, unit), frames: video.blocks },
		seconds: secondsOf(video, unit, whole),
	};
}

/** From the first block to the last one, and the last one itself; of a single one what the file says. */
function secondsOf(track: Track, unit: number, whole: number): number {
	const { blocks, first, last } = track;
	return blocks < 2 ? whole : ((last - first) * unit) / NANOSECONDS + 1 / rateOf(track, unit);
}

/** Times of blocks are rounded, mostly to milliseconds; the length that all frames have is not. */
function rateOf({ frame, blocks, first, last }: Track, unit: number): number {
	const counted = (blocks - 1) / (((last - first) * unit) / NANOSECONDS);
	const said = NANOSECONDS / frame;
	const isSaid = frame > 0 && (blocks < 2 || Math.abs(said / counted - 1) < 0.05);
	return isSaid ? said : counted;
}

function countBlock({ tracks }: Contents, bytes: Buffer, clusterTime: number): void {
	const number = variable(bytes);
	const track = number && tracks.get(number.value);
	if (!number || !track || bytes.length < number.length + 2) return;
	const time = clusterTime + bytes.readInt16BE(number.length);
	track.first = track.blocks === 0 ? time : Math.min(track.first, time);
	track.last = track.blocks === 0 ? time : Math.max(track.last, time);
	track.blocks++;
}

function readInfo(contents: Contents, info: Buffer): void {
	for (const { id, content } of elementsOf(info)) {
		if (id === ID.timestampScale) contents.unit = unsigned(content);
		if (id === ID.duration) contents.duration = float(content);
	}
}

function readTracks({ tracks }: Contents, bytes: Buffer): void {
	for (const { id, content } of elementsOf(bytes)) {
		if (id !== ID.track) continue;
		let number = 0;
		const track: Track = { type: 0, frame: 0, blocks: 0, first: 0, last: 0 };
		for (const field of elementsOf(content)) {
			if (field.id === ID.number) number = unsigned(field.content);
			if (field.id === ID.type) track.type = unsigned(field.content);
			if (field.id === ID.defaultDuration) track.frame = unsigned(field.content);
			if (field.id === ID.video) readSize(track, field.content);
		}
		tracks.set(number, track);
	}
}

function readSize(track: Track, video: Buffer): void {
	for (const { id, content } of elementsOf(video)) {
		if (id === ID.width) track.width = unsigned(content);
		if (id === ID.height) track.height = unsigned(content);
	}
}

interface Element {
	id: number;
	headerLength: number;
	/** Without its header; undefined when the file doesn't say it. */
	length?: number;
}

/** The element that begins at the start of some bytes; undefined when there is none. */
function elementIn(bytes: Buffer): Element | undefined {
	const id = variable(bytes);
	const length = id && id.length <= 4 ? variable(bytes.subarray(id.length)) : undefined;
	if (!id || !length) return undefined;
	return {
		id: bytes.readUIntBE(0, id.length),
		headerLength: id.length + length.length,
		length: length.isUnknown ? undefined : length.value,
	};
}

function* elementsOf(bytes: Buffer): Generator<{ id: number; content: Buffer }> {
	let place = 0;
	for (let i = 0; i < MOST_ELEMENTS && place < bytes.length; i++) {
		const element = elementIn(bytes.subarray(place, place + 12));
		if (element?.length === undefined) return;
		place += element.headerLength;
		yield { id: element.id, content: bytes.subarray(place, place + element.length) };
		place += element.length;
	}
}

interface VariableNumber {
	value: number;
	/** Of the number itself, in bytes. */
	length: number;
	isUnknown: boolean;
}

/** A number whose first byte says by its leading zeros how long it is. */
function variable(bytes: Buffer): VariableNumber | undefined {
	const [first = 0] = bytes;
	const length = Math.clz32(first) - 23;
	if (first === 0 || bytes.length < length) return undefined;
	let value = first & (0xff >> length);
	let isUnknown = value === 0xff >> length;
	for (const byte of bytes.subarray(1, length)) {
		value = value * 256 + byte;
		isUnknown &&= byte === 0xff;
	}
	return { value, length, isUnknown };
}

function unsigned(content: Buffer): number {
	return content.subarray(0, 8).reduce((value, byte) => value * 256 + byte, 0);
}

function float(content: Buffer): number {
	if (content.length === 4) return content.readFloatBE(0);
	return content.length === 8 ? content.readDoubleBE(0) : 0;
}
