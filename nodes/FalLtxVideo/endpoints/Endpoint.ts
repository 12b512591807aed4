import type { z } from 'zod';
import type { InputName } from './inputs';
import type { ModelName } from './models';
import type { Task } from './tasks/Task';

/** Width and height of a video in pixels. */
export interface PixelSize {
	width: number;
	height: number;
}

/** What fal asks for one unit of work. */
export interface Price {
	/** Price of one unit as a decimal text, so that no digit is lost, e.g. `0.001405`. */
	unitPrice: string;
	/** What one unit is. Megapixels are width × height × frames / 1,000,000. */
	unit: 'megapixels';
	/** ISO 4217 code. */
	currency: string;
	/** The price of a request is rounded up to this step, in units of the currency. */
	roundedUpTo: string;
}

/** A checked input, as far as the node looks into it; all else is sent as it is. */
export interface VideoInput {
	video_size?: string | PixelSize;
	num_frames?: number;
	fps?: number;
	sync_mode?: boolean;
	loras?: Array<{ path: string }>;
	[name: string]: unknown;
}

/** Values by the names of inputs. */
export type InputValues = { [Name in InputName]?: unknown };

/**
 * Everything fal publishes about one endpoint, as data: no code outside this folder spells a size, a
 * range or a price.
 */
export interface Endpoint {
	/** fal's name of the endpoint: owner/app/path. */
	id: string;
	task: Task;
	model: ModelName;
	/** Whether it takes LoRAs, and then needs at least one. */
	takesLoras: boolean;
	/** The input as fal accepts it. Nothing is filled in by parsing it: what is not set is not sent. */
	input: z.AnyZodObject;
	/** What fal uses for an optional input that is not sent. */
	defaults: InputValues;
	/** Defaults that another of fal's sources has. */
	defaultReadings: InputValues;
	price: Price;
}
