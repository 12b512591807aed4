import type { Task } from '../../endpoints/tasks/Task';

/** A task as its operation is called, e.g. `Text to Video`. */
export function taskName({ name }: Task): string {
	const words = name.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
	return words.join(' ').replace(' To ', ' to ');
}
