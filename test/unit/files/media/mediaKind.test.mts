import fc from 'fast-check';
import {
	contentTypeOf,
	extensionOf,
	otherThan,
} from '../../../../nodes/FalLtxVideo/files/media/mediaKind';
import type { Medium } from '../../../../nodes/FalLtxVideo/endpoints/inputs';
import { image, made, picture, tone } from './madeFiles.mts';

/** What a StoredFile has of a file. */
const stored = (bytes: Uint8Array) => ({ head: bytes.subarray(0, 512), size: bytes.length });

const text = (characters: string) => Buffer.from(characters, 'latin1');

/** The beginning of a file with brands. */
const withBrands = (first: string, ...others: string[]) => {
	const length = 16 + 4 * others.length;
	return text(
		`\0\0\0${String.fromCharCode(length)}ftyp${first}\0\0\0\0${others.join('')}\0\0\0\bfree`,
	);
};

const WITH_SOUND = [...picture('32x18'), ...tone(1), '-shortest'];

const FILES: Array<[what: string, contentType: string, bytes: () => Buffer]> = [
	['a PNG', 'image/png', () => image('a.png')],
	['a JPEG', 'image/jpeg', () => image('a.jpg')],
	['a WebP', 'image/webp', () => image('a.webp')],
	['a GIF', 'image/gif', () => made('a.gif', ...picture('32x18'))],
	['a BMP', 'image/bmp', () => image('a.bmp')],
	['a TIFF', 'image/tiff', () => image('a.tiff')],
	['a TIFF of another byte order', 'image/tiff', () => text('MM\0*\0\0\0\b')],
	['an AVIF', 'image/avif', () => withBrands('avif', 'mif1', 'miaf')],
	['an AVIF that says so later', 'image/avif', () => withBrands('mif1', 'avif')],
	['a HEIC', 'image/heic', () => withBrands('heic', 'mif1', 'heic')],
	['a HEIC that says so later', 'image/heic', () => withBrands('mif1', 'MiHB', 'heic')],
	['an MP3 with a tag', 'audio/mpeg', () => made('a.mp3', ...tone(1))],
	[
		'an MP3 without a tag',
		'audio/mpeg',
		() => made('a.mp3', ...tone(1), '-id3v2_version', '0', '-write_xing', '0'),
	],
	['a WAV', 'audio/wav', () => made('a.wav', ...tone(1))],
	['a WAV of more than 4 GiB', 'audio/wav', () => made('a.wav', ...tone(1), '-rf64', 'always')],
	['an Ogg with Opus', 'audio/ogg', () => made('a.opus', ...tone(1))],
	['an Ogg with Vorbis', 'audio/ogg', () => made('a.ogg', ...tone(1), '-c:a', 'libvorbis')],
	['an Ogg with FLAC', 'audio/ogg', () => made('a.oga', ...tone(1), '-c:a', 'flac')],
	['a FLAC', 'audio/flac', () => made('a.flac', ...tone(1))],
	['an AAC', 'audio/aac', () => made('a.aac', ...tone(1))],
	['an M4A', 'audio/mp4', () => made('a.m4a', ...tone(1))],
	['an MP4', 'video/mp4', () => made('a.mp4', ...WITH_SOUND)],
	['an MP4 in fragments', 'video/mp4', () => made('a.mp4', ...WITH_SOUND, '-movflags', 'dash')],
	['a MOV', 'video/quicktime', () => made('a.mov', ...WITH_SOUND)],
	['a MOV without brands', 'video/quicktime', () => text('\0\0\0\bwide\0\0\0\bmdat')],
	['a WebM', 'video/webm', () => made('a.webm', ...WITH_SOUND, '-c:v', 'libvpx')],
	['an MKV', 'video/x-matroska', () => made('a.mkv', ...WITH_SOUND)],
	['an AVI', 'video/x-msvideo', () => made('a.avi', ...WITH_SOUND)],
];

test.each(FILES)('%s is %s', (_what, contentType, bytes) => {
	const { head, size } = stored(bytes());
	expect(contentTypeOf(head)).toBe(contentType);
	expect(extensionOf(contentType)).toMatch(/^[a-z\d]{2,4}$/);
	const [kind] = contentType.split('/') as [Medium];
	const takenFor: Medium[] = kind === 'video' ? ['audio', 'video'] : [kind];
	const media: Medium[] = ['image', 'audio', 'video'];
	expect(media.filter((medium) => otherThan(medium, { head, size }) === undefined)).toEqual(
		takenFor,
	);
});

const IMAGE = 'an image (PNG, JPEG, WebP, GIF, AVIF, HEIC, BMP or TIFF)';
const AUDIO = 'a file with sound (MP3, WAV, Ogg, FLAC, AAC, M4A or a video)';
const VIDEO = 'a video (MP4, MOV, WebM, MKV or AVI)';

const OTHER_IMAGE = 'but this is an image of another format: convert it to PNG or JPEG';
const OTHER_SOUND = 'but this is sound of another format: convert it to MP3 or WAV';
const OTHER_VIDEO = 'but this is a video of another format: convert it to MP4';
const WEB_PAGE =
	'but this is a web page: the download before may have needed a login, or its link leads to a page';
const BASE64 = 'but this is a file as Base64 text: the node Convert to File makes a file of it';
const UNKNOWN = 'but this one does not begin like one';

