import type { INodeProperties } from 'n8n-workflow';

/* The node's own options as a person sees them. Saved workflows hold their names. */

/** A day less than a week; Node's timers can't count longer than 24 days. */
export const LONGEST_WAIT_SECONDS = 6 * 24 * 3600;

const priceSource: INodeProperties = {
	displayName: 'Price Source',
	name: 'priceSource',
	type: 'options',
	options: [
		{
			name: 'Published',
			value: 'published',
			description: "The price on the endpoint's page when this version was made. Asks nobody.",
		},
		{
			name: 'Live',
			value: 'live',
			description: "Today's price from fal's pricing API, asked once per run, free of charge",
		},
	],
	default: 'published',
	description: 'Which price to estimate with',
};

const fallBack: INodeProperties = {
	displayName: 'Fall Back to Published Price',
	name: 'fallBackToPublishedPrice',
	type: 'boolean',
	default: false,
	displayOptions: { show: { priceSource: ['live'] } },
	description:
		'Whether to estimate with the published price, and say so, when the live one cannot be had. Otherwise the run ends there.',
};

/** What can be added to the options of `video: generate`. */
export const generateOptions: INodeProperties[] = [
	{
		displayName: 'Download Video',
		name: 'downloadVideo',
		type: 'boolean',
		default: true,
		description:
			'Whether to put the file into the item as binary data. Turn off to pass on only its link, which fal keeps for a limited time.',
	},
	fallBack,
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
		displayName: 'Max Cost per Item',
		name: 'maxCostPerItem',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 0,
		hint: 'In US dollars; 0 is no limit',
		description: 'An item that is estimated to cost more is not submitted and fails',
	},
	{
		displayName: 'Max Cost per Run',
		name: 'maxCostPerRun',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 0,
		hint: 'In US dollars; 0 is no limit',
		description:
			'If all items together are estimated to cost more, none is submitted and the run ends. Counts this run of the node only.',
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
	priceSource,
	{
		displayName: 'Timeout (Seconds)',
		name: 'timeoutSeconds',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: LONGEST_WAIT_SECONDS },
		default: 1800,
		description:
			'How long to wait for one video, its time in the queue included. After that the request is cancelled on fal.',
	},
];

/** The collection of options of `video: generate`. */
export const videoOptions: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: generateOptions,
};

/** The price's own fields, in view where the price is what it is all about. */
export const priceFields: INodeProperties[] = [priceSource, fallBack];
