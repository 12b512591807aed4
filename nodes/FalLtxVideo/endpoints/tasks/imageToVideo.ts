import { SETTINGS, type Task } from './Task';

export const imageToVideo: Task = {
	name: 'image-to-video',
	models: ['distilled', 'full'],
	inputs: [
		...(['prompt', 'image_url', 'end_image_url', 'interpolation_direction'] as const),
		...(['num_frames', 'video_size', 'generate_audio', 'use_multiscale', 'fps'] as const),
		...(['image_strength', 'end_image_strength'] as const),
		...SETTINGS,
	],
	required: ['prompt', 'image_url'],
	sizeOf: 'image_url',
};
