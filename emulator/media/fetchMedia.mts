import { join } from 'node:path';

import { fault, type FieldError } from '../checks.mts';
import type { ValidInput } from '../endpoints/fields.mts';
import { download, DOWNLOAD_FAILED, isPage, type Download } from './download.mts';
import { PLACEHOLDERS, readMedium, type MediumKind, type Mediums } from './medium.mts';

/** The inputs that are the address of a file, and what it has to be. */
const KINDS = {
	image_url: 'image',
	end_image_url: 'image',
	audio_url: 'audio',
	video_url: 'video',
} as const satisfies Record<string, MediumKind>;

export type MediaInput = keyof typeof KINDS;

/** A file that the model has got: from this fal's own CDN, or out of a `data:` URI. */
export interface FetchedMedium extends Download {
	url: string;
}

/** What was got for each input. */
export type FetchedMedia = { [Name in MediaInput]?: FetchedMedium };

/** The media of a job, whether got or stood for. */
export type Media = { [Name in MediaInput]?: Mediums[(typeof KINDS)[Name]] };

/** Where media come from and go to. */
export interface MediaPlaces {
	/** Origin of the CDN. */
	cdn: string;
	/** Where files are put; it exists. */
	folder: string;
}

/** fal's errors of a file that came and is not what it should be (error reference). */
const UNREADABLE: Record<MediumKind, { type: string; msg: string }> = {
	image: { type: 'image_load_error', msg: 'Failed to load the image.' },
	audio: { type: 'unsupported_audio_format', msg: 'The audio format is not supported.' },
	video: { type: 'unsupported_video_format', msg: 'The video format is not supported.' },
};

/**
 * Gets the media of a job as a runner does. Of all hosts only this fal's own CDN is really asked;
 * for every other address that may be a file's a placeholder stands in.
 * @returns the media, or every one that could not be got or read.
 */
export async function fetchMedia(
	input: ValidInput,
	places: MediaPlaces,
	signal: AbortSignal,
): Promise<{ media: Media; fetched: FetchedMedia } | { errors: FieldError[] }> {
	const errors: FieldError[] = [];
	const media: Partial<Record<MediaInput, Mediums[MediumKind]>> = {};
	const fetched: FetchedMedia = {};
	for (const name of Object.keys(KINDS) as MediaInput[]) {
		const url = input[name];
		if (url === undefined || url === null) continue;
		const got = await fetchMedium(KINDS[name], url, join(places.folder, name), places.cdn, signal);
		if ('type' in got) fault(errors, ['body', name], got.type, got.msg, url);
		else {
			media[name] = got.medium;
			if (got.file) fetched[name] = { url, ...got.file };
		}
	}
	return errors.length ? { errors } : { media: media as Media, fetched };
}

async function fetchMedium(
	kind: MediumKind,
	url: string,
	location: string,
	cdn: string,
	signal: AbortSignal,
): Promise<{ medium: Mediums[MediumKind]; file?: Download } | { type: string; msg: string }> {
	const failed = { type: 'file_download_error', msg: DOWNLOAD_FAILED };
	if (!url.startsWith(`${cdn}/`) && !url.startsWith('data:'))
		return /^https?:\/\/./.test(url) && !isPage(url) ? { medium: PLACEHOLDERS[kind] } : failed;
	const file = await download(url, signal, location);
	if (!file) return failed;
	const medium = await readMedium(kind, location, signal);
	return medium ? { medium, file } : UNREADABLE[kind];
}
