import Big from 'big.js';
import type { Price } from './Endpoint';
import type { VideoShape } from './shape';

const PIXELS_PER_MEGAPIXEL = 1_000_000;

/**
 * What fal meters of a video: width × height × frames, in megapixels.
 *
 * @returns the exact decimal, e.g. 111.5136 for 1280 × 720 × 121
 */
export function megapixels({ width, height, frames }: VideoShape): Big {
	return new Big(width).times(height).times(frames).div(PIXELS_PER_MEGAPIXEL);
}

/**
 * The price of a number of units, rounded up to the step that fal rounds to. The units themselves
 * are not rounded: fal's own example (1280 × 720, 121 frames, $0.1567) only comes out this way.
 *
 * @param units exact units, e.g. megapixels or the value of `x-fal-billable-units`
 * @returns the amount in the price's currency
 */
export function priceOf(units: Big, price: Price): Big {
	const steps = units.times(price.unitPrice).div(price.roundedUpTo);
	return steps.round(0, Big.roundUp).times(price.roundedUpTo);
}
