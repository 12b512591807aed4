import { z } from 'zod';
import { presets } from './sizes';
import { visibleText } from './visibleText';

/*
 * Every input of the LTX-2.3 22B endpoints, as their OpenAPI documents on fal.ai describe it. A task
 * names its inputs, and says where one differs there.
 */

/** What a file is that an input takes by its URL. */
export type Medium = 'image' | 'audio' | 'video';

/** One input. */
export interface Input {
	/** What fal accepts when it is sent. */
	schema: z.ZodTypeAny;
	/** What fal uses when it is not sent; none for what has no value then. */
	default?: unknown;
	/** Of the file at a URL. */
	medium?: Medium;
}

/** Where inputs differ from what they mostly are. */
export type Differences = { [Name in InputName]?: Partial<Input> };

/** What fal uses inside a LoRA row and a custom size for what is left out there. */
export const NESTED_DEFAULTS = { loraScale: 1, side: 512 } as const;

/** The value of `video_size` that follows the size of an image or a video. */
export const AUTO_SIZE = 'auto';

const side = z.number().int().min(1).max(14142);

const customSize = z.object({ width: side, height: side });

/** The sizes of a task with nothing to follow. */
export const presetOrCustomSize = z.union([z.enum(presets), customSize]);

/** One LoRA. fal takes an empty path and fails on it later, for the price of a wait: refuse it here. */
const lora = z.object({
	path: visibleText(),
	weight_name: z.string().nullable().optional(),
	scale: z.number().min(0).max(4).optional(),
});

const unit = z.number().min(0).max(1);

const guidance = (least: number, most: number) => z.number().min(least).max(most);

const direction = z.enum(['forward', 'backward']);

const CAMERA_LORAS = [
	...(['dolly_in', 'dolly_out', 'dolly_left', 'dolly_right'] as const),
	...(['jib_up', 'jib_down', 'static', 'none'] as const),
] as const;

const NEGATIVE_PROMPT =
	'news broadcast, 3d animation, computer graphics, pc game, console game, video game, cartoon, childish, watermark, logo, text, on screen text, subtitles, titles, signature, slowmo, static';

export const inputs = {
	/** fal takes blanks and makes, and bills, any video. */
	prompt: { schema: visibleText() },
	image_url: { schema: visibleText(), medium: 'image' },
	end_image_url: { schema: visibleText(), medium: 'image' },
	audio_url: { schema: visibleText(), medium: 'audio' },
	video_url: { schema: visibleText(), medium: 'video' },
	loras: { schema: z.array(lora).min(1) },

	video_size: {
		schema: z.union([z.enum([AUTO_SIZE, ...presets]), customSize]),
		default: AUTO_SIZE,
	},
	num_frames: { schema: z.number().int().min(9).max(481), default: 121 },
	fps: { schema: z.number().min(1).max(60), default: 24 },
	match_audio_length: { schema: z.boolean(), default: true },
	match_video_length: { schema: z.boolean(), default: true },
	match_input_fps: { schema: z.boolean(), default: true },
	num_context_frames: { schema: z.number().int().min(0).max(121), default: 25 },
	extend_direction: { schema: direction, default: 'forward' },
	interpolation_direction: { schema: direction, default: 'forward' },

	image_strength: { schema: unit, default: 1 },
	end_image_strength: { schema: unit, default: 1 },
	audio_strength: { schema: unit, default: 1 },
	video_strength: { schema: unit, default: 1 },
	preprocess_audio: { schema: z.boolean(), default: true },
	preprocessor: { schema: z.enum(['depth', 'canny', 'pose', 'none']), default: 'none' },
	ic_lora_type: {
		schema: z.enum(['match_preprocessor', 'union', 'detailer', 'none']),
		default: 'union',
	},

	generate_audio: { schema: z.boolean(), default: true },
	use_multiscale: { schema: z.boolean(), default: true },
	scheduler: { schema: z.enum(['ltx2', 'linear_quadratic', 'beta']), default: 'ltx2' },
	acceleration: { schema: z.enum(['none', 'regular', 'high', 'full']), default: 'regular' },
	camera_lora: { schema: z.enum(CAMERA_LORAS), default: 'none' },
	camera_lora_scale: { schema: unit, default: 1 },
	negative_prompt: { schema: z.string(), default: NEGATIVE_PROMPT },
	// Seeds go beyond 2^53, where a number is no longer exact: those are bigints.
	seed: { schema: z.union([z.number().int().safe(), z.bigint()]).nullable() },
	enable_prompt_expansion: { schema: z.boolean(), default: true },
	enable_safety_checker: { schema: z.boolean(), default: true },
	distill_lora_second_pass_scale: { schema: unit, default: 0.5 },

	num_inference_steps: { schema: z.number().int().min(8).max(50), default: 40 },
	video_cfg_scale: { schema: guidance(1, 20), default: 3 },
	video_stg_scale: { schema: guidance(0, 20), default: 0 },
	video_rescaling_scale: { schema: unit, default: 0.7 },
	video_modality_scale: { schema: guidance(0, 10), default: 3 },
	audio_cfg_scale: { schema: guidance(1, 20), default: 7 },
	audio_stg_scale: { schema: guidance(0, 20), default: 0 },
	audio_rescaling_scale: { schema: unit, default: 0.7 },
	audio_modality_scale: { schema: guidance(0, 10), default: 3 },
	gradient_estimation_gamma: { schema: guidance(0, 10), default: 2 },
	use_restart_sampling: { schema: z.boolean(), default: false },
	distill_lora_first_pass_scale: { schema: unit, default: 0.2 },

	video_output_type: {
		schema: z.enum(['X264 (.mp4)', 'VP9 (.webm)', 'PRORES4444 (.mov)', 'GIF (.gif)']),
		default: 'X264 (.mp4)',
	},
	video_quality: { schema: z.enum(['low', 'medium', 'high', 'maximum']), default: 'high' },
	video_write_mode: { schema: z.enum(['fast', 'balanced', 'small']), default: 'balanced' },
	sync_mode: { schema: z.boolean(), default: false },
} as const satisfies Record<string, Input>;

/** fal's name of an input. */
export type InputName = keyof typeof inputs;

/** The names and types of all inputs that fields are made for. */
export type KnownInput = { [Name in InputName]: z.infer<(typeof inputs)[Name]['schema']> };
