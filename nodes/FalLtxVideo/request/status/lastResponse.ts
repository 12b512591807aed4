import type { FalError } from '../../fal/errors/FalError';

/** What fal, or the way to it, answered last, for an error that is about something else; may be empty. */
export function lastResponseText(failure: FalError | undefined): string {
	if (!failure) return '';
	const { reason } = failure.fault;
	return `The last answer: ${failure.message}${reason ? ` (${reason})` : ''}.`;
}
