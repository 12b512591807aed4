import type { Medium } from '../endpoints/inputs';
import type { StoredFile } from '../fal/storage/storedFile';
import { contentTypeOf, extensionOf, otherThan } from './media/mediaKind';
import { otherContent } from './safetensors';

/** A file, as fal is to know it. */
export interface FileAtFal {
	/** What to give instead, to end a sentence with; undefined when the file is fit. */
	instead?: string;
	/** fal identifies a file by its extension; what n8n got without one, or with another, is renamed. */
	name: string;
	contentType: string;
}

/** There is no content type for weights. */
const UNKNOWN = 'application/octet-stream';

type FileKind = (file: Pick<StoredFile, 'head' | 'size'>, fileName: string) => FileAtFal;

const lora: FileKind = (file, fileName) => ({
	instead: otherContent(file),
	name: renamed(fileName, 'lora', 'safetensors'),
	contentType: UNKNOWN,
});

/** Its content decides, whatever its name says. */
const media =
	(medium: Medium): FileKind =>
	(file, fileName) => {
		const contentType = contentTypeOf(file.head) ?? UNKNOWN;
		return {
			instead: otherThan(medium, file),
			name: renamed(fileName, medium, extensionOf(contentType) ?? 'bin'),
			contentType,
		};
	};

/** What each kind of file is checked and named by. */
export const fileKinds: Record<Medium | 'lora', FileKind> = {
	lora,
	image: media('image'),
	audio: media('audio'),
	video: media('video'),
};

function renamed(fileName: string, otherwise: string, extension: string): string {
	const bare = fileName.replace(/\.\w{1,12}$/, '');
	return `${bare || otherwise}.${extension}`;
}
