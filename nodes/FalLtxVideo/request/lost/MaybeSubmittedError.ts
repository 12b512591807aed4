import { FalError } from '../../fal/errors/FalError';
import type { FalFault } from '../../fal/errors/FalFault';
import { isRequestId } from '../../fal/queue/requestId';
import type { Search } from './findLostRequest';

/*
 * Rule: where it can't be known whether fal has accepted a submit, a person decides. The error says what
 * was looked at, and how to have a new video all the same.
 */

const LOOK =
	'Look on fal.ai under Requests, or with the operation Get Many, whether it is there: Get Result then fetches its video.';

/** What a later try does, and how a person continues who has looked: nothing else submits the item again. */
const LATER = {
	kept: 'A retry of this execution looks for it again and never submits it a second time. To have a new video all the same, run the workflow as a new execution, or change the input.',
	notKept: 'The same call again would submit it a second time.',
};

/** A submit that fal may have accepted: its response was lost, or the data of the execution was. */
export class MaybeSubmittedError extends Error {
	override readonly name = 'MaybeSubmittedError';

	readonly description: string;

	private constructor(
		message: string,
		parts: string[],
		isKept: boolean,
		readonly status?: number,
		/** As the response named it whose body was no acceptance. */
		readonly requestId?: string,
	) {
		super(message);
		const later = isKept ? LATER.kept : LATER.notKept;
		this.description = [...parts, LOOK, later].filter(Boolean).join(' ');
	}

	/**
	 * @param fault why there is no response
	 * @param isKept whether a later try finds the submit; see {@link RequestStore}
	 */
	static ofLostAnswer(fault: FalFault, search: Search, isKept: boolean): MaybeSubmittedError {
		const { message } = new FalError(fault);
		const requestId = isRequestId(fault.requestId) ? fault.requestId : undefined;
		return new MaybeSubmittedError(
			`${message}. fal may have accepted the request all the same, and bill it`,
			[
				fault.reason ? `Reason: ${fault.reason}.` : '',
				requestId ? `The answer named the request ${requestId}.` : '',
				searchText(search),
			],
			isKept,
			fault.status,
			requestId,
		);
	}

	/** Of an execution that retries another one whose data n8n lost. */
	static ofLostData(search: Search): MaybeSubmittedError {
		return new MaybeSubmittedError(
			'The execution that this one retries may have submitted this item, and n8n kept nothing of it',
			[searchText(search)],
			true,
		);
	}
}

function searchText(search: Search): string {
	switch (search.outcome) {
		case 'not found':
			return "It was not sent again, as that could pay for the video twice, and it was not found in fal's list of requests.";
		case 'not read':
			return `It was not sent again, as that could pay for the video twice, and fal's list of requests could not be read: ${search.failure.message}.`;
		case 'not ended':
			return "It was not sent again, as that could pay for the video twice, and the search in fal's list of requests was ended before it was through.";
		case 'no payload':
			return "It was not sent again, as that could pay for the video twice, and it can't be identified in fal's list of requests: the list shows no inputs, as with Keep Payload in History turned off.";
		case 'another file':
			return "It was not sent again, as that could pay for the video twice: fal's list has a request that differs in nothing but the address of an uploaded file.";
	}
}
