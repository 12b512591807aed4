import { endpointOf } from '../endpoints';
import type { Price } from '../endpoints/Endpoint';
import type { PreparedItem } from './PreparedItem';
import type { VideoRun } from './VideoRun';

/**
 * The price of the endpoint that an item's request was submitted to. Within one execution an item keeps
 * its request, though an expression may give another model or other LoRAs by now.
 */
export function priceAt(
	{ prices }: VideoRun,
	{ endpoint, price }: PreparedItem,
	endpointId: string,
): Price {
	return endpointId === endpoint.id ? price : prices.of(endpointOf(endpointId));
}
