import { BMP } from 'image-size/types/bmp';
import { GIF } from 'image-size/types/gif';
import { HEIF } from 'image-size/types/heif';
import type { IImage, ISize } from 'image-size/types/interface';
import { JPG } from 'image-size/types/jpg';
import { PNG } from 'image-size/types/png';
import { TIFF } from 'image-size/types/tiff';
import { WEBP } from 'image-size/types/webp';
import type { ForwardReader } from './ForwardReader';
import type { MediaFacts } from '../mediaFacts';

/*
 * The sizes of images, by image-size. Of EXIF's orientations it knows those of JPEG; those in PNG, WebP
 * and TIFF and the rotation of HEIC and AVIF are not read: there width and height may be exchanged.
 */

interface ImageReader {
	library: IImage;
	/** How much of the file is enough; on more of it the library could work for long. */
	bytes: number;
}

const KIB = 1024;

const READERS: Record<string, ImageReader> = {
	'image/png': { library: PNG, bytes: KIB },
	// Before its size a JPEG may have previews, colour profiles and notes of the camera.
	'image/jpeg': { library: JPG, bytes: 1024 * KIB },
	'image/webp': { library: WEBP, bytes: KIB },
	'image/gif': { library: GIF, bytes: KIB },
	'image/bmp': { library: BMP, bytes: KIB },
	'image/avif': { library: HEIF, bytes: 64 * KIB },
	'image/heic': { library: HEIF, bytes: 64 * KIB },
};

export const IMAGE_TYPES = [...Object.keys(READERS), 'image/tiff'];

/** EXIF's orientations from this one on are turned by a quarter. */
const FIRST_TURNED = 5;

/** @throws Error when the file is damaged */
export async function imageFacts(reader: ForwardReader, contentType: string): Promise<MediaFacts> {
	const { width, height, orientation } = await sizeOf(reader, contentType);
	const isTurned = orientation !== undefined && orientation >= FIRST_TURNED && orientation <= 8;
	return isTurned ? { width: height, height: width } : { width, height };
}

async function sizeOf(reader: ForwardReader, contentType: string): Promise<ISize> {
	if (contentType === 'image/tiff') return await tiffSize(reader);
	const { library, bytes } = READERS[contentType]!;
	const size = library.calculate(Uint8Array.from(await reader.at(0, bytes)));
	// The parts of a large picture, and the whole of it.
	const areas = size.images ?? [size];
	return areas.reduce((a, b) => (b.width * b.height > a.width * a.height ? b : a), {
		...{ width: size.width, height: size.height },
		orientation: size.orientation,
	});
}

/** Its tags may be anywhere: the library gets them right behind the header. */
async function tiffSize(reader: ForwardReader): Promise<ISize> {
	const header = Buffer.from(await reader.at(0, 8));
	const isLittleEndian = header[0] === 'I'.charCodeAt(0);
	const place = isLittleEndian ? header.readUInt32LE(4) : header.readUInt32BE(4);
	const tags = await reader.at(place, 4 * KIB);
	if (isLittleEndian) header.writeUInt32LE(header.length, 4);
	else header.writeUInt32BE(header.length, 4);
	return TIFF.calculate(Uint8Array.from(Buffer.concat([header, tags])));
}
