import { explain } from './explain';
import type { FalFault } from './FalFault';
import { maskedDeep } from './mask';

/**
 * A call to fal that failed. Carries no `code` and no `cause` on purpose: fal's client takes either
 * for an invitation to send the call again, and a submit must never be sent twice.
 */
export class FalError extends Error {
	override readonly name = 'FalError';

	readonly fault: FalFault;

	constructor(fault: FalFault) {
		const reason = maskedDeep(fault.reason) as FalFault['reason'];
		const told = { ...fault, reason, detail: presentable(fault.detail) };
		super(explain(told));
		this.fault = told;
	}

	/** The same failure, once it is known which request met it: that counts before any header. */
	about(request: Pick<FalFault, 'requestId' | 'billableUnits'>): FalError {
		const { requestId = this.fault.requestId, billableUnits = this.fault.billableUnits } = request;
		return new FalError({ ...this.fault, requestId, billableUnits });
	}
}

/** fal's details without what it repeats of the input, and without secrets in addresses. */
function presentable(detail: FalFault['detail']): FalFault['detail'] {
	if (!Array.isArray(detail)) return maskedDeep(detail) as FalFault['detail'];
	return detail.map(({ loc, msg, type, ctx }) => ({
		...(loc ? { loc } : {}),
		...(msg === undefined ? {} : { msg: maskedDeep(msg) as string }),
		...(type === undefined ? {} : { type }),
		...(ctx === undefined ? {} : { ctx: maskedDeep(ctx) }),
	}));
}
