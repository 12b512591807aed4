import { tasks } from '../../../endpoints';
import type { Task } from '../../../endpoints/tasks/Task';
import { labelOf } from '../../fields/fieldLabels';
import { taskName } from '../../fields/taskName';
import { videoFields } from '../../fields/videoFields';
import { parameterName } from '../../parameterNames';

/** A field in view is in no collection. */
const IN_VIEW = 'in view';

/** Where each task has its parameters: the name of the collection, by the name of the parameter. */
const places = new Map<Task, Map<string, string>>(
	tasks.map((task) => {
		const { all, generation, guidance, outputFile } = videoFields(task);
		const collections = { generation, guidance, outputFile };
		return [
			task,
			new Map([
				...all.map(({ name }) => [name, IN_VIEW] as const),
				...Object.entries(collections).flatMap(([collection, fields]) =>
					fields.map(({ name }) => [name, collection] as const),
				),
			]),
		];
	}),
);

/** Whether a task has a setting of this name, in a collection or in view. */
export function hasSetting(task: Task, name: string): boolean {
	return places.get(task)?.has(name) === true;
}

/**
 * What to do about a setting that one of a task's collections doesn't have, to end a sentence with.
 *
 * @param collection the name of the collection
 */
export function leftOut(name: string, task: Task, collection: string): string {
	const own = places.get(task)?.get(name);
	if (own === IN_VIEW) return 'left out: it is a field of its own, outside the collections';
	if (own !== undefined) return `left out: it belongs to ${labelOf(own)} (${own})`;
	const others = tasks.filter((other) => hasSetting(other, name)).map(taskName);
	if (others.length > 0) {
		return `left out: only ${others.join(' and ')} ${others.length === 1 ? 'takes' : 'take'} it`;
	}
	const here = parameterName(name);
	if (here !== name && hasSetting(task, here)) return `left out: its name in the node is ${here}`;
	return `left out: ${labelOf(collection)} has no such setting`;
}
