/** One fault that fal found in an input (fal: errors reference, the shape of a 422). */
export interface FalDetail {
	loc?: Array<string | number>;
	msg?: string;
	type?: string;
}

/** What is known when a call to fal did not give what it should. */
export interface FalFault {
	/**
	 * answer: fal said no. network: no answer arrived. unreadable: an answer that is not what
	 * fal's API gives (a gateway's page, cut JSON).
	 */
	kind: 'answer' | 'network' | 'unreadable';
	/** What was being done, to start a sentence with, e.g. `Submitting the request`. */
	doing: string;
	status?: number;
	/** fal's own words. */
	detail?: string | FalDetail[];
	/** fal's name of an infrastructure fault, e.g. `generation_timeout`. */
	errorType?: string;
	requestId?: string;
	/** fal's own opinion of trying again (`x-fal-retryable`), where it gave one. */
	retryable?: boolean;
	/** Seconds that fal asks to wait (`Retry-After`). */
	retryAfter?: number;
	/** What fal bills although it failed (`x-fal-billable-units`), as it came. */
	billableUnits?: string;
	/** What the network, or n8n's guard of it, said: a code such as `ECONNRESET`, or a sentence. */
	reason?: string;
}

/**
 * A call to fal that failed. Carries no `code` and no `cause` on purpose: fal's client takes either
 * for an invitation to send the call again, and a submit must never be sent twice.
 */
export class FalError extends Error {
	override readonly name = 'FalError';

	constructor(readonly fault: FalFault) {
		super(sentence(fault));
	}

	/** The same failure, once more is known of the request that met it. What fal said itself counts. */
	about(request: Pick<FalFault, 'requestId' | 'billableUnits'>): FalError {
		const { requestId = request.requestId, billableUnits = request.billableUnits } = this.fault;
		return new FalError({ ...this.fault, requestId, billableUnits });
	}
}

function sentence({ doing, kind, status, detail, reason }: FalFault): string {
	if (kind === 'network')
		return `${doing} failed: no answer from fal (${reason ?? 'no reason known'})`;
	if (kind === 'unreadable') {
		return `${doing} failed: fal answered ${status ?? ''} with something that is not its API's JSON`;
	}
	return `${doing} failed: fal answered ${status}: ${words(detail) || 'without a reason'}`;
}

/** fal's details as one line: where, what, and fal's name for it. */
export function words(detail: FalFault['detail']): string {
	if (detail === undefined) return '';
	if (typeof detail === 'string') return detail;
	return detail
		.map(({ loc, msg, type }) => {
			const where = loc ? `${locationText(loc)}: ` : '';
			return `${where}${msg ?? 'not accepted'}${type ? ` (${type})` : ''}`;
		})
		.join('; ');
}

/** `["body", "loras", 0, "path"]` as `loras[0].path`. */
function locationText(loc: Array<string | number>): string {
	const inside = loc[0] === 'body' ? loc.slice(1) : loc;
	return inside.reduce<string>((text, key) => {
		if (typeof key === 'number') return `${text}[${key}]`;
		return text === '' ? key : `${text}.${key}`;
	}, '');
}
