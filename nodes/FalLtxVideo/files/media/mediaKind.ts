import type { Medium } from '../../endpoints/inputs';
import type { StoredFile } from '../../fal/storage/storedFile';
import { whatItIs } from '../otherBeginnings';
import { contentTypeOfBrands } from './isoBrands';
import { NO_MEDIA } from './noMedia';
import { contentTypeOfFrame } from './facts/soundFrames';

/*
 * The kinds of files that an input of fal's models may be, by their first bytes. The beginnings are
 * from https://mimesniff.spec.whatwg.org/ where it has them, else from the format's own description:
 * TIFF 6.0; BMP by Microsoft (BITMAPINFOHEADER and its relatives); FLAC, RFC 9639; Ogg, RFC 3533, with
 * Opus, RFC 7845; Matroska and WebM, RFC 9559 and 8794; ID3, https://id3.org/. Where a byte is a
 * control character without a letter of its own, any byte is taken: the others are enough.
 */

interface MediaKind {
	medium: Medium;
	/** As people know it. */
	name: string;
	/** Without its dot. */
	extension: string;
	/** Of the file, as text of one character for each byte; none where {@link contentTypeOf} computes it. */
	beginning?: RegExp;
}

const KINDS: Record<string, MediaKind> = {
	'image/png': {
		...{ medium: 'image', name: 'PNG', extension: 'png' },
		beginning: /^\x89PNG\r\n/,
	},
	'image/jpeg': {
		...{ medium: 'image', name: 'JPEG', extension: 'jpg' },
		beginning: /^\xff\xd8\xff/,
	},
	'image/webp': {
		...{ medium: 'image', name: 'WebP', extension: 'webp' },
		beginning: /^RIFF[^]{4}WEBP/,
	},
	'image/gif': {
		...{ medium: 'image', name: 'GIF', extension: 'gif' },
		beginning: /^GIF8[79]a/,
	},
	'image/avif': { medium: 'image', name: 'AVIF', extension: 'avif' },
	'image/heic': { medium: 'image', name: 'HEIC', extension: 'heic' },
	'image/bmp': {
		...{ medium: 'image', name: 'BMP', extension: 'bmp' },
		// With the length of its second header, as texts may begin with "BM", too.
		beginning: /^BM[^]{12}[\f(48@l|]\0\0\0/,
	},
	'image/tiff': {
		...{ medium: 'image', name: 'TIFF', extension: 'tiff' },
		// A raw picture of a Canon camera begins in the same way, then says what it is.
		beginning: /^(?:II\*\0(?![^]{4}CR)|MM\0\*)/,
	},
	'audio/mpeg': {
		...{ medium: 'audio', name: 'MP3', extension: 'mp3' },
		beginning: /^ID3/,
	},
	'audio/wav': {
		...{ medium: 'audio', name: 'WAV', extension: 'wav' },
		beginning: /^(?:RIFF|RF64)[^]{4}WAVE/,
	},
	'audio/ogg': {
		...{ medium: 'audio', name: 'Ogg', extension: 'ogg' },
		// The first page, with one packet, which says what is in the file.
		beginning: /^OggS[^]{24}(?:OpusHead|[^]vorbis|\x7fFLAC|Speex {3})/,
	},
	'audio/flac': {
		...{ medium: 'audio', name: 'FLAC', extension: 'flac' },
		beginning: /^fLaC/,
	},
	'audio/aac': { medium: 'audio', name: 'AAC', extension: 'aac' },
	'audio/mp4': { medium: 'audio', name: 'M4A', extension: 'm4a' },
	'video/mp4': { medium: 'video', name: 'MP4', extension: 'mp4' },
	'video/quicktime': {
		...{ medium: 'video', name: 'MOV', extension: 'mov' },
		// An older one, without a brand.
		beginning: /^[^]{4}(?:moov|mdat|wide|pnot)/,
	},
	'video/webm': {
		...{ medium: 'video', name: 'WebM', extension: 'webm' },
		beginning: /^[^]E\xdf\xa3[^]{1,60}?B\x82\x84webm/,
	},
	'video/x-matroska': {
		...{ medium: 'video', name: 'MKV', extension: 'mkv' },
		beginning: /^[^]E\xdf\xa3[^]{1,60}?B\x82\x88matroska/,
	},
	'video/x-msvideo': {
		...{ medium: 'video', name: 'AVI', extension: 'avi' },
		beginning: /^RIFF[^]{4}AVI /,
	},
};

const namesOf = (medium: Medium) =>
	Object.values(KINDS).flatMap((kind) => (kind.medium === medium ? [kind.name] : []));

const listed = (names: string[]) => `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;

const WANTED: Record<Medium, string> = {
	image: `an image (${listed(namesOf('image'))})`,
	audio: `a file with sound (${listed([...namesOf('audio'), 'a video'])})`,
	video: `a video (${listed(namesOf('video'))})`,
};

const GIVEN: Record<Medium, string> = {
	image: 'an image',
	audio: 'sound without a picture',
	video: 'a video',
};

/** Of a video fal takes the sound. */
const FITTING: Record<Medium, readonly Medium[]> = {
	image: ['image'],
	audio: ['audio', 'video'],
	video: ['video'],
};

const asText = (head: Uint8Array) => Buffer.from(head).toString('latin1');

/**
 * The content type of a file, by its first bytes: the first 512 are enough.
 *
 * @returns undefined when it is none that an input of fal's models may be
 */
export function contentTypeOf(head: Uint8Array): string | undefined {
	const text = asText(head);
	const found = Object.entries(KINDS).find(([, { beginning }]) => beginning?.test(text));
	return found?.[0] ?? contentTypeOfBrands(text) ?? contentTypeOfFrame(head);
}

/**
 * The extension of a file at fal, which identifies files by it.
 *
 * @param contentType one of {@link contentTypeOf}
 * @returns without its dot; undefined for any other content type
 */
export function extensionOf(contentType: string): string | undefined {
	return KINDS[contentType]?.extension;
}

/**
 * What to give instead of a file, to end the sentence "… must be" with.
 *
 * @returns undefined when the file is what is wanted
 */
export function otherThan(
	medium: Medium,
	{ head, size }: Pick<StoredFile, 'size'> & { head: Uint8Array },
): string | undefined {
	if (size === 0) return `${WANTED[medium]}, but this one is empty`;
	const contentType = contentTypeOf(head);
	const kind = contentType === undefined ? undefined : KINDS[contentType];
	if (!kind) return `${WANTED[medium]}, ${whatItIs(asText(head), NO_MEDIA)}`;
	if (FITTING[medium].includes(kind.medium)) return undefined;
	if (medium === 'video' && contentType === 'image/gif') {
		return `${WANTED[medium]}, but this is a GIF: convert it to MP4, or give it as an image`;
	}
	return `${WANTED[medium]}, but this is ${GIVEN[kind.medium]} (${kind.name})`;
}
