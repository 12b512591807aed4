import type { FalFault } from '../../fal/errors/FalFault';
import type { Submitted } from '../../fal/queue/falQueue';

/*
 * Rule: a submit is remembered in the execution's own data before it is sent, and its request ID the
 * moment it is known, so that a retry (of the node, or of the whole execution) collects the request
 * instead of submitting another. n8n keeps a node's context through both; measured.
 */

/** What is remembered of every submit. */
export interface SubmitFacts {
	/** fal's name of the endpoint it was submitted to. */
	endpointId: string;
	/** Of endpoint and input: another input is another video. */
	fingerprint: string;
	/** The execution that sent it. */
	executionId: string;
	/** When it was sent, in milliseconds since 1970. */
	sentAt: number;
	/** What it was estimated at, as a decimal in the price's currency; null when that was not known. */
	estimate: string | null;
	/** Whether its result may hold the file itself (Sync Mode). */
	mayHoldFile?: boolean;
	/** The execution that fal's webhook for it leads to; undefined when it leads to none. */
	webhookExecutionId?: string;
	/** The execution that has taken it: a retry for its item, or one whose call of a tool it answers. */
	claimedBy?: string;
}

/** A submit that fal may have accepted: its outcome is not known, or not yet. */
export interface PendingSubmit extends SubmitFacts {
	requestId?: undefined;
	/** Of the input as it was sent, with the addresses of uploaded files. */
	sentFingerprint: string;
	/** Whether fal's list shows its input, so that it can be found there. */
	isListed: boolean;
	/** When its response was lost, and how. */
	failedAt?: number;
	failure?: FalFault;
}

/** A request that fal accepted. */
export interface SubmittedRequest extends SubmitFacts {
	requestId: string;
	/** fal's addresses of the request. */
	urls?: Omit<Submitted, 'request_id'>;
	/** fal's refusal of the input: the same input will be refused again. */
	refusal?: FalFault;
	/** Set when an execution has resumed that waited for its webhook: none may be still to come. */
	hasResumed?: boolean;
	/** Set when fal proved that it ended without a result: a retry submits another. */
	hasEnded?: boolean;
	/** Set when fal accepted its cancellation. */
	isCancelled?: boolean;
	/** Set when fal bills it although there is no result: it said so, or the result is kept no longer. */
	isBilled?: boolean;
}

/** One submit as the execution's data holds it. */
export type SubmitRecord = PendingSubmit | SubmittedRequest;

/** Whether no new submit follows it: it is collected or looked for, or its refusal holds. */
export function isOpen(record: SubmitRecord): boolean {
	return !isSubmitted(record) || record.hasEnded !== true;
}

/** Whether it ended without a result, or was refused. */
export function isOver({ hasEnded, refusal }: SubmittedRequest): boolean {
	return hasEnded === true || refusal !== undefined;
}

/** Whether it counts against a limit. What ended without a result, or was refused, is billed if fal says so. */
export function mayBeBilled(record: SubmitRecord): boolean {
	if (!isSubmitted(record)) return true;
	const { refusal, hasEnded = false, isCancelled = false, isBilled = false } = record;
	if (refusal) return Number(refusal.billableUnits) > 0;
	return !hasEnded || isCancelled || isBilled;
}

/** Whether fal is known to have accepted it. */
export function isSubmitted(record: SubmitRecord | undefined): record is SubmittedRequest {
	return record?.requestId !== undefined;
}
