import type { Differences, InputName } from './inputs';

/** Which of the two models makes the video. */
export type ModelName = 'distilled' | 'full';

/** One of the two models, in all its endpoints. */
export interface Model {
	/** What the names of its endpoints have in front of the task. */
	path: string;
	/** Inputs that it takes besides those of the task. */
	inputs: readonly InputName[];
	differs?: Differences;
	/** US dollars for each megapixel, by the pages of its endpoints on fal.ai. */
	unitPrice: { withoutLoras: string; withLoras: string };
}

export const models: Record<ModelName, Model> = {
	distilled: {
		path: 'distilled/',
		inputs: [],
		differs: { acceleration: { default: 'none' } },
		unitPrice: { withoutLoras: '0.001205', withLoras: '0.001405' },
	},
	full: {
		path: '',
		inputs: [
			...(['num_inference_steps', 'gradient_estimation_gamma', 'use_restart_sampling'] as const),
			...(['video_cfg_scale', 'video_stg_scale', 'video_rescaling_scale'] as const),
			...(['audio_cfg_scale', 'audio_stg_scale', 'audio_rescaling_scale'] as const),
			...(['video_modality_scale', 'audio_modality_scale'] as const),
			...(['distill_lora_first_pass_scale'] as const),
		],
		unitPrice: { withoutLoras: '0.001605', withLoras: '0.001805' },
	},
};