const REFUSED: Array<[what: string, Medium, () => Buffer, instead: string]> = [
	['nothing', 'image', () => text(''), `${IMAGE}, but this one is empty`],
	[
		'a video',
		'image',
		() => made('a.mp4', ...picture('32x18')),
		`${IMAGE}, but this is a video (MP4)`,
	],
	['sound', 'image', () => text('fLaC'), `${IMAGE}, but this is sound without a picture (FLAC)`],
	['an image', 'audio', () => image('a.png'), `${AUDIO}, but this is an image (PNG)`],
	['an image', 'video', () => image('a.jpg'), `${VIDEO}, but this is an image (JPEG)`],
	['sound', 'video', () => text('ID3\x03'), `${VIDEO}, but this is sound without a picture (MP3)`],
	[
		'a GIF that moves',
		'video',
		() => made('a.gif', ...picture('32x18')),
		`${VIDEO}, but this is a GIF: convert it to MP4, or give it as an image`,
	],
	[
		'a PDF',
		'image',
		() => text('%PDF-1.7\n'),
		`${IMAGE}, but this is a PDF: convert a page of it to PNG`,
	],
	[
		'a ZIP',
		'video',
		() => text('PK\x03\x04'),
		`${VIDEO}, but this is an archive (ZIP), or a document that is one inside: give the file in it`,
	],
	['a gzip', 'audio', () => text('\x1f\x8b\b\0'), `${AUDIO}, but this is an archive: unpack it`],
	['a web page', 'image', () => text('\n<!DOCTYPE html><html>'), `${IMAGE}, ${WEB_PAGE}`],
	[
		'JSON',
		'audio',
		() => text('{"error": 1}'),
		`${AUDIO}, but this is JSON: the download before may have failed`,
	],
	[
		'a pointer of Git LFS',
		'video',
		() => text('version https://git-lfs.github.com/spec/v1\n'),
		`${VIDEO}, but this only points to the file in Git LFS`,
	],
	[
		'an SVG',
		'image',
		() => text('<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg">'),
		`${IMAGE}, but this is a drawing (SVG): convert it to PNG`,
	],
	['Base64', 'image', () => text(image('a.png').toString('base64')), `${IMAGE}, ${BASE64}`],
	[
		'Base64 of an MP4',
		'video',
		() => text(withBrands('isom').toString('base64')),
		`${VIDEO}, ${BASE64}`,
	],
	['a data URI', 'image', () => text('data:image/png;base64,iVBORw0KGgo'), `${IMAGE}, ${BASE64}`],
	['a file of Photoshop', 'image', () => text('8BPS\0\x01'), `${IMAGE}, ${OTHER_IMAGE}`],
	['a raw picture', 'image', () => text('II*\0\x10\0\0\0CR\x02\0'), `${IMAGE}, ${OTHER_IMAGE}`],
	['HEIF of neither kind', 'image', () => withBrands('mif1', 'jpeg'), `${IMAGE}, ${OTHER_IMAGE}`],
	['an AIFF', 'audio', () => made('a.aiff', ...tone(1)), `${AUDIO}, ${OTHER_SOUND}`],
	['an MP2', 'audio', () => made('a.mp2', ...tone(1)), `${AUDIO}, ${OTHER_SOUND}`],
	[
		'Windows Media',
		'video',
		() => made('a.wmv', ...picture('32x18')),
		`${VIDEO}, but this is Windows Media: convert it to MP4, or to MP3`,
	],
	['a video of a phone', 'video', () => withBrands('3gp4', 'isom'), `${VIDEO}, ${OTHER_VIDEO}`],
	[
		'a transport stream',
		'video',
		() => made('a.ts', ...picture('32x18')),
		`${VIDEO}, ${OTHER_VIDEO}`,
	],
	['Flash', 'video', () => made('a.flv', ...picture('32x18')), `${VIDEO}, ${OTHER_VIDEO}`],
	['Theora', 'video', () => made('a.ogv', ...picture('32x18')), `${VIDEO}, ${OTHER_VIDEO}`],
	['a text', 'image', () => text('BM is short for bitmap.'), `${IMAGE}, ${UNKNOWN}`],
	['text of two bytes each', 'audio', () => text('\xff\xfea\0b\0'), `${AUDIO}, ${UNKNOWN}`],
	['one byte', 'video', () => text('\xff'), `${VIDEO}, ${UNKNOWN}`],
];

test.each(REFUSED)('%s as %s is refused', (_what, medium, bytes, instead) => {
	expect(otherThan(medium, stored(bytes()))).toBe(instead);
});

test('a file that may be anything is answered in words', () => {
	fc.assert(
		fc.property(
			fc.constantFrom<Medium>('image', 'audio', 'video'),
			fc.uint8Array({ maxLength: 512 }),
			(medium, bytes) => {
				const instead = otherThan(medium, stored(bytes));
				if (instead !== undefined) expect(instead).toMatch(/^an? .+, but this .+[^.]$/);
				else expect(contentTypeOf(bytes)).toBeDefined();
			},
		),
	);
});

test.each(['', 'text/html', 'constructor'])('%j has no extension', (contentType) => {
	expect(extensionOf(contentType)).toBeUndefined();
});
