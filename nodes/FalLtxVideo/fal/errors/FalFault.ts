import type { FalDetails } from './errorDetails';

/** What is known when a call to fal did not give what it should. */
export interface FalFault {
	/**
	 * response: fal refused. network: no response arrived. unreadable: a response that is not what
	 * fal's API gives (a gateway's page, cut JSON).
	 */
	kind: 'response' | 'network' | 'unreadable';
	/** What was being done, to start a sentence with, e.g. `Submitting the request`. */
	doing: string;
	status?: number;
	/** fal's own words. */
	detail?: FalDetails;
	/** fal's name of an infrastructure fault, e.g. `generation_timeout`. */
	errorType?: string;
	requestId?: string;
	/** The endpoint that met it; undefined when unknown. */
	endpointId?: string;
	/** fal's own opinion of trying again (`x-fal-retryable`), where it gave one. */
	retryable?: boolean;
	/** Seconds that fal asks to wait (`Retry-After`). */
	retryAfter?: number;
	/** What fal bills although it failed (`x-fal-billable-units`), unchanged. */
	billableUnits?: string;
	/** What the network, or n8n's guard of it, said: a code such as `ECONNRESET`, or a sentence. */
	reason?: string;
	/** Set when the call failed before anything of it was sent: no connection was made, or n8n refused it. */
	notSent?: true;
	/** Set when it was met by asking for the status, whose errors are about that call alone. */
	ofStatusCall?: true;
	/** What to do next, where that is no matter of fal's own types and status codes. */
	next?: string;
	/**
	 * What fal's history says of a request that its queue does not know, or says to have failed; gone is a
	 * result that was made and that neither of them has.
	 */
	history?: 'ended' | 'gone' | 'not kept' | 'not ended' | 'not listed' | 'not read';
}
