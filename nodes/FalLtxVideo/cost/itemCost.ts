import type { Price } from '../endpoints/Endpoint';
import type { Task } from '../endpoints/tasks/Task';
import type { VideoShape } from '../endpoints/videoShape';
import type { ItemCost } from './costLimits';
import { estimate } from './estimate';
import { unknownCost } from './unknownCost';

/** What a video is estimated at, or why that can't be known. */
export function itemCost(task: Task, shape: VideoShape, price: Price): ItemCost {
	return { cost: estimate(shape, price)?.cost ?? null, unknown: unknownCost(task, shape) };
}
