import type { Differences, InputName } from '../inputs';
import type { ModelName } from '../models';

/** What is made out of what. Each task is served by an endpoint for each model, with and without LoRAs. */
export interface Task {
	/** As in the names of its endpoints. */
	name: string;
	models: readonly ModelName[];
	/** But for those that a model or LoRAs add. */
	inputs: readonly InputName[];
	required: readonly InputName[];
	differs?: Differences;
	/** Defaults that other sources of fal have for one of its endpoints. */
	defaultReadings?: { model: ModelName; takesLoras: boolean; values: Record<string, unknown> };
	/** The file whose size the video has when it is `auto`. */
	sizeOf?: InputName;
	/** The file whose length the video has, while the other input is true. */
	lengthOf?: { file: InputName; while: InputName };
	/** The file whose frame rate the video has, while the other input is true. */
	fpsOf?: { file: InputName; while: InputName };
}

/** Inputs of every task that say what the video is like. */
export const SETTINGS = [
	...(['scheduler', 'acceleration', 'camera_lora', 'camera_lora_scale'] as const),
	...(['negative_prompt', 'seed', 'enable_prompt_expansion', 'enable_safety_checker'] as const),
	...(['video_output_type', 'video_quality', 'video_write_mode', 'sync_mode'] as const),
	...(['distill_lora_second_pass_scale'] as const),
] as const satisfies readonly InputName[];
