import type { z } from 'zod';

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

/**
 * Everything fal publishes about one endpoint, as data. Another LTX endpoint is another value of
 * this type: no code outside this folder spells a size, a range or a price.
 */
export interface Endpoint<Input extends z.AnyZodObject = z.AnyZodObject> {
	/** fal's name of the endpoint: owner/app/path. */
	id: string;
	/** The input as fal accepts it. Nothing is filled in by parsing it: what is not set is not sent. */
	input: Input;
	/** What fal uses for an optional input that is not sent. */
	defaults: Partial<z.infer<Input>>;
	/** Defaults that another of fal's sources has. */
	defaultReadings?: Partial<z.infer<Input>>;
	/** What fal uses inside a LoRA row and a custom size for what is left out there. */
	nestedDefaults: { loraScale: number; side: number };
	/** The presets of `video_size` in pixels. */
	sizes: Record<string, PixelSize>;
	/** What the model itself works on; fal adjusts other values, so they are worth a hint only. */
	grid: {
		/** The number of frames the model makes is a multiple of this, plus one. */
		frames: number;
		/** The sides the model makes are multiples of this. */
		side: number;
	};
	price: Price;
}
