/*
 * Frames of MP3 (ISO/IEC 11172-3 and 13818-3) and of AAC (ISO/IEC 14496-3, as ADTS), by their headers.
 * Files of either may begin with a frame, without anything before that says what they are.
 */

/** A piece of sound. */
export interface SoundFrame {
	/** In bytes, with its header. */
	length: number;
	samples: number;
	/** Samples per second. */
	rate: number;
	seconds: number;
}

/** In kbit/s, of layer III of MPEG-1, and of MPEG-2 and 2.5; 0 where there is none. */
const BIT_RATES_1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0];
const BIT_RATES_2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0];

/** Of MPEG-1; MPEG-2 has half of it, 2.5 a quarter. */
const MP3_RATES = [44_100, 48_000, 32_000, 0];

const AAC_RATES = [
	...[96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025],
	...[8_000, 7_350],
];

/** How the header of a frame numbers MPEG-1, and layer III. */
const MPEG_1 = 3;
const MPEG_2 = 2;
const LAYER_3 = 1;

/** The frame of MP3 that begins at the start of some bytes; undefined when there is none. */
export function mp3Frame(bytes: Uint8Array): SoundFrame | undefined {
	const [first = 0, second = 0, third = 0] = bytes;
	// Eleven ones, a version, a layer.
	if (first !== 0xff || second < 0xe0 || ((second >> 1) & 3) !== LAYER_3) return undefined;
	const version = (second >> 3) & 3;
	const isFirst = version === MPEG_1;
	const bitRate = 1000 * (isFirst ? BIT_RATES_1 : BIT_RATES_2)[third >> 4]!;
	const divisor = isFirst ? 1 : version === MPEG_2 ? 2 : 4;
	const rate = MP3_RATES[(third >> 2) & 3]! / divisor;
	if (version === 1 || bitRate === 0 || rate === 0) return undefined;
	const samples = isFirst ? 1152 : 576;
	const padding = (third >> 1) & 1;
	const length = Math.floor(((samples / 8) * bitRate) / rate) + padding;
	return { length, samples, rate, seconds: samples / rate };
}

/** The frame of AAC that begins at the start of some bytes; undefined when there is none. */
export function aacFrame(bytes: Uint8Array): SoundFrame | undefined {
	const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0, sixth = 0, seventh = 0] = bytes;
	// Twelve ones, a version, a layer that is always zero.
	if (first !== 0xff || (second & 0xf6) !== 0xf0) return undefined;
	const rate = AAC_RATES[(third >> 2) & 15];
	const length = ((fourth & 3) << 11) | (fifth << 3) | (sixth >> 5);
	if (rate === undefined || length < 7) return undefined;
	const samples = 1024 * ((seventh & 3) + 1);
	return { length, samples, rate, seconds: samples / rate };
}

/** The content type of a file that begins with a frame of sound; undefined when it does not. */
export function contentTypeOfFrame(head: Uint8Array): string | undefined {
	if (mp3Frame(head)) return 'audio/mpeg';
	return aacFrame(head) ? 'audio/aac' : undefined;
}
