import { z } from 'zod';
import type { Endpoint } from './Endpoint';
import { LTX_2_3_DISTILLED_TEXT_TO_VIDEO_LORA } from './ids';
import { visibleText } from './visibleText';

/*
 * LTX-2.3 22B Distilled, text to video with LoRAs, as its page on fal.ai describes it
 * (https://fal.ai/models/fal-ai/ltx-2.3-22b/distilled/text-to-video/lora/api). Where the page and
 * the endpoint's OpenAPI differ (the default scheduler), the page is followed; as optional inputs
 * are only sent when a person set them, neither reading changes what fal makes.
 */

const sizes = {
	square_hd: { width: 1024, height: 1024 },
	square: { width: 512, height: 512 },
	portrait_4_3: { width: 768, height: 1024 },
	portrait_16_9: { width: 576, height: 1024 },
	landscape_4_3: { width: 1024, height: 768 },
	landscape_16_9: { width: 1024, height: 576 },
} as const;

type Preset = keyof typeof sizes;
const presets = Object.keys(sizes) as [Preset, ...Preset[]];

const side = z.number().int().min(1).max(14142);

/** One LoRA. fal takes an empty path and fails on it later, for the price of a wait: refuse it here. */
const lora = z.object({
	path: visibleText(),
	weight_name: z.string().nullable().optional(),
	scale: z.number().min(0).max(4).optional(),
});

const input = z.object({
	/** fal takes blanks and makes, and bills, any video. */
	prompt: visibleText(),
	num_frames: z.number().int().min(9).max(481).optional(),
	video_size: z.union([z.enum(presets), z.object({ width: side, height: side })]).optional(),
	generate_audio: z.boolean().optional(),
	use_multiscale: z.boolean().optional(),
	fps: z.number().min(1).max(60).optional(),
	scheduler: z.enum(['ltx2', 'linear_quadratic', 'beta']).optional(),
	acceleration: z.enum(['none', 'regular', 'high', 'full']).optional(),
	camera_lora: z
		.enum([
			'dolly_in',
			'dolly_out',
			'dolly_left',
			'dolly_right',
			'jib_up',
			'jib_down',
			'static',
			'none',
		])
		.optional(),
	camera_lora_scale: z.number().min(0).max(1).optional(),
	negative_prompt: z.string().optional(),
	// Seeds go beyond 2^53, where a number is no longer exact: those are bigints.
	seed: z.union([z.number().int().safe(), z.bigint()]).nullable().optional(),
	enable_prompt_expansion: z.boolean().optional(),
	enable_safety_checker: z.boolean().optional(),
	video_output_type: z
		.enum(['X264 (.mp4)', 'VP9 (.webm)', 'PRORES4444 (.mov)', 'GIF (.gif)'])
		.optional(),
	video_quality: z.enum(['low', 'medium', 'high', 'maximum']).optional(),
	video_write_mode: z.enum(['fast', 'balanced', 'small']).optional(),
	sync_mode: z.boolean().optional(),
	loras: z.array(lora).min(1),
	distill_lora_second_pass_scale: z.number().min(0).max(1).optional(),
});

/** What the node sends to this endpoint. */
export type Ltx23Input = z.infer<typeof input>;

export const ltx23DistilledTextToVideoLora = {
	id: LTX_2_3_DISTILLED_TEXT_TO_VIDEO_LORA,
	input,
	defaults: {
		num_frames: 121,
		video_size: 'landscape_16_9',
		generate_audio: true,
		use_multiscale: true,
		fps: 24,
		scheduler: 'beta',
		acceleration: 'none',
		camera_lora: 'none',
		camera_lora_scale: 1,
		negative_prompt:
			'news broadcast, 3d animation, computer graphics, pc game, console game, video game, cartoon, childish, watermark, logo, text, on screen text, subtitles, titles, signature, slowmo, static',
		enable_prompt_expansion: true,
		enable_safety_checker: true,
		video_output_type: 'X264 (.mp4)',
		video_quality: 'high',
		video_write_mode: 'balanced',
		sync_mode: false,
		distill_lora_second_pass_scale: 0.5,
	},
	// The endpoint's OpenAPI and its siblings.
	defaultReadings: { scheduler: 'ltx2' },
	nestedDefaults: { loraScale: 1, side: 512 },
	sizes,
	grid: { frames: 8, side: 32 },
	price: {
		unitPrice: '0.001405',
		unit: 'megapixels',
		currency: 'USD',
		roundedUpTo: '0.0001',
	},
} as const satisfies Endpoint<typeof input>;
