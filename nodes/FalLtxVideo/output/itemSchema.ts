/*
 * What the items of an operation hold, as JSON schema. The build writes it into `__schema__/`, where
 * n8n's editor takes the fields from that it shows before a node has run. Every field is optional; the
 * editor takes the first type where there are several.
 */

type JsonType = 'string' | 'number' | 'integer' | 'boolean' | 'null' | 'object' | 'array';

/** A value inside of an item. */
export interface ValueSchema {
	type: JsonType | JsonType[];
	/** Of an object: what is in it. */
	properties?: Record<string, ValueSchema>;
	/** Whether an object may hold more than that; false unless given. */
	additionalProperties?: boolean;
	/** Of an array: what each of its values is. */
	items?: ValueSchema;
}

/** The JSON of an item. */
export interface ItemSchema extends ValueSchema {
	type: 'object';
	properties: Record<string, ValueSchema>;
}

export const text: ValueSchema = { type: 'string' };
export const integer: ValueSchema = { type: 'integer' };
export const number: ValueSchema = { type: 'number' };
const textOrNull: ValueSchema = { type: ['string', 'null'] };
const numberOrNull: ValueSchema = { type: ['number', 'null'] };

/** An object with these fields. */
export function object(properties: Record<string, ValueSchema>): ItemSchema {
	return { type: 'object', properties };
}

/** What a model wrote while it worked. */
export const logsSchema: ValueSchema = {
	type: 'array',
	items: object({ message: text, timestamp: text, level: text, source: text }),
};

/** fal's own result. It may leave out or give null for all but the address of the video. */
export const resultSchema = object({
	video: object({
		url: text,
		content_type: textOrNull,
		file_name: textOrNull,
		file_size: { type: ['integer', 'null'] },
		width: { type: ['integer', 'null'] },
		height: { type: ['integer', 'null'] },
		fps: numberOrNull,
		duration: numberOrNull,
		num_frames: { type: ['integer', 'null'] },
	}),
	// Text where a number would not be exact.
	seed: { type: ['integer', 'string'] },
	prompt: text,
});

/**
 * The item of a finished video. With Wait Mode None the item of an operation that makes videos is
 * another one, of which only the request and what is known of its cost are described here.
 */
export const videoSchema = object({
	...resultSchema.properties,
	request_id: text,
	endpoint_id: textOrNull,
	cost: object({
		estimated: numberOrNull,
		actual: numberOrNull,
		billable_units: numberOrNull,
		unit_price: numberOrNull,
		currency: textOrNull,
		source: text,
	}),
	timings: object({
		submitted_at: textOrNull,
		queue_seconds: numberOrNull,
		inference_seconds: numberOrNull,
		request_seconds: numberOrNull,
		download_seconds: numberOrNull,
	}),
	logs: logsSchema,
});

/** The item that the trigger starts a workflow with: a video, or the error that says why there is none. */
export const reportedSchema = object({
	...videoSchema.properties,
	error: text,
	detail: {
		type: ['array', 'string'],
		items: object({ type: text, msg: text, loc: { type: 'array' } }),
	},
});
