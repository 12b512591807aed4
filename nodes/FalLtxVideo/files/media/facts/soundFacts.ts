import type { ForwardReader } from './ForwardReader';
import type { MediaFacts } from '../mediaFacts';

/* How long WAV, FLAC and Ogg files are. */

/** The facts of a file that is nothing but sound. */
export const soundOf = (seconds: number | undefined): MediaFacts => ({
	seconds,
	soundSeconds: seconds,
});

/** A size that is in another chunk, or was not known when the file was begun. */
const UNKNOWN_SIZE = 0xffff_ffff;

/** Chunks of RIFF (Microsoft), and of RF64 for more than 4 GiB (EBU Tech 3306). @throws Error */
export async function wavFacts(reader: ForwardReader): Promise<MediaFacts> {
	let bytesPerSecond = 0;
	for (let place = 12; place < reader.size; ) {
		const chunk = await reader.at(place, 24);
		const type = chunk.toString('latin1', 0, 4);
		const length = chunk.readUInt32LE(4);
		if (type === 'fmt ') bytesPerSecond = chunk.readUInt32LE(16);
		if (type === 'data') {
			const rest = reader.size - place - 8;
			const bytes = length === 0 || length === UNKNOWN_SIZE ? rest : Math.min(length, rest);
			return soundOf(bytes / bytesPerSecond);
		}
		// Chunks begin at even places.
		place += 8 + length + (length % 2);
	}
	return {};
}

/** Its first block, STREAMINFO: RFC 9639. @throws Error when there is none */
export async function flacFacts(reader: ForwardReader): Promise<MediaFacts> {
	return soundOf(streamInfoSeconds((await reader.at(0, 42)).subarray(8)));
}

/** A rate of 20 bits, and after eight others the number of samples in 36. */
function streamInfoSeconds(info: Buffer): number | undefined {
	const rate = info.readUIntBE(10, 3) >> 4;
	const samples = (info.readUInt8(13) & 15) * 2 ** 32 + info.readUInt32BE(14);
	return samples > 0 ? samples / rate : undefined;
}

/** A page can't be longer. */
const PAGE_BYTES = 27 + 255 + 255 * 255;

/** Where a page has its position, in samples, and the number of its stream. */
const POSITION = 6;
const STREAM = 14;

/** A page on which no packet ends has no position. */
const NO_POSITION = 0xffff_ffff_ffff_ffffn;

/** The position of its last page: RFC 3533. Streams one after the other are not read. @throws Error */
export async function oggFacts(reader: ForwardReader): Promise<MediaFacts> {
	const first = await reader.at(0, 128);
	const stream = first.readUInt32LE(STREAM);
	const { rate, skipped } = oggRate(first.subarray(27 + first.readUInt8(26)));
	const end = await reader.at(Math.max(0, reader.size - 2 * PAGE_BYTES), 2 * PAGE_BYTES);
	for (let place = end.lastIndexOf('OggS'); place >= 0; ) {
		const page = end.subarray(place, place + 27);
		if (page.length === 27 && page.readUInt32LE(STREAM) === stream) {
			const position = page.readBigUInt64LE(POSITION);
			if (position !== NO_POSITION) return soundOf((Number(position) - skipped) / rate);
		}
		place = place === 0 ? -1 : end.lastIndexOf('OggS', place - 1);
	}
	return {};
}

/** By the first packet. Opus counts in 48,000 a second, and begins with samples that are not heard. */
function oggRate(packet: Buffer): { rate: number; skipped: number } {
	const begins = (text: string, place = 0) =>
		packet.toString('latin1', place, place + text.length) === text;
	if (begins('OpusHead')) return { rate: 48_000, skipped: packet.readUInt16LE(10) };
	if (begins('vorbis', 1)) return { rate: packet.readUInt32LE(12), skipped: 0 };
	if (begins('Speex')) return { rate: packet.readUInt32LE(36), skipped: 0 };
	if (begins('FLAC', 1)) return { rate: packet.readUIntBE(27, 3) >> 4, skipped: 0 };
	throw new Error('The Ogg file has no sound that is known.');
}
