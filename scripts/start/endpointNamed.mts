import type { Endpoint } from '../../nodes/FalLtxVideo/endpoints/Endpoint.ts';
import { endpoints } from '../../nodes/FalLtxVideo/endpoints/index.ts';
import type { ModelName } from '../../nodes/FalLtxVideo/endpoints/models.ts';

/**
 * An endpoint by fal's name of its task. Not by the task itself: a file of nodes/ that a script imports
 * is there once more for the other files of nodes/, so that two of the same task are not equal.
 *
 * @throws RangeError when there is no such endpoint
 */
export function endpointNamed(task: string, model: ModelName, takesLoras: boolean): Endpoint {
	const found = endpoints.find(
		(one) => one.task.name === task && one.model === model && one.takesLoras === takesLoras,
	);
	if (!found) throw new RangeError(`${task} has no ${model} model`);
	return found;
}
