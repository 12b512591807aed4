import { mediumOf } from '../parameters/fields/mediaFields';
import { fieldLabel } from '../parameters/fields/fieldLabels';
import type { Task } from '../endpoints/tasks/Task';
import type { VideoShape } from '../endpoints/videoShape';

/**
 * Why the cost of a video can't be known beforehand, and what to set: sentences without a period at the
 * end. Empty when it can.
 */
export function unknownCost(task: Task, { size, frames, fps }: VideoShape): string[] {
	const reasons: string[] = [];
	if (size === null) {
		const of = task.sizeOf ? `the ${mediumOf(task.sizeOf)}` : 'the file';
		reasons.push(
			`The size follows ${of}, whose own can't be read here: choose another ${shown('video_size')}`,
		);
	}
	if (frames === null && task.lengthOf) {
		const of = mediumOf(task.lengthOf.file);
		const alsoFps =
			fps === null && task.fpsOf ? `, or give the file as a Binary File of the item` : '';
		reasons.push(
			`The length follows the ${of}, whose own can't be read here: turn off ${shown(task.lengthOf.while)} and set ${shown('duration_seconds')}${alsoFps}`,
		);
	}
	return reasons;
}

function shown(input: string): string {
	const { label, name } = fieldLabel([input]);
	return `${label} (${name})`;
}
