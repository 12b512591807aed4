import type { CallFault } from './faults.mts';

/** Calls that belong to no request; `upload` is each call of an upload, in their order. */
export type Route = 'pricing' | 'requests' | 'upload' | 'jwks';

/** The faults that wait for calls which belong to no request. */
export class RouteFaults {
	readonly #waiting = new Map<Route, Array<CallFault | null>>();

	add(route: Route, faults: Array<CallFault | null>): void {
		this.#waiting.set(route, [...(this.#waiting.get(route) ?? []), ...faults]);
	}

	/** The fault of the next call of a route. */
	next(route: Route): CallFault | null {
		return this.#waiting.get(route)?.shift() ?? null;
	}
}
