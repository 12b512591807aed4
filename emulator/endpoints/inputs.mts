import {
	boolean,
	float,
	integer,
	list,
	literal,
	model,
	nullable,
	optional,
	required,
	string,
	within,
	type Check,
	type FieldError,
} from '../checks.mts';
import { OUTPUT_TYPES, PRESET_SIZES, QUALITIES, WRITE_MODES, type PresetSize } from './choices.mts';

/** In pixels. */
export interface Size {
	width: number;
	height: number;
}

const side = optional(within(integer, { gt: 0, le: 14142 }), 512);
const customSize = model({ width: side, height: side });
const presets = Object.keys(PRESET_SIZES) as PresetSize[];

/** A union: when no member takes the value, the faults of all members are reported. */
function sizeOr<const T extends string>(words: readonly T[]): Check<Size | T> {
	const known = [...words, ...presets];
	const word = literal<T | PresetSize>(known);
	return (value, loc, errors) => {
		const found: FieldError[] = [];
		const custom = customSize(value, [...loc, 'ImageSize'], found);
		if (custom) return custom;
		const named = word(value, [...loc, `literal[${known.map((p) => `'${p}'`)}]`], found);
		if (named !== undefined)
			return named in PRESET_SIZES ? sizeOf(named as PresetSize) : (named as T);
		errors.push(...found);
		return undefined;
	};
}

const sizeOf = (preset: PresetSize): Size => PRESET_SIZES[preset];

/** A size in pixels, or under a name. */
export const size: Check<Size> = sizeOr([]);

/** Also `auto`: the size of what was given. */
export const sizeOrAuto: Check<Size | 'auto'> = sizeOr(['auto']);

const unit = within(float, { ge: 0, le: 1 });
const upTo = (ge: number, le: number, value: number) => optional(within(float, { ge, le }), value);
const strength = (value: number) => optional(unit, value);
const url = required(string);
const optionalUrl = optional(nullable(string), null);
const yes = optional(boolean, true);

const lora = model({
	path: required(string),
	scale: upTo(0, 4, 1),
	weight_name: optional(nullable(string), null),
});

/** What is kept out of a video unless asked otherwise. */
const NEGATIVE_PROMPT =
	'news broadcast, 3d animation, computer graphics, pc game, console game, video game, cartoon, childish, watermark, logo, text, on screen text, subtitles, titles, signature, slowmo, static';

export const SCHEDULERS = ['ltx2', 'linear_quadratic', 'beta'] as const;
export const ACCELERATIONS = ['none', 'regular', 'high', 'full'] as const;

/** Inputs of every endpoint. */
export const COMMON = {
	prompt: required(string),
	num_frames: optional(within(integer, { ge: 9, le: 481 }), 121),
	use_multiscale: yes,
	fps: upTo(1, 60, 24),
	scheduler: optional(literal(SCHEDULERS), 'ltx2'),
	acceleration: optional(literal(ACCELERATIONS), 'none'),
	camera_lora: optional(
		literal([
			'dolly_in',
			'dolly_out',
			'dolly_left',
			'dolly_right',
			'jib_up',
			'jib_down',
			'static',
			'none',
		]),
		'none',
	),
	camera_lora_scale: strength(1),
	negative_prompt: optional(string, NEGATIVE_PROMPT),
	seed: optional(nullable(integer), null),
	enable_prompt_expansion: yes,
	enable_safety_checker: yes,
	video_output_type: optional(literal(OUTPUT_TYPES), 'X264 (.mp4)'),
	video_quality: optional(literal(QUALITIES), 'high'),
	video_write_mode: optional(literal(WRITE_MODES), 'balanced'),
	sync_mode: optional(boolean, false),
};

/** Of every endpoint; after `loras` where there are any. */
export const SECOND_PASS = { distill_lora_second_pass_scale: strength(0.5) };

/** What the endpoints with LoRAs have besides. */
export const LORAS = { loras: required(list(lora)) };

const GUIDANCE = {
	stg_scale: upTo(0, 20, 0),
	rescaling_scale: strength(0.7),
	modality_scale: upTo(0, 10, 3),
};

/** What the full model has besides. */
export const FULL = {
	num_inference_steps: optional(within(integer, { ge: 8, le: 50 }), 40),
	video_cfg_scale: upTo(1, 20, 3),
	video_stg_scale: GUIDANCE.stg_scale,
	video_rescaling_scale: GUIDANCE.rescaling_scale,
	video_modality_scale: GUIDANCE.modality_scale,
	audio_cfg_scale: upTo(1, 20, 7),
	audio_stg_scale: GUIDANCE.stg_scale,
	audio_rescaling_scale: GUIDANCE.rescaling_scale,
	audio_modality_scale: GUIDANCE.modality_scale,
	gradient_estimation_gamma: upTo(0, 10, 2),
	use_restart_sampling: optional(boolean, false),
	distill_lora_first_pass_scale: strength(0.2),
};

const generatesAudio = { generate_audio: yes };
const autoSize = { video_size: optional(sizeOrAuto, 'auto') };
const landscape = PRESET_SIZES.landscape_16_9;
const imageStrengths = { image_strength: strength(1), end_image_strength: strength(1) };
const matchesVideo = { match_video_length: yes, match_input_fps: yes };
const videoStrengths = (value: number) => ({
	video_strength: strength(value),
	audio_strength: strength(value),
});

/** What each task has besides. */
export const OF_TASK = {
	'text-to-video': {
		video_size: optional(size, landscape),
		...generatesAudio,
	},
	'image-to-video': {
		image_url: url,
		end_image_url: optionalUrl,
		...autoSize,
		...generatesAudio,
		interpolation_direction: optional(literal(['forward', 'backward']), 'forward'),
		...imageStrengths,
	},
	'audio-to-video': {
		audio_url: url,
		image_url: optionalUrl,
		end_image_url: optionalUrl,
		match_audio_length: yes,
		video_size: optional(sizeOrAuto, landscape),
		...imageStrengths,
		audio_strength: strength(1),
		preprocess_audio: yes,
	},
	'video-to-video': {
		video_url: url,
		...matchesVideo,
		...autoSize,
		...generatesAudio,
		...videoStrengths(0.01),
	},
	'reference-video-to-video': {
		video_url: url,
		audio_url: optionalUrl,
		image_url: optionalUrl,
		end_image_url: optionalUrl,
		...matchesVideo,
		...autoSize,
		...generatesAudio,
		...videoStrengths(1),
		preprocessor: optional(literal(['depth', 'canny', 'pose', 'none']), 'none'),
		ic_lora_type: optional(literal(['match_preprocessor', 'union', 'detailer', 'none']), 'union'),
	},
	'extend-video': {
		video_url: url,
		end_image_url: optionalUrl,
		match_input_fps: yes,
		...autoSize,
		...generatesAudio,
		extend_direction: optional(literal(['forward', 'backward']), 'forward'),
		num_context_frames: optional(within(integer, { ge: 0, le: 121 }), 25),
		...videoStrengths(1),
		end_image_strength: strength(1),
	},
};
