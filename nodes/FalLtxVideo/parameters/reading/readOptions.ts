import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';
import { checkInput } from '../checkInput';
import { visibleText, withoutBlankEnds } from '../../endpoints/visibleText';
import { isTool } from '../tool';
import {
	InvalidParametersError,
	notYetNamed,
	type ParameterFault,
} from '../InvalidParametersError';
import { allOptions, LONGEST_WAIT_SECONDS, priceFields } from '../fields/optionFields';
import { readAs } from './values/readAs';
import { type Collection, type CollectionField, readCollection } from './values/readCollection';
import { type ParameterContext, readParameter } from './values/readParameter';

/* What the fields of the options may hold, whatever an expression brings. */

const optionsSchema = z.object({
	/** Whether the file becomes binary data. */
	downloadVideo: z.boolean().default(true),
	/** The only account on fal whose webhooks are accepted; any unless added. */
	falUserId: visibleText().optional(),
	/** What the file is called; as fal calls it unless added. */
	fileName: visibleText().optional(),
	/** Seconds; 0 leaves it to the account's setting. */
	fileLifetimeSeconds: z.number().int().min(0).default(0),
	/** Whether the model's log comes along in the item. */
	includeLogs: z.boolean().default(false),
	/** Whether input and output stay in fal's history. */
	keepPayload: z.boolean().default(true),
	/** How many items are worked on at a time. */
	maxConcurrency: z.number().int().min(1).default(10),
	/** The most one item may cost, in USD; no limit unless added. */
	maxCostPerItem: z.number().finite().min(0).optional(),
	/** The most all items of a run may cost together, in USD; no limit unless added. */
	maxCostPerRun: z.number().finite().min(0).optional(),
	/** What becomes of a request when the wait for it is aborted. */
	onStop: z.enum(['cancel', 'leave']).default('cancel'),
	/** Name of the binary field that holds the file. */
	outputBinaryField: visibleText().default('data'),
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
	waitMode: z.enum(['stream', 'webhook', 'none']).default('stream'),
	/** Where fal reports the end of a request; nowhere unless added. */
	webhookUrl: z
		.string()
		.url()
		.regex(/^https?:\/\//i)
		.optional(),
});

/** The options of one item; those not added have their defaults. */
export type VideoOptions = z.infer<typeof optionsSchema>;

/** The part of n8n's context that options are read with. */
export type OptionsContext = ParameterContext & Pick<IExecuteFunctions, 'getNode'>;

/**
 * The options of one item. A tool hands on no file, so it is downloaded only if asked for.
 *
 * @throws InvalidParametersError that names every option which makes no sense, or was added and
 * comes to nothing
 */
export function readVideoOptions(context: OptionsContext, itemIndex: number): VideoOptions {
	const added = readParameter(context, 'options', itemIndex);
	const unknown = () => 'left out: it is no option of this node';
	const collection = { ...optionsOf(allOptions, optionsSchema), unknown };
	const { values, faults } = readCollection(collection, added);
	if (typeof values.webhookUrl === 'string') {
		values.webhookUrl = withoutBlankEnds(values.webhookUrl);
	}
	if (values.webhookUrl !== undefined && values.waitMode !== 'none') {
		const allowed = 'left out unless Wait Mode (waitMode) is None';
		faults.push({ path: ['webhookUrl'], value: values.webhookUrl, allowed });
	}
	const defaults = isTool(context.getNode()) ? { downloadVideo: false } : {};
	return checkedOptions(optionsSchema, { ...defaults, ...values }, faults);
}

/** The options that hold for all items of a run. */
const runOptionsSchema = optionsSchema.pick({
	maxConcurrency: true,
	maxCostPerRun: true,
	priceSource: true,
	waitMode: true,
});

const runOptions = allOptions.filter(({ name }) => name in runOptionsSchema.shape);

/** The options of a run; those not added have their defaults. */
export type RunOptions = z.infer<typeof runOptionsSchema>;

/**
 * The options of a run, as the first item has them. No other option is looked at, so that a wrong one
 * fails its own item alone.
 *
 * @throws InvalidParametersError as {@link readVideoOptions}
 */
export function readRunOptions(context: OptionsContext): RunOptions {
	const added = readAdded(context, runOptions);
	const { values, faults } = readCollection(optionsOf(runOptions, runOptionsSchema), added);
	return checkedOptions(runOptionsSchema, values, faults);
}

const falUserIdSchema = optionsSchema.pick({ falUserId: true });

/**
 * The account on fal that a trigger accepts webhooks of; undefined means any. No other option is looked
 * at.
 *
 * @throws InvalidParametersError when it was added and comes to nothing: what was meant as a limit
 * must not let everything in
 */
export function readFalUserId(context: OptionsContext): string | undefined {
	const fields = allOptions.filter(({ name }) => name in falUserIdSchema.shape);
	const added = readAdded(context, fields);
	const { values, faults } = readCollection(optionsOf(fields, falUserIdSchema), added);
	const { falUserId } = checkedOptions(falUserIdSchema, values, faults);
	return falUserId === undefined ? undefined : withoutBlankEnds(falUserId);
}

/** Some of the options as a collection; all others are not looked at. */
function optionsOf(fields: CollectionField[], schema: z.AnyZodObject): Collection {
	return { name: 'options', fields, schema, schemaName: (name) => name };
}

/** One expression may give all options; else each one is read for itself. */
function readAdded(context: OptionsContext, fields: Array<{ name: string }>): unknown {
	const { options = {} } = context.getNode().parameters;
	if (typeof options !== 'object' || options === null) return readParameter(context, 'options', 0);
	const names = fields.map(({ name }) => name).filter((name) => name in options);
	return Object.fromEntries(
		names.map((name) => [name, readParameter(context, `options.${name}`, 0)]),
	);
}

/** The price's own fields of one item; one without a value has its default. @throws InvalidParametersError */
export function readPriceFields(context: ParameterContext, itemIndex: number): VideoOptions {
	const values = priceFields
		.map(({ name, type }) => [name, readAs(type, readParameter(context, name, itemIndex))] as const)
		.filter(([, value]) => value !== undefined);
	return checkedOptions(optionsSchema, Object.fromEntries(values));
}

function checkedOptions<Schema extends z.AnyZodObject>(
	schema: Schema,
	values: Record<string, unknown>,
	faults: ParameterFault[] = [],
): z.infer<Schema> {
	const check = checkInput(schema, values);
	if (check.ok && faults.length === 0) return check.input as z.infer<Schema>;
	throw new InvalidParametersError([
		...faults,
		...(check.ok ? [] : notYetNamed(check.faults, faults)),
	]);
}
