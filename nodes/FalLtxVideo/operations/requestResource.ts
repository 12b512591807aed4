import type { Resource } from './Operation';
import { cancel } from './cancel';
import { getMany } from './getMany';
import { getResult } from './getResult';
import { getStatus } from './getStatus';

/** Requests that were submitted before, here or elsewhere. */
export const request: Resource = {
	value: 'request',
	name: 'Request',
	operations: [getResult, getStatus, cancel, getMany],
};
