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
			description: "The price on the endpoint's page when this version was made. Makes no call.",
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

const downloadVideo: INodeProperties = {
	displayName: 'Download Video',
	name: 'downloadVideo',
	type: 'boolean',
	default: true,
	description:
		'Whether to put the file into the item as binary data. Turn off to pass on only its link, which fal keeps for a limited time. As a tool of an AI agent, which gets no files, it is off until added here.',
};

const falUserId: INodeProperties = {
	displayName: 'Fal User ID',
	name: 'falUserId',
	type: 'string',
	default: '',
	hint: 'It is the header X-Fal-Webhook-User-Id of a webhook of yours. Without this option, webhooks of any account on fal are looked at.',
	description:
		'The only fal account to accept webhooks of. Those of other accounts are refused before fal is asked about their request.',
};

const fileLifetime: INodeProperties = {
	displayName: 'File Lifetime (Seconds)',
	name: 'fileLifetimeSeconds',
	type: 'number',
	typeOptions: { minValue: 0, numberPrecision: 0 },
	default: 0,
	hint: '0 keeps to the setting of your fal account',
	description: 'How long fal keeps the file at its link before deleting it',
};

const fileName: INodeProperties = {
	displayName: 'File Name',
	name: 'fileName',
	type: 'string',
	default: '',
	placeholder: 'e.g. fox-in-snow',
	hint: 'The extension is added. Characters that no file name can have become underscores.',
	description:
		'What to call the file in the binary field. Without this option it has the name that fal gives it. Use an expression for a name of each item.',
};

const includeLogs: INodeProperties = {
	displayName: 'Include Logs',
	name: 'includeLogs',
	type: 'boolean',
	default: false,
	description: 'Whether to put what the model wrote while it worked into the item, as logs',
};

const keepPayload: INodeProperties = {
	displayName: 'Keep Payload in History',
	name: 'keepPayload',
	type: 'boolean',
	default: true,
	description:
		"Whether prompt and result stay in fal's request history. Turn off for private prompts; a request whose answer was lost cannot be found again then.",
};

const maxConcurrency: INodeProperties = {
	displayName: 'Max Concurrency',
	name: 'maxConcurrency',
	type: 'number',
	typeOptions: { minValue: 1, numberPrecision: 0 },
	default: 10,
	description:
		'How many items to work on at the same time. What your fal account may not run yet waits in its queue, which costs nothing.',
};

const maxCostPerItem: INodeProperties = {
	displayName: 'Max Cost per Item',
	name: 'maxCostPerItem',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 1,
	hint: 'In US dollars; without this option there is no limit',
	description: 'An item that is estimated to cost more is not submitted and fails',
};

const maxCostPerRun: INodeProperties = {
	displayName: 'Max Cost per Run',
	name: 'maxCostPerRun',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 10,
	hint: 'In US dollars; without this option there is no limit',
	description:
		'If all items together are estimated to cost more, none is submitted and the run ends. Counts this run of the node only; as a tool of an AI agent, all calls of the execution.',
};

const onStop: INodeProperties = {
	displayName: 'On Stop',
	name: 'onStop',
	type: 'options',
	options: [
		{
			name: 'Cancel',
			value: 'cancel',
			description: 'Cancel the request on fal, so that it stops costing',
		},
		{
			name: 'Leave Running',
			value: 'leave',
			description: 'Let fal finish and bill it, to be collected later by its request ID',
		},
	],
	default: 'cancel',
	description: 'What becomes of a request when the execution is stopped or the timeout passes',
};

const outputBinaryField: INodeProperties = {
	displayName: 'Output Binary Field',
	name: 'outputBinaryField',
	type: 'string',
	default: 'data',
	placeholder: 'e.g. data',
	hint: 'The name the next node takes the file by',
	description: 'The name of the binary field to put the file into',
};

