import { PRESET_SIZES } from './endpoints/choices.mts';
import type { Task } from './endpoints/endpoints.mts';
import type { ValidInput } from './endpoints/fields.mts';
import type { Size } from './endpoints/inputs.mts';
import type { Media } from './media/fetchMedia.mts';
import type { ImageMedium, VideoMedium } from './media/medium.mts';
import type { Variants } from './variants.mts';
import type { Clip, SoundPiece, Still, VideoSpec } from './video/spec.mts';

/** What a job makes a video from. */
export interface VideoJob {
	task: Task;
	input: ValidInput;
	media: Media;
	seed: number | bigint;
}

/** How a model delivers what fal's documentation leaves open. */
export interface Delivery {
	/** `enlarged`: with `use_multiscale` the video is larger than asked. */
	delivered: 'asked' | 'enlarged';
	variants: Pick<Variants, 'extendedBilling' | 'matchedLength'>;
}

/** Encoders take even sides only, and the least that every one of them takes. */
const SMALLEST_SIDE = 16;
const even = (side: number) => Math.max(SMALLEST_SIDE, Math.ceil(side / 2) * 2);

/** Multi-scale generation may end above the size asked: at the next multiple of 64. */
const enlarged = (side: number) => (Math.floor(side / 64) + 1) * 64;

/** The model works on 8n + 1 frames. */
const FEWEST_FRAMES = 9;
const onGrid = (frames: number) => Math.max(FEWEST_FRAMES, Math.round((frames - 1) / 8) * 8 + 1);

/** What a preprocessor makes of a video's frames: something that tells them apart. */
const EFFECTS = { depth: 'hue=s=0', canny: 'edgedetect', pose: 'negate', none: undefined };

function sizeOf({ input, media }: VideoJob, { delivered }: Delivery): Size {
	const automatic = media.video_url ?? media.image_url ?? PRESET_SIZES.landscape_16_9;
	const { width, height } = input.video_size === 'auto' ? automatic : input.video_size;
	const side = delivered === 'enlarged' && input.use_multiscale ? enlarged : even;
	return { width: side(width), height: side(height) };
}

function fpsOf({ input, media }: VideoJob): number {
	return (input.match_input_fps && media.video_url?.fps) || input.fps;
}

/** The frames that are generated. */
function framesOf({ input, media }: VideoJob, fps: number, { variants }: Delivery): number {
	const matched =
		(input.match_audio_length && media.audio_url) ||
		(input.match_video_length && media.video_url) ||
		undefined;
	if (!matched) return input.num_frames;
	const frames = Math.max(1, Math.round(matched.seconds * fps));
	return variants.matchedLength === 'grid' ? onGrid(frames) : frames;
}

/** The sound of a video that is not extended. */
function soundOf({ input, media }: VideoJob, frames: number): SoundPiece[] {
	const given = media.audio_url?.sound;
	if (given) return [{ source: given, frames }];
	return input.generate_audio ? [{ source: media.video_url?.sound ?? 'tone', frames }] : [];
}

type Composition = Pick<VideoSpec, 'frames' | 'clip' | 'stills' | 'sound'>;

function still(image: ImageMedium | undefined, frame: number): Still[] {
	return image ? [{ picture: image.picture, frame }] : [];
}

/** The input, and then what is generated; or the other way round. */
function extended(job: VideoJob, video: VideoMedium, generated: number, fps: number): Composition {
	const { input, media } = job;
	const given = input.match_input_fps ? video.frames : Math.round(video.seconds * fps);
	const isForward = input.extend_direction === 'forward';
	const clip: Clip = {
		picture: video.picture,
		...{ first: isForward ? 0 : generated, frames: given, isLettered: false },
	};
	const pieces: SoundPiece[] = [
		{ source: video.sound ?? 'silence', frames: given },
		{ source: 'tone', frames: generated },
	];
	return {
		frames: given + generated,
		clip,
		// The end of what is generated: before the input there is nothing else that ends.
		stills: still(media.end_image_url, (isForward ? given : 0) + generated - 1),
		sound: input.generate_audio ? (isForward ? pieces : pieces.reverse()) : [],
	};
}

function generated(job: VideoJob, frames: number): Composition {
	const { input, media } = job;
	const ends = [media.image_url, media.end_image_url];
	const [first, last] = input.interpolation_direction === 'backward' ? ends.reverse() : ends;
	const video = media.video_url;
	const clip: Clip | undefined = video && {
		picture: video.picture,
		effect: EFFECTS[input.preprocessor ?? 'none'],
		...{ first: 0, frames, isLettered: true },
	};
	return {
		...{ frames, clip, sound: soundOf(job, frames) },
		stills: [...still(first, 0), ...still(last, frames - 1)],
	};
}

/** What the model delivers for an input. */
export function videoSpecOf(job: VideoJob, delivery: Delivery): VideoSpec {
	const { task, input, media, seed } = job;
	const { width, height } = sizeOf(job, delivery);
	const fps = fpsOf(job);
	const asked = framesOf(job, fps, delivery);
	const composition =
		task === 'extend-video' && media.video_url
			? extended(job, media.video_url, asked, fps)
			: generated(job, asked);
	const { frames } = composition;
	const shownFps = Math.round(fps * 1000) / 1000;
	return {
		prompt: input.prompt,
		caption: `seed ${seed}, ${width}×${height}, ${frames} frames, ${shownFps} fps`,
		...{ width, height, fps },
		billedFrames: delivery.variants.extendedBilling === 'delivered' ? frames : asked,
		outputType: input.video_output_type,
		quality: input.video_quality,
		writeMode: input.video_write_mode,
		...composition,
	};
}
