import Big from 'big.js';
import type { PixelSize, Price } from '../endpoints/Endpoint';
import { GRID } from '../endpoints/sizes';
import type { VideoShape } from '../endpoints/videoShape';

/*
 * Rules:
 * - money is counted in exact decimals: a binary number at a rounding edge would show a price that is
 *   not fal's;
 * - what can't be known beforehand has no estimate. It is never guessed.
 */

const MEGAPIXELS_PER_PIXEL = new Big('0.000001');

/** What a video will cost, in the price's currency. */
export interface Estimate {
	/** What fal meters: width × height × frames, exact. */
	megapixels: Big;
	/** The exact megapixels at the unit price, rounded up to fal's step. */
	cost: Big;
	/**
	 * The most it can be if fal should round the megapixels up first, or multi-scale generation the sides.
	 */
	upperCost: Big;
}

/** What fal meters of a video: width × height × frames in megapixels, e.g. 111.5136. */
export function megapixels({ width, height }: PixelSize, frames: number): Big {
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

/** What a video of this shape will cost; null when its size or its frames can't be known beforehand. */
export function estimate(
	{ size, frames, isMultiscale }: VideoShape,
	price: Price,
): Estimate | null {
	if (size === null || frames === null) return null;
	const units = megapixels(size, frames);
	const upperUnits = megapixels(isMultiscale ? multiscaleSize(size) : size, frames);
	return {
		megapixels: units,
		cost: priceOf(units, price),
		upperCost: priceOf(upperUnits.round(0, Big.roundUp), price),
	};
}

/** The largest that multi-scale generation may make of a size ("at or above", fal: endpoint page). */
function multiscaleSize({ width, height }: PixelSize): PixelSize {
	const { multiscaleSide: step } = GRID;
	const up = (side: number) => Math.ceil(side / step) * step;
	return { width: up(width), height: up(height) };
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
