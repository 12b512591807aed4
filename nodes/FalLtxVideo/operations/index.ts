import type { INodeProperties } from 'n8n-workflow';
import type { Operation, Resource } from './Operation';
import { audioToVideo } from './audioToVideo';
import { cancel } from './cancel';
import { estimateCost } from './estimateCost';
import { extendVideo } from './extendVideo';
import { getMany } from './getMany';
import { getResult } from './getResult';
import { getStatus } from './getStatus';
import { imageToVideo } from './imageToVideo';
import { referenceVideoToVideo } from './referenceVideoToVideo';
import { textToVideo } from './textToVideo';
import { videoToVideo } from './videoToVideo';

/** All that the node can do. The first operation of each resource is its default. */
export const resources: Resource[] = [
	{
		value: 'video',
		name: 'Video',
		operations: [
			...[textToVideo, imageToVideo, audioToVideo],
			...[videoToVideo, referenceVideoToVideo, extendVideo],
			estimateCost,
		],
	},
	{ value: 'request', name: 'Request', operations: [getResult, getStatus, cancel, getMany] },
];

/** The operation of a node, by the values of its two parameters. */
export function findOperation(resource: string, operation: string): Operation | undefined {
	return resources
		.find(({ value }) => value === resource)
		?.operations.find(({ value }) => value === operation);
}

/** What a node on the canvas says below its name, e.g. `Text to Video`. */
export const subtitle = `={{ (${JSON.stringify(
	Object.fromEntries(
		resources.flatMap(({ operations }) => operations.map(({ value, name }) => [value, name])),
	),
)})[$parameter["operation"]] }}`;

/** The parameters of the node: what to do, then what each operation needs for it. */
export const properties: INodeProperties[] = [
	{
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: resources.map(({ name, value }) => ({ name, value })),
		default: 'video',
	},
	...resources.map(operationPicker),
	...resources.flatMap((resource) =>
		resource.operations.flatMap((operation) => shownFor(resource, operation)),
	),
];

function operationPicker({ value, operations }: Resource): INodeProperties {
	const picker: INodeProperties = {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [value] } },
		options: operations.map(({ name, value, action, description }) => ({
			name,
			value,
			action,
			description,
		})),
		default: '',
	};
	return { ...picker, default: operations[0]!.value };
}

function shownFor(resource: Resource, operation: Operation): INodeProperties[] {
	return operation.fields.map((field) => ({
		...field,
		displayOptions: {
			...field.displayOptions,
			show: {
				resource: [resource.value],
				operation: [operation.value],
				...field.displayOptions?.show,
			},
		},
	}));
}
