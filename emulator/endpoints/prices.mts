import type { Endpoint, ModelName } from './endpoints.mts';

/** What fal's platform says of a price. */
export interface Price {
	unit_price: number;
	unit: string;
	currency: string;
}

/** In US dollars per megapixel. */
const PUBLISHED: Record<ModelName, { plain: number; withLoras: number }> = {
	distilled: { plain: 0.001205, withLoras: 0.001405 },
	full: { plain: 0.001605, withLoras: 0.001805 },
};

/** The published price of an endpoint. */
export function publishedPrice({ model, hasLoras }: Endpoint): Price {
	const { plain, withLoras } = PUBLISHED[model];
	return { unit_price: hasLoras ? withLoras : plain, unit: 'megapixels', currency: 'USD' };
}
