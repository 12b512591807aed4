import { presetOrCustomSize } from '../inputs';
import { SETTINGS, type Task } from './Task';

export const textToVideo: Task = {
	name: 'text-to-video',
	models: ['distilled', 'full'],
	inputs: [
		...(['prompt', 'num_frames', 'video_size', 'generate_audio', 'use_multiscale', 'fps'] as const),
		...SETTINGS,
	],
	required: ['prompt'],
	differs: { video_size: { schema: presetOrCustomSize, default: 'landscape_16_9' } },
	// The page of this one on fal.ai; its OpenAPI document and all others say `ltx2`.
	defaultReadings: { model: 'distilled', takesLoras: true, values: { scheduler: 'beta' } },
};
