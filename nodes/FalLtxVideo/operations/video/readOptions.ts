import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';
import { checkInput } from '../../endpoint/check';
import { isTool } from '../tool';
import { InvalidParametersError } from './InvalidParametersError';
import { allOptions, LONGEST_WAIT_SECONDS, priceFields } from './optionFields';
import { readAs } from './readAs';
import type { ParameterContext } from './readParameter';
import { readParameter } from './readParameter';

/* What the fields of the options may hold, whatever an expression brings. */

const optionsSchema = z.object({
	/** Whether the file becomes binary data. */
	downloadVideo: z.boolean().default(true),
	/** Whether the published price may stand in when the live one can't be had. */
	fallBackToPublishedPrice: z.boolean().default(false),
	/** Seconds; 0 leaves it to the account's setting. */
	fileLifetimeSeconds: z.number().int().min(0).default(0),
	/** Whether the model's log comes along in the item. */
	includeLogs: z.boolean().default(false),
	/** Whether input and output stay in fal's history. */
	keepPayload: z.boolean().default(true),
	/** How many items are worked on at a time. */
	maxConcurrency: z.number().int().min(1).default(10),
	/** The most one item may cost, in USD; 0 means no limit. */
	maxCostPerItem: z.number().finite().min(0).default(0),
	/** The most all items of a run may cost together, in USD; 0 means no limit. */
	maxCostPerRun: z.number().finite().min(0).default(0),
	/** What becomes of a request that nobody waits for any longer. */
	onStop: z.enum(['cancel', 'leave']).default('cancel'),
	/** Name of the binary field that holds the file. */
	outputBinaryField: z.string().min(1).default('data'),
	priceSource: z.enum(['published', 'live']).default('published'),
	queuePriority: z.enum(['normal', 'low']).default('normal'),
	serverRetries: z.boolean().default(true),
	/** Seconds; 0 is no limit. fal takes none of a second or less. */
	startTimeoutSeconds: z
		.union([z.literal(0), z.number().gt(1).max(LONGEST_WAIT_SECONDS)])
		.default(0),
	/** How long to wait for one video. */
	timeoutSeconds: z.number().min(1).max(LONGEST_WAIT_SECONDS).default(1800),
	/** What becomes of the execution while fal works. */
	waitMode: z.enum(['stream', 'webhook']).default('stream'),
	/** Where fal reports the end of a request; empty for nowhere. */
	webhookUrl: z.union([z.literal(''), z.string().url()]).default(''),
});

/** The options of one item; those not added have their defaults. */
export type VideoOptions = z.infer<typeof optionsSchema>;

/** The part of n8n's context that options are read with. */
export type OptionsContext = ParameterContext & Pick<IExecuteFunctions, 'getNode'>;

/**
 * The options of one item. A tool's file would reach nobody, so it is fetched only if asked for.
 *
 * @throws InvalidParametersError that names every option which makes no sense
 */
export function readVideoOptions(context: OptionsContext, itemIndex: number): VideoOptions {
	const defaults = isTool(context.getNode()) ? { downloadVideo: false } : {};
	return readOptions(readParameter(context, 'options', itemIndex), defaults);
}

/** The price's own fields of one item. @throws InvalidParametersError */
export function readPriceFields(context: ParameterContext, itemIndex: number): VideoOptions {
	return readOptions(
		Object.fromEntries(
			priceFields.map(({ name }) => [name, readParameter(context, name, itemIndex)]),
		),
	);
}

function readOptions(added: unknown, defaults: Partial<VideoOptions> = {}): VideoOptions {
	const given = (added ?? {}) as Record<string, unknown>;
	const candidate = Object.fromEntries(
		allOptions
			.map(({ name, type }): [string, unknown] => [name, readAs(type, given[name])])
			.filter(([, value]) => value !== undefined),
	);
	const check = checkInput(optionsSchema, { ...defaults, ...candidate });
	if (check.ok) return check.input as VideoOptions;
	throw new InvalidParametersError(check.faults);
}
