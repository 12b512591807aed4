/*
 * MP4 and its relatives begin with a box "ftyp" that names brands (ISO/IEC 14496-12): first the one
 * the file is made for, then a version, then others that it may be read as. Brands are registered at
 * https://mp4ra.org/; those of HEIC are in ISO/IEC 23008-12, of AVIF at https://aomediacodec.github.io/av1-avif/.
 */

const BOX = /^\0\0([^]{2})ftyp([^]{4})/;

const AVIF = ['avif', 'avis'];

const HEIC = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs'];

/** Of images, without what they are coded in: another brand says that. */
const ANY_IMAGE = ['mif1', 'mif2', 'msf1'];

const BY_FIRST_BRAND: Array<{ brand: RegExp; contentType: string | undefined }> = [
	{ brand: /^(?:M4A|M4B|F4A) $/, contentType: 'audio/mp4' },
	{ brand: /^qt {2}$/, contentType: 'video/quicktime' },
	// Videos of old phones, raw pictures of Canon cameras, JPEG 2000 and JPEG XL.
	{ brand: /^(?:3g[\dpegrs]|crx |jp[2mx] |mjp2|jxl )/, contentType: undefined },
	{ brand: /^/, contentType: 'video/mp4' },
];

/**
 * The content type that the brands of a file say.
 *
 * @param text the first bytes, as text of one character for each
 * @returns undefined when there are no brands, or only those of files that fal's models don't take
 */
export function contentTypeOfBrands(text: string): string | undefined {
	const [, length, first] = BOX.exec(text) ?? [];
	if (length === undefined || first === undefined) return undefined;
	const end = length.charCodeAt(0) * 256 + length.charCodeAt(1);
	const others = text.slice(16, end).match(/[^]{4}/g) ?? [];
	const has = (brands: readonly string[]) => [first, ...others].some((b) => brands.includes(b));
	const isImage = [...AVIF, ...HEIC, ...ANY_IMAGE].includes(first);
	if (isImage && has(AVIF)) return 'image/avif';
	if (isImage) return has(HEIC) ? 'image/heic' : undefined;
	return BY_FIRST_BRAND.find(({ brand }) => brand.test(first))?.contentType;
}
