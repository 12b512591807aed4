import type { Endpoint, PixelSize } from './Endpoint';

/** What the price and the length of a video depend on. */
export interface VideoShape extends PixelSize {
	frames: number;
	fps: number;
}

/** The inputs that a video's shape is made of, as any LTX endpoint names them. */
interface ShapeInput {
	video_size?: string | PixelSize;
	num_frames?: number;
	fps?: number;
}

/** A checked input's size in pixels, frames and frame rate, with fal's defaults for what is not set. */
export function shapeOf(endpoint: Endpoint, input: ShapeInput): VideoShape {
	const defaults = endpoint.defaults as Required<ShapeInput>;
	const { width, height } = pixelsOf(endpoint, input.video_size ?? defaults.video_size);
	const { num_frames: frames = defaults.num_frames, fps = defaults.fps } = input;
	return { width, height, frames, fps };
}

/** @throws RangeError for a preset that the endpoint doesn't have (the input was not checked) */
function pixelsOf(endpoint: Endpoint, size: string | PixelSize): PixelSize {
	if (typeof size !== 'string') return size;
	const pixels = endpoint.sizes[size];
	if (!pixels) throw new RangeError(`${endpoint.id} has no video size named ${size}`);
	return pixels;
}

/** What a person should know of values that fal takes and the model then changes. */
export interface GridRemark {
	field: 'num_frames' | 'video_size';
	message: string;
}

/** Remarks on frames and sides that the model can't make as they are; empty when all fit. */
export function offGrid(endpoint: Endpoint, shape: VideoShape): GridRemark[] {
	const remarks: GridRemark[] = [];
	const { frames, side } = endpoint.grid;
	if ((shape.frames - 1) % frames !== 0) {
		const below = shape.frames - 1 - ((shape.frames - 1) % frames) + 1;
		remarks.push({
			field: 'num_frames',
			message: `The model makes ${frames}k + 1 frames: ${shape.frames} may be changed by fal, ${below} or ${below + frames} fit`,
		});
	}
	if (shape.width % side !== 0 || shape.height % side !== 0) {
		const fitting = (length: number) => Math.max(side, Math.round(length / side) * side);
		remarks.push({
			field: 'video_size',
			message: `The model makes sides that are multiples of ${side}: ${shape.width} × ${shape.height} may be changed by fal, ${fitting(shape.width)} × ${fitting(shape.height)} fits`,
		});
	}
	return remarks;
}
