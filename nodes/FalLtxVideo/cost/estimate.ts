import Big from 'big.js';
import type { Price } from '../endpoints/Endpoint';
import type { VideoShape } from '../endpoints/videoShape';

/*
 * Rule: money is counted in exact decimals. A binary number at a rounding edge would show a price
 * that is not fal's.
 */

const MEGAPIXELS_PER_PIXEL = new Big('0.000001');

/** What a video will cost, in the price's currency. */
export interface Estimate {
	/** What fal meters: width × height × frames, exact. */
	megapixels: Big;
	/** The exact megapixels at the unit price, rounded up to fal's step. */
	cost: Big;
	/** The most it can be if fal should round the megapixels up first. */
	upperCost: Big;
}

/** What fal meters of a video: width × height × frames in megapixels, e.g. 111.5136. */
export function megapixels({ width, height, frames }: Omit<VideoShape, 'fps'>): Big {
	// Whole numbers up to 14142² × 481 are exact in a number; the decimal comes in only then.
	return new Big(width * height * frames).times(MEGAPIXELS_PER_PIXEL);
}

/**
 * The price of a number of units, rounded up to the step that fal rounds to. The units themselves
 * are not rounded: only so does fal's own example (1280 × 720, 121 frames) come out at its $0.1567;
 * 112 whole megapixels would make $0.1574.
 *
 * @param units exact units, e.g. megapixels or the value of `x-fal-billable-units`
 */
export function priceOf(units: Big, price: Price): Big {
	const steps = units.times(price.unitPrice).div(price.roundedUpTo);
	return steps.round(0, Big.roundUp).times(price.roundedUpTo);
}

/** What a video of this shape will cost; with multi-scale fal may make a larger one. */
export function estimate(shape: VideoShape, price: Price): Estimate {
	const units = megapixels(shape);
	return {
		megapixels: units,
		cost: priceOf(units, price),
		upperCost: priceOf(units.round(0, Big.roundUp), price),
	};
}

/** The sum of amounts; 0 for none. */
export function sum(amounts: Big[]): Big {
	return amounts.reduce((total, amount) => total.plus(amount), new Big(0));
}

/** An amount as a person reads it: `$0.1567`, `$0.20`, `0.20 EUR`. */
export function money(amount: Big, currency: string): string {
	const [whole = '0', fraction = ''] = amount.toFixed().split('.');
	const digits = `${whole}.${fraction.padEnd(2, '0')}`;
	return currency === 'USD' ? `$${digits}` : `${digits} ${currency}`;
}
