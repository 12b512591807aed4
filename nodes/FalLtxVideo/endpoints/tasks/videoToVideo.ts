import { SETTINGS, type Task } from './Task';

export const videoToVideo: Task = {
	name: 'video-to-video',
	models: ['distilled', 'full'],
	inputs: [
		...(['prompt', 'video_url', 'match_video_length', 'num_frames', 'video_size'] as const),
		...(['generate_audio', 'use_multiscale', 'match_input_fps', 'fps'] as const),
		...(['video_strength', 'audio_strength'] as const),
		...SETTINGS,
	],
	required: ['prompt', 'video_url'],
	differs: { video_strength: { default: 0.01 }, audio_strength: { default: 0.01 } },
	sizeOf: 'video_url',
	lengthOf: { file: 'video_url', while: 'match_video_length' },
	fpsOf: { file: 'video_url', while: 'match_input_fps' },
};
