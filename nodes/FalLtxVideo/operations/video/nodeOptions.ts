import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

/** The node's own options for making a video, with what counts when they are not added. */
export interface VideoOptions {
	downloadVideo: boolean;
	/** Name of the binary field that holds the file. */
	outputBinaryField: string;
	/** How many items are worked on at a time. */
	maxConcurrency: number;
	/** How long to wait for one video. */
	timeoutSeconds: number;
}

const DEFAULTS: VideoOptions = {
	downloadVideo: true,
	outputBinaryField: 'data',
	maxConcurrency: 10,
	timeoutSeconds: 1800,
};

export const videoOptionFields: INodeProperties[] = [
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			{
				displayName: 'Download Video',
				name: 'downloadVideo',
				type: 'boolean',
				default: true,
				description:
					'Whether to put the file into the item as binary data. Turn off to pass on only its link, which fal keeps for a limited time.',
			},
			{
				displayName: 'Max Concurrency',
				name: 'maxConcurrency',
				type: 'number',
				typeOptions: { minValue: 1, numberPrecision: 0 },
				default: 10,
				description:
					'How many items to work on at the same time. What your fal account may not run yet waits in its queue, which costs nothing.',
			},
			{
				displayName: 'Output Binary Field',
				name: 'outputBinaryField',
				type: 'string',
				default: 'data',
				placeholder: 'e.g. data',
				hint: 'The name the next node takes the file by',
				description: 'The name of the binary field to put the file into',
			},
			{
				displayName: 'Timeout (Seconds)',
				name: 'timeoutSeconds',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: 1800,
				description:
					'How long to wait for one video, its time in the queue included. After that the request is cancelled on fal.',
			},
		],
	},
];

/** The options of one item; those not added count as their defaults. */
export function readVideoOptions(
	context: Pick<IExecuteFunctions, 'getNodeParameter'>,
	itemIndex: number,
): VideoOptions {
	return {
		...DEFAULTS,
		...(context.getNodeParameter('options', itemIndex, {}) as Partial<VideoOptions>),
	};
}
