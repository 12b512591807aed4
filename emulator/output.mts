import { randomInt } from 'node:crypto';

import type { ModelResponse } from './responses.mts';
import type { JsonValue } from './json.mts';
import type { OutputChanges } from './script.mts';
import { PRESET_SIZES } from './endpoints/choices.mts';
import type { ValidInput } from './endpoints/fields.mts';
import type { VideoSpec } from './video.mts';

/** The `video` of an output (endpoint's OpenAPI: VideoFile). */
export interface VideoFile {
	url: string;
	content_type: string;
	file_name: string;
	/** In bytes. */
	file_size: number;
	width: number;
	height: number;
	fps: number;
	/** In seconds. */
	duration: number;
	num_frames: number;
}

/** Encoders take even sides only, and the least that every one of them takes. */
const SMALLEST_SIDE = 16;
const even = (side: number) => Math.max(SMALLEST_SIDE, Math.ceil(side / 2) * 2);

/** Multi-scale generation may end above the size asked: at the next multiple of 64. */
const enlarged = (side: number) => (Math.floor(side / 64) + 1) * 64;

/** The seed that makes the video: the one asked, else a random one. */
export function chooseSeed(input: ValidInput, changes: OutputChanges): number | bigint {
	return changes.seed ?? input.seed ?? randomInt(2 ** 31);
}

/** What the model delivers for an input. */
export function videoSpecOf(
	input: ValidInput,
	seed: number | bigint,
	delivered: 'asked' | 'enlarged',
): VideoSpec {
	const size = delivered === 'enlarged' && input.use_multiscale ? enlarged : even;
	const asked = input.video_size === 'auto' ? PRESET_SIZES.landscape_16_9 : input.video_size;
	const [width, height] = [size(asked.width), size(asked.height)];
	return {
		prompt: input.prompt,
		caption: `seed ${seed}, ${width}×${height}, ${input.num_frames} frames, ${input.fps} fps`,
		...{ width, height, frames: input.num_frames, fps: input.fps },
		outputType: input.video_output_type,
		quality: input.video_quality,
		writeMode: input.video_write_mode,
		audio: input.generate_audio ?? true,
	};
}

/**
 * What a video is billed as: its megapixels, width × height × frames / 10^6, as a plain decimal
 * (endpoint page: pricing).
 */
export function billableUnits({ width, height, frames }: VideoSpec): string {
	return (BigInt(width) * BigInt(height) * BigInt(frames))
		.toString()
		.padStart(7, '0')
		.replace(/(\d{6})$/, '.$1')
		.replace(/\.?0+$/, '');
}

/** The result of a job that made a video. */
export function videoResponse(
	spec: VideoSpec,
	seed: number | bigint,
	video: VideoFile,
	changes: OutputChanges,
): ModelResponse {
	const missing: readonly string[] = changes.without ?? [];
	const fields = Object.entries<JsonValue>({ ...video, ...changes.video });
	const shown = Object.fromEntries(fields.filter(([field]) => !missing.includes(field)));
	return {
		status: 200,
		body: { video: shown, seed, prompt: spec.prompt },
		billableUnits:
			changes.billableUnits === undefined ? billableUnits(spec) : changes.billableUnits,
	};
}
