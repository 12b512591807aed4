import { referenceVideoToVideo as task } from '../endpoints/tasks/referenceVideoToVideo';
import { generateOperation } from './generateOperation';

/** `video: referenceVideoToVideo`: a video that follows another one. */
export const referenceVideoToVideo = generateOperation(task, {
	value: 'referenceVideoToVideo',
	name: 'Reference Video to Video',
	action: 'Generate a video from a reference video',
	description:
		'Generate a video that follows depth, outlines or poses of another (video control, motion transfer)',
});
