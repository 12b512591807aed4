import { randomInt } from 'node:crypto';

import type { ModelResponse } from './responses.mts';
import type { JsonValue } from './json.mts';
import type { OutputChanges } from './script.mts';
import type { ValidInput } from './endpoints/fields.mts';
import type { VideoSpec } from './video/spec.mts';

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

/** The seed that makes the video: the one asked, else a random one. */
export function chooseSeed(input: ValidInput, changes: OutputChanges): number | bigint {
	return changes.seed ?? input.seed ?? randomInt(2 ** 31);
}

/**
 * What a video is billed as: the megapixels of what was generated, width × height × frames / 10^6,
 * as a plain decimal (endpoint pages: pricing).
 */
export function billableUnits({ width, height, billedFrames }: VideoSpec): string {
	return (BigInt(width) * BigInt(height) * BigInt(billedFrames))
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
