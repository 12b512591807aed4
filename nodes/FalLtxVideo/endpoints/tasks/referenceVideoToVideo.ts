import { SETTINGS, type Task } from './Task';

export const referenceVideoToVideo: Task = {
	name: 'reference-video-to-video',
	models: ['distilled', 'full'],
	inputs: [
		...(['prompt', 'video_url', 'preprocessor', 'ic_lora_type', 'image_url'] as const),
		...(['end_image_url', 'audio_url', 'match_video_length', 'num_frames'] as const),
		...(['video_size', 'generate_audio', 'use_multiscale', 'match_input_fps', 'fps'] as const),
		...(['video_strength', 'audio_strength'] as const),
		...SETTINGS,
	],
	required: ['prompt', 'video_url'],
	sizeOf: 'video_url',
	lengthOf: { file: 'video_url', while: 'match_video_length' },
	fpsOf: { file: 'video_url', while: 'match_input_fps' },
};
