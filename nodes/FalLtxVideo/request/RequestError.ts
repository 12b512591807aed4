/*
 * Rule: from the moment its id is known, a request's id is in every error about it, in the message
 * and as a field, whatever went wrong.
 */

/** What is known of a request that something went wrong with. */
export interface RequestFacts {
	requestId: string;
}

/** A failure after the submit that is not fal's own error: it says what became of the request. */
export class RequestError extends Error {
	override readonly name = 'RequestError';

	/** @param message with the request id in it */
	constructor(
		message: string,
		readonly facts: RequestFacts,
		/** What to do next. */
		readonly description: string,
	) {
		super(message);
	}
}
