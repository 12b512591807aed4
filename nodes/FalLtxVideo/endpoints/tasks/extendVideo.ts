import { SETTINGS, type Task } from './Task';

export const extendVideo: Task = {
	name: 'extend-video',
	models: ['full'],
	inputs: [
		...(['prompt', 'video_url', 'end_image_url', 'extend_direction'] as const),
		...(['num_context_frames', 'num_frames', 'video_size', 'generate_audio'] as const),
		...(['use_multiscale', 'match_input_fps', 'fps'] as const),
		...(['video_strength', 'audio_strength', 'end_image_strength'] as const),
		...SETTINGS,
	],
	required: ['prompt', 'video_url'],
	sizeOf: 'video_url',
	fpsOf: { file: 'video_url', while: 'match_input_fps' },
};
