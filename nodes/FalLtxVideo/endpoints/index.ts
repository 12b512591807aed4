import { defineEndpoint } from './defineEndpoint';
import type { Endpoint } from './Endpoint';
import type { ModelName } from './models';
import { audioToVideo } from './tasks/audioToVideo';
import { extendVideo } from './tasks/extendVideo';
import { imageToVideo } from './tasks/imageToVideo';
import { referenceVideoToVideo } from './tasks/referenceVideoToVideo';
import type { Task } from './tasks/Task';
import { textToVideo } from './tasks/textToVideo';
import { videoToVideo } from './tasks/videoToVideo';

/** All tasks. */
export const tasks: readonly Task[] = [
	...[textToVideo, imageToVideo, audioToVideo],
	...[videoToVideo, referenceVideoToVideo, extendVideo],
];

/** All endpoints that the node submits to. */
export const endpoints: readonly Endpoint[] = tasks.flatMap((task) =>
	task.models.flatMap((model) => [
		defineEndpoint(task, model, false),
		defineEndpoint(task, model, true),
	]),
);

/** The endpoint of a task and a model, with or without LoRAs. @throws RangeError when there is none */
export function endpointFor(task: Task, model: ModelName, takesLoras: boolean): Endpoint {
	const found = endpoints.find(
		(one) => one.task === task && one.model === model && one.takesLoras === takesLoras,
	);
	if (!found) throw new RangeError(`${task.name} has no ${model} model`);
	return found;
}

/** An endpoint by fal's name of it. @throws RangeError for one that the node does not submit to */
export function endpointOf(id: string): Endpoint {
	const found = endpoints.find((endpoint) => endpoint.id === id);
	if (!found) throw new RangeError(`${id} is not an endpoint of this node`);
	return found;
}
