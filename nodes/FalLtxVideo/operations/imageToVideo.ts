import { imageToVideo as task } from '../endpoints/tasks/imageToVideo';
import { generateOperation } from './generateOperation';

/** `video: imageToVideo`: an image, and optionally the one to end with, in motion. */
export const imageToVideo = generateOperation(task, {
	value: 'imageToVideo',
	name: 'Image to Video',
	action: 'Animate an image',
	description: 'Animate an image (image to video), and optionally end with another one',
});
