import type { OutputType, Quality, WriteMode } from '../endpoints/choices.mts';

/** How a container is written. */
export interface Container {
	extension: string;
	contentType: string;
	/** ffmpeg's arguments for the picture. */
	picture(quality: Quality, mode: WriteMode): string[];
	/** ffmpeg's arguments for the sound; none when the container can't have any. */
	sound?: string[];
	/** Further filters, after the text is drawn. */
	filters?: string;
}

const X264_CRF = { low: 30, medium: 25, high: 20, maximum: 14 };
const X264_PRESET = { fast: 'ultrafast', balanced: 'veryfast', small: 'medium' };
const VP9_CRF = { low: 44, medium: 38, high: 31, maximum: 20 };
const VP9_SPEED = { fast: '8', balanced: '7', small: '5' };
const PRORES_SCALE = { low: 24, medium: 16, high: 10, maximum: 4 };

const CONTAINERS: Record<OutputType, Container> = {
	'X264 (.mp4)': {
		extension: 'mp4',
		contentType: 'video/mp4',
		picture: (quality, mode) => [
			...['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-movflags', '+faststart'],
			...['-preset', X264_PRESET[mode], '-crf', String(X264_CRF[quality])],
		],
		sound: ['-c:a', 'aac', '-b:a', '128k'],
	},
	'VP9 (.webm)': {
		extension: 'webm',
		contentType: 'video/webm',
		picture: (quality, mode) => [
			...['-c:v', 'libvpx-vp9', '-pix_fmt', 'yuv420p', '-deadline', 'realtime', '-row-mt', '1'],
			...['-cpu-used', VP9_SPEED[mode], '-b:v', '0', '-crf', String(VP9_CRF[quality])],
		],
		sound: ['-c:a', 'libopus', '-b:a', '96k'],
	},
	'PRORES4444 (.mov)': {
		extension: 'mov',
		contentType: 'video/quicktime',
		picture: (quality) => [
			...['-c:v', 'prores_ks', '-profile:v', '4444', '-pix_fmt', 'yuv444p10le'],
			...['-qscale:v', String(PRORES_SCALE[quality])],
		],
		sound: ['-c:a', 'pcm_s16le'],
	},
	'GIF (.gif)': {
		extension: 'gif',
		contentType: 'image/gif',
		picture: () => ['-c:v', 'gif'],
		filters: 'split[a][b];[a]palettegen[p];[b][p]paletteuse=dither=none',
	},
};

/** The container of an output type. */
export function containerOf(type: OutputType): Container {
	return CONTAINERS[type];
}
