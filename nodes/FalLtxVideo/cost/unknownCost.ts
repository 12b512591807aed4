import { mediumOf } from '../parameters/fields/mediaFields';
import { fieldLabel } from '../parameters/fields/fieldLabels';
import type { Task } from '../endpoints/tasks/Task';
import type { VideoShape } from '../endpoints/videoShape';

/**
 * Why the cost of a video can't be known beforehand, and what to set: sentences without a period at the
 * end. Empty when it can.
 */
export function unknownCost(task: Task, { size, frames }: VideoShape): string[] {
	const reasons: string[] = [];
	if (size === null) {
		const of = task.sizeOf ? mediumOf(task.sizeOf) : 'file';
		reasons.push(
			`The size follows the ${of}, whose own is not known here: choose another ${shown('video_size')}, or give the ${of} as a Binary File`,
		);
	}
	if (frames === null && task.lengthOf) {
		const of = mediumOf(task.lengthOf.file);
		reasons.push(
			`The length follows the ${of}, whose own is not known here: turn off ${shown(task.lengthOf.while)} and set ${shown('duration_seconds')}, or give the ${of} as a Binary File`,
		);
	}
	return reasons;
}

function shown(input: string): string {
	const { label, name } = fieldLabel([input]);
	return `${label} (${name})`;
}
