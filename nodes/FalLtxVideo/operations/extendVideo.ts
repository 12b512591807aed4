import { extendVideo as task } from '../endpoints/tasks/extendVideo';
import { generateOperation } from './generateOperation';

/** `video: extendVideo`: a longer video. */
export const extendVideo = generateOperation(task, {
	value: 'extendVideo',
	name: 'Extend Video',
	action: 'Extend a video',
	description: 'Continue a video after its end, or lead up to its beginning',
});
