import { readDetails, shown } from './errorDetails';
import { explain } from './explain';
import type { FalFault } from './FalFault';

/**
 * A call to fal that failed. Carries no `code` and no `cause` on purpose: fal's client takes either
 * for an invitation to send the call again, and a submit must never be sent twice.
 */
export class FalError extends Error {
	override readonly name = 'FalError';

	readonly fault: FalFault;

	/** @param fault its details may have any shape; see {@link readDetails} */
	constructor({
		detail,
		reason,
		errorType,
		...fault
	}: Omit<FalFault, 'detail'> & { detail?: unknown }) {
		const read = {
			...fault,
			errorType: errorType === undefined ? undefined : shown(errorType),
			reason: reason === undefined ? undefined : shown(reason),
			detail: readDetails(detail),
		};
		super(explain(read));
		this.fault = read;
	}

	/** The same failure, once it is known which request met it: that counts before any header. */
	about(
		request: Pick<FalFault, 'requestId' | 'endpointId' | 'billableUnits' | 'ofStatusCall'>,
	): FalError {
		const known = Object.entries(request).filter(([, value]) => value !== undefined);
		return new FalError({ ...this.fault, ...Object.fromEntries(known) });
	}
}
