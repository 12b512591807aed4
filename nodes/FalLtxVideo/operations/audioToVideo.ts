import { audioToVideo as task } from '../endpoints/tasks/audioToVideo';
import { generateOperation } from './generateOperation';

/** `video: audioToVideo`: a sound in, the video that goes with it out. */
export const audioToVideo = generateOperation(task, {
	value: 'audioToVideo',
	name: 'Audio to Video',
	action: 'Generate a video from audio',
	description:
		'Generate a video for a sound (audio to video, lip sync): speech, a song, or any other',
});