const queuePriority: INodeProperties = {
	displayName: 'Queue Priority',
	name: 'queuePriority',
	type: 'options',
	options: [
		{ name: 'Normal', value: 'normal' },
		{ name: 'Low', value: 'low', description: 'Lets your other requests go first' },
	],
	default: 'normal',
	description: "Where the request stands among your own in fal's queue",
};

const serverRetries: INodeProperties = {
	displayName: 'Retry on Fal',
	name: 'serverRetries',
	type: 'boolean',
	default: true,
	description: 'Whether fal tries again by itself when one of its machines failed',
};

const startTimeout: INodeProperties = {
	displayName: 'Start Timeout (Seconds)',
	name: 'startTimeoutSeconds',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 0,
	hint: '0 is no limit; anything else must be more than 1',
	description: 'If fal has not started the request by then, it ends the request and bills nothing',
};

const timeout: INodeProperties = {
	displayName: 'Timeout (Seconds)',
	name: 'timeoutSeconds',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: LONGEST_WAIT_SECONDS },
	default: 1800,
	description: 'How long to wait for one video, its time in the queue included. See On Stop.',
};

const STREAM = {
	name: 'Stream',
	value: 'stream',
	description: 'The execution keeps running and follows the request. Simplest, and Stop cancels.',
};

const WEBHOOK = {
	name: 'Webhook',
	value: 'webhook',
	description:
		'The execution is put to wait in the database and resumes when fal calls its webhook. For many or long videos; fal must be able to reach this n8n, and Stop cancels nothing on fal.',
};

const NONE = {
	name: 'None',
	value: 'none',
	description:
		'Hand on the request ID at once. Get the video later with Get Result, or with the fal LTX Video Trigger.',
};

const waitMode: INodeProperties = {
	displayName: 'Wait Mode',
	name: 'waitMode',
	type: 'options',
	options: [STREAM, WEBHOOK, NONE],
	default: 'stream',
	displayOptions: { hide: { '@tool': [true] } },
	description: 'How to wait for the video',
};

/** An agent waits for its tool, so its execution can't be put to wait. */
const waitModeOfTool: INodeProperties = {
	...waitMode,
	options: [STREAM, NONE],
	displayOptions: { show: { '@tool': [true] } },
};

const webhookUrl: INodeProperties = {
	displayName: 'Webhook URL',
	name: 'webhookUrl',
	type: 'string',
	default: '',
	placeholder: 'e.g. https://n8n.example.com/webhook/video-done',
	displayOptions: { show: { waitMode: ['none'] } },
	description:
		'Where fal reports that the request has ended. It must be reachable from the internet.',
};

/** fal's own options of a request. */
const requestOptions = [fileLifetime, keepPayload, queuePriority, serverRetries, startTimeout];

const limitOptions = [maxCostPerItem, maxCostPerRun, priceSource];

/** What can be added to the options of the operations that make videos. */
export const generateOptions = byLabel([
	...requestOptions,
	...limitOptions,
	downloadVideo,
	fileName,
	includeLogs,
	maxConcurrency,
	onStop,
	outputBinaryField,
	timeout,
	waitMode,
	waitModeOfTool,
	webhookUrl,
]);

/** What can be added to the options of `request: getResult`. */
export const resultOptions = byLabel([
	downloadVideo,
	fileName,
	includeLogs,
	maxConcurrency,
	outputBinaryField,
	timeout,
]);

/** What can be added to the options of the trigger. */
export const triggerOptions = byLabel([
	downloadVideo,
	falUserId,
	fileName,
	includeLogs,
	outputBinaryField,
	timeout,
]);

/** All options, for those that read or name them. */
export const allOptions = [
	...generateOptions.filter((option) => option !== waitModeOfTool),
	falUserId,
];

/** The price's own fields, in view where the price is what it is all about. */
export const priceFields: INodeProperties[] = [priceSource];

/** A collection of options. */
export function optionsField(options: INodeProperties[]): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options,
	};
}

function byLabel(fields: INodeProperties[]): INodeProperties[] {
	return [...fields].sort((a, b) => a.displayName.localeCompare(b.displayName));
}
