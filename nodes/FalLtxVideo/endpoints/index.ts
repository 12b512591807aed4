import type { Endpoint } from './Endpoint';
import { ltx23DistilledTextToVideoLora, type Ltx23Input } from './ltx23DistilledTextToVideoLora';

/** The endpoint of an operation that names no other one. */
export const defaultEndpoint: Endpoint = ltx23DistilledTextToVideoLora;

/** All endpoints that the node submits to. */
export const endpoints: readonly Endpoint[] = [defaultEndpoint];

/** The names and types of all inputs that fields are made for. */
export type KnownInput = Ltx23Input;

/**
 * An endpoint by fal's name of it.
 *
 * @param id the default endpoint's when unknown
 * @throws RangeError for an endpoint that the node does not submit to
 */
export function endpointOf(id: string = defaultEndpoint.id): Endpoint {
	const found = endpoints.find((endpoint) => endpoint.id === id);
	if (!found) throw new RangeError(`${id} is not an endpoint of this node`);
	return found;
}
