import type { Medium } from '../../endpoints/inputs';

/*
 * What files are called, as data: the extension says what a file is for sure, or says nothing.
 * Rule: an extension that some host gives to any file (`bin`, `php`) is in no list.
 */

/** What a link is for. */
export type Purpose = 'lora' | Medium;

const EXTENSIONS = {
	image: 'apng avif bmp heic heif ico jfif jpeg jpg png psd svg tif tiff webp',
	animation: 'gif',
	audio: 'aac aif aiff flac m4a mid midi mp3 oga opus wav weba wma',
	soundOrVideo: 'ogg',
	video: '3gp avi flv m4v mkv mov mp4 mpeg mpg ogv webm wmv',
	playlist: 'm3u m3u8 mpd pls',
	document: 'csv doc docx epub json md odt pdf ppt pptx rtf txt xls xlsx xml yaml yml',
	archive: '7z bz2 gz rar tar tgz xz zip zst',
	page: 'htm html',
	safetensors: 'safetensors',
	otherWeights: 'ckpt gguf onnx pt pth',
} as const;

export type FileKind = keyof typeof EXTENSIONS;

const KIND_OF = new Map(
	Object.entries(EXTENSIONS).flatMap(([kind, extensions]) =>
		extensions.split(' ').map((extension): [string, FileKind] => [extension, kind as FileKind]),
	),
);

/** What is said of a file of the wrong kind, behind a colon. */
const ADVICE: Record<FileKind, string> = {
	image: 'this is an image',
	animation: 'this is an image',
	audio: 'this is an audio file',
	soundOrVideo: 'this is an audio or video file',
	video: 'this is a video',
	playlist: 'this is a playlist; take the file that it names',
	document: 'this is a text or a document',
	archive: 'unpack the archive and take the one inside',
	page: 'this is a web page',
	safetensors: 'this is a file of weights',
	otherWeights: 'this is a file of weights',
};

const ADVICE_FOR_LORA: Partial<typeof ADVICE> = {
	otherWeights: 'look for one of the same LoRA, or convert this one',
};

/** What is said to a person about each purpose, and what it takes. */
export const WANTED: Record<
	Purpose,
	{ file: string; name: string; link: string; binary: string; more: string; takes: FileKind[] }
> = {
	lora: {
		file: 'a .safetensors file',
		name: 'NAME.safetensors',
		link: 'a URL or owner/repo',
		binary: 'set Source (source) to Binary File',
		more: '; each further LoRA has a row of its own',
		takes: ['safetensors'],
	},
	image: ofMedium('an image file, such as .png or .jpg', 'NAME.png', ['image', 'animation']),
	// The sound of a video is taken out of it.
	audio: ofMedium('an audio file, such as .mp3 or .wav', 'NAME.mp3', [
		'audio',
		'soundOrVideo',
		'video',
	]),
	video: ofMedium('a video file, such as .mp4 or .mov', 'NAME.mp4', [
		'video',
		'soundOrVideo',
		'animation',
	]),
};

function ofMedium(file: string, name: string, takes: FileKind[]): (typeof WANTED)[Purpose] {
	return { file, name, link: 'a link', binary: 'choose Binary File', more: '', takes };
}

/** The extension of a file, or of the path of an address, in lower case; empty without one. */
export function extensionOf(name: string): string {
	return /\.([a-z0-9]{1,20})$/i.exec(name)?.[1]?.toLowerCase() ?? '';
}

/** What a name says for sure about its file; undefined when that is nothing. */
export function kindOf(name: string): FileKind | undefined {
	return KIND_OF.get(extensionOf(name));
}

/** What to give instead of a file of another kind, to end a sentence with; undefined when it may fit. */
export function wrongKind(purpose: Purpose, name: string): string | undefined {
	const kind = kindOf(name);
	const { file, takes } = WANTED[purpose];
	if (kind === undefined || takes.includes(kind)) return undefined;
	const advice = (purpose === 'lora' ? ADVICE_FOR_LORA[kind] : undefined) ?? ADVICE[kind];
	return `${file}: ${advice}`;
}
