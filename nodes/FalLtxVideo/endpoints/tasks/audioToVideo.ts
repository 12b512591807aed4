import { SETTINGS, type Task } from './Task';

export const audioToVideo: Task = {
	name: 'audio-to-video',
	models: ['distilled', 'full'],
	inputs: [
		...(['prompt', 'audio_url', 'image_url', 'end_image_url', 'match_audio_length'] as const),
		...(['num_frames', 'video_size', 'use_multiscale', 'fps'] as const),
		...(['image_strength', 'end_image_strength', 'audio_strength', 'preprocess_audio'] as const),
		...SETTINGS,
	],
	required: ['prompt', 'audio_url'],
	differs: { video_size: { default: 'landscape_16_9' } },
	sizeOf: 'image_url',
	lengthOf: { file: 'audio_url', while: 'match_audio_length' },
};
