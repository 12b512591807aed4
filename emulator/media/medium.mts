import { ffprobe, ONLY_FILES, type Probed, type ProbedStream } from './ffprobe.mts';

/** ffmpeg's arguments for an input. */
export type Source = readonly string[];

export interface ImageMedium {
	picture: Source;
	/** In pixels. */
	width: number;
	height: number;
}

export interface AudioMedium {
	sound: Source;
	seconds: number;
}

export interface VideoMedium extends ImageMedium {
	/** None when it is silent. */
	sound?: Source;
	seconds: number;
	fps: number;
	frames: number;
}

/** What a medium of each kind is. */
export interface Mediums {
	image: ImageMedium;
	audio: AudioMedium;
	video: VideoMedium;
}

export type MediumKind = keyof Mediums;

const lavfi = (graph: string): Source => ['-f', 'lavfi', '-i', graph];

/** What stands for a file of another host, which is not asked for it. */
export const PLACEHOLDERS: Readonly<Mediums> = {
	image: { picture: lavfi('testsrc=s=1024x576:r=1:d=1'), width: 1024, height: 576 },
	audio: { sound: lavfi('sine=frequency=220:sample_rate=48000:duration=5'), seconds: 5 },
	video: {
		picture: lavfi('testsrc=s=1024x576:r=24:d=5'),
		sound: lavfi('sine=frequency=220:sample_rate=48000:duration=5'),
		...{ width: 1024, height: 576, seconds: 5, fps: 24, frames: 120 },
	},
};

/** ffmpeg's names of formats that are one picture; `gif` may be either. */
const PICTURE_FORMAT = /_pipe$|^image2$|^apng$|^ico$/;

function fraction(text = ''): number {
	const [over = 0, under = 0] = text.split('/').map(Number);
	return over > 0 && under > 0 ? over / under : 0;
}

function pictureOf({ streams }: Probed): ProbedStream | undefined {
	return streams.find(
		({ codec_type, disposition, width = 0, height = 0 }) =>
			codec_type === 'video' && !disposition?.attached_pic && width > 0 && height > 0,
	);
}

/** A phone may record upright pictures lying, and say so. */
function sizeOf({ width = 0, height = 0, tags, side_data_list = [] }: ProbedStream) {
	const turned = Number(
		tags?.rotate ?? side_data_list.find((data) => data.rotation)?.rotation ?? 0,
	);
	return turned % 180 === 0 ? { width, height } : { width: height, height: width };
}

const READERS: {
	[Kind in MediumKind]: (probed: Probed, file: Source) => Mediums[Kind] | undefined;
} = {
	image(probed, file) {
		const name = probed.format.format_name ?? '';
		const picture = pictureOf(probed);
		if (!picture || !(PICTURE_FORMAT.test(name) || name === 'gif')) return undefined;
		return { picture: file, ...sizeOf(picture) };
	},
	audio(probed, file) {
		const sound = probed.streams.find(({ codec_type }) => codec_type === 'audio');
		const seconds = Number(sound?.duration ?? probed.format.duration ?? 0);
		return sound && seconds > 0 ? { sound: file, seconds } : undefined;
	},
	video(probed, file) {
		const picture = pictureOf(probed);
		if (!picture || PICTURE_FORMAT.test(probed.format.format_name ?? '')) return undefined;
		const fps = fraction(picture.avg_frame_rate) || fraction(picture.r_frame_rate);
		const frames = Number(picture.nb_read_packets ?? 0);
		if (!fps || !frames) return undefined;
		const sound = probed.streams.some(({ codec_type }) => codec_type === 'audio');
		return {
			...{ picture: file, ...(sound && { sound: file }), ...sizeOf(picture) },
			...{ fps, frames, seconds: frames / fps },
		};
	},
};

/**
 * Reads the facts of a file.
 * @returns undefined when it is no medium of that kind.
 */
export async function readMedium<Kind extends MediumKind>(
	kind: Kind,
	file: string,
	signal: AbortSignal,
): Promise<Mediums[Kind] | undefined> {
	const probed = await ffprobe(file, signal);
	return probed && READERS[kind](probed, [...ONLY_FILES, '-i', `file:${file}`]);
}
