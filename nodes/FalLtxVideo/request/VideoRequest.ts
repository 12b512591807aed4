import type { SubmitOptions } from '../fal/queue/falQueue';
import type { RequestApi } from './awaitVideo';
import type { FoundRequest, LostData, Searching } from './lost/findLostRequest';
import type { RequestStore } from './records/RequestStore';

/** What videos are generated with: fal's API, and the memory of one run. */
export interface VideoClient extends RequestApi {
	store: RequestStore;
	searching: Searching;
	lostData: LostData;
	/** Called when an item continues with a request that another execution submitted, as its data was lost. */
	onTakenOver?: (itemIndex: number, request: FoundRequest) => void;
}

/** One video that is wanted. */
export interface VideoRequest {
	/**
	 * What is sent, checked against the endpoint's schema. Asked for only when it is submitted, as it
	 * may have to be made ready first: a file has to be uploaded.
	 */
	input: (signal: AbortSignal) => Promise<Record<string, unknown>>;
	endpointId: string;
	/** The input with the content of files in place of their addresses. */
	draft: Record<string, unknown>;
	/** Of the draft: the same each time it is wanted, wherever its files were uploaded to. */
	fingerprint: string;
	itemIndex: number;
	submitOptions: SubmitOptions;
	/**
	 * Called before each new submit: an earlier request that was counted on may have ended, or answers
	 * another call. @throws when it would cost too much
	 */
	checkNewSubmit: () => void;
	/** What it will cost, as a decimal in the price's currency; null when that is not known. */
	estimate: string | null;
	/** The execution that the webhook of the submit options leads to. */
	webhookExecutionId?: string;
}
