import type { Resource } from './Operation';
import { estimateCost } from './estimateCost';
import { generate } from './generate';
import { submit } from './submit';

/** Making videos. */
export const video: Resource = {
	value: 'video',
	name: 'Video',
	operations: [generate, submit, estimateCost],
};
