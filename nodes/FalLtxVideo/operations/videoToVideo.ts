import { videoToVideo as task } from '../endpoints/tasks/videoToVideo';
import { generateOperation } from './generateOperation';

/** `video: videoToVideo`: another look for a video. */
export const videoToVideo = generateOperation(task, {
	value: 'videoToVideo',
	name: 'Video to Video',
	action: 'Restyle a video',
	description: 'Change the look of a video (video to video) and keep its motion',
});
