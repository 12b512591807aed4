import type { Endpoint, PixelSize, VideoInput } from './Endpoint';
import { AUTO_SIZE, type InputName } from './inputs';
import { GRID, largerSizes, sizes } from './sizes';
import type { Task } from './tasks/Task';

/** What is known of a file that an input takes. */
export interface FileFacts {
	/** In pixels, as it is shown. */
	width?: number;
	height?: number;
	/** In seconds. */
	seconds?: number;
	fps?: number;
}

/** The facts of the files that are at hand, by their inputs. */
export type FactsByInput = { [Name in InputName]?: FileFacts };

/** What the price and the length of a video depend on; null is what can't be known beforehand. */
export interface VideoShape {
	size: PixelSize | null;
	frames: number | null;
	fps: number | null;
	/** Whether the video may come out larger than asked. */
	isMultiscale: boolean;
}

/** What a checked input will make, with fal's defaults for what is not set. */
export function shapeOf(
	endpoint: Endpoint,
	input: VideoInput,
	facts: FactsByInput = {},
): VideoShape {
	const { task } = endpoint;
	const given = { ...endpoint.defaults, ...input } as Required<VideoInput>;
	const { fpsOf, lengthOf } = task;
	const fps = isFollowed(fpsOf, given) ? (facts[fpsOf.file]?.fps ?? null) : given.fps;
	return {
		size: sizeOf(task, given.video_size, facts),
		frames: isFollowed(lengthOf, given)
			? matchedFrames(facts[lengthOf.file]?.seconds, fps)
			: given.num_frames,
		fps,
		isMultiscale: given.use_multiscale === true,
	};
}

/** Whether an input's own value gives way to that of a file. */
export function isFollowed(
	following: Task['lengthOf'],
	given: Record<string, unknown>,
): following is { file: InputName; while: InputName } {
	return following !== undefined && (given[following.while] ?? true) === true;
}

function sizeOf({ sizeOf: file }: Task, size: string | PixelSize, facts: FactsByInput) {
	if (typeof size !== 'string') return size;
	if (size !== AUTO_SIZE) return sizes[size as keyof typeof sizes];
	const { width, height } = (file && facts[file]) ?? {};
	return width && height ? { width, height } : null;
}

/** Up to the next number of frames that the model makes: whether fal rounds up or down is not documented. */
function matchedFrames(seconds: number | undefined, fps: number | null): number | null {
	if (!seconds || !fps) return null;
	return Math.ceil((seconds * fps - 1) / GRID.frames) * GRID.frames + 1;
}

/** The number of frames that the model makes which is nearest to a length in seconds. */
export function framesOf(seconds: number, fps: number): number {
	return Math.round((seconds * fps - 1) / GRID.frames) * GRID.frames + 1;
}

/** What a person should know of values that fal takes and the model then changes. */
export interface GridRemark {
	field: 'num_frames' | 'video_size';
	message: string;
}

/** Remarks on frames and sides that the model can't make as they are; empty when all fit. */
export function offGrid(input: VideoInput): GridRemark[] {
	return [...framesRemarks(input.num_frames), ...sizeRemarks(input.video_size)];
}

function framesRemarks(frames: number | undefined): GridRemark[] {
	if (frames === undefined || (frames - 1) % GRID.frames === 0) return [];
	const below = frames - 1 - ((frames - 1) % GRID.frames) + 1;
	const message = `The model can't make exactly ${frames} frames, so fal may change them: ${below} and ${below + GRID.frames} fit`;
	return [{ field: 'num_frames', message }];
}

function sizeRemarks(size: VideoInput['video_size']): GridRemark[] {
	if (typeof size !== 'object') return [];
	const { width, height } = size;
	const { side } = GRID;
	const isKnown = Object.values(largerSizes).some(
		(known) => known.width === width && known.height === height,
	);
	if (isKnown || (width % side === 0 && height % side === 0)) return [];
	const fitting = (length: number) => Math.max(side, Math.round(length / side) * side);
	const message = `The model makes sides that are multiples of ${side}: ${width} × ${height} may be changed by fal, ${fitting(width)} × ${fitting(height)} fits`;
	return [{ field: 'video_size', message }];
}
