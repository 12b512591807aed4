import { FAILED_DOWNLOADS, type OtherBeginning } from '../otherBeginnings';

/* Files that are given by mistake where an image, sound or a video is wanted. */

const OTHER_IMAGE = 'but this is an image of another format: convert it to PNG or JPEG';

const OTHER_SOUND = 'but this is sound of another format: convert it to MP3 or WAV';

const OTHER_VIDEO = 'but this is a video of another format: convert it to MP4';

/** In the order in which they are looked for. */
export const NO_MEDIA: readonly OtherBeginning[] = [
	{ beginning: /^%PDF/, what: 'but this is a PDF: convert a page of it to PNG' },
	{
		beginning: /^PK/,
		what: 'but this is an archive (ZIP), or a document that is one inside: give the file in it',
	},
	{
		beginning: /^(?:[^]\x8b[\b]|7z\xbc\xaf|Rar!)/,
		what: 'but this is an archive: unpack it',
	},
	{
		// Before web pages, as both may begin with "<?xml".
		beginning: /^\s*(?:<\?xml[^>]*>\s*)?(?:<!doctype svg[^>]*>\s*)?<svg\b/i,
		what: 'but this is a drawing (SVG): convert it to PNG',
	},
	...FAILED_DOWNLOADS,
	{
		beginning: /^(?:data:|iVBORw0KGgo|\/9j\/|UklGR|R0lGOD|SUQz|AAAA[\w+/]{2}Z0eX)/,
		what: 'but this is a file as Base64 text: the node Convert to File makes a file of it',
	},
	{
		// Photoshop, JPEG XL, JPEG 2000, raw pictures of cameras.
		beginning:
			/^(?:8BPS|\xff\n|\0\0\0\fJXL |\0\0\0\fjP {2}|II\*\0|FUJIFILM|[^]{4}ftyp(?:crx |mi[af]|jxl |jp[2mx] ))/,
		what: OTHER_IMAGE,
	},
	{
		// AIFF, Core Audio, AMR, MIDI, AC-3, MPEG layer II.
		beginning: /^(?:FORM[^]{4}AIF|caff|#!AMR|MThd|\vw|\xff[\xf4\xf5\xfc\xfd])/,
		what: OTHER_SOUND,
	},
	{
		// Windows Media, for either.
		beginning: /^0&\xb2u\x8ef\xcf/,
		what: 'but this is Windows Media: convert it to MP4, or to MP3',
	},
	{
		// Flash, MPEG program and transport streams, phones, Theora, motion JPEG 2000.
		beginning: /^(?:FLV|\0\0[^][\xb3\xba]|G[^]{187}G|[^]{4}ftyp(?:3g|mjp2)|OggS[^]{24}\x80theora)/,
		what: OTHER_VIDEO,
	},
];
