import { textToVideo as task } from '../endpoints/tasks/textToVideo';
import { generateOperation } from './generateOperation';

/** `video: textToVideo`: a prompt in, a finished video out. */
export const textToVideo = generateOperation(task, {
	value: 'textToVideo',
	name: 'Text to Video',
	action: 'Generate a video from text',
	description: 'Generate a video with sound from a prompt',
});
