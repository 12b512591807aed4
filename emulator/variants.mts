/**
 * Facts about fal that its sources leave open or describe in two ways. A client of fal has to
 * work with both, so a test can have either.
 */
export interface Variants {
	/** Status code of a status call while the request waits or runs (newer docs 202, older 200). */
	waitingStatus: 200 | 202;
	/** Status code of a result call that comes too early. */
	earlyResultStatus: number;
	/** Status code of a cancellation that was accepted (202 with a status, or the schema's 200). */
	cancelStatus: 200 | 202;
	/** A request cancelled while it waited: shown as COMPLETED with an error, or unknown from then on. */
	cancelledWhileQueued: 'completed' | 'gone';
	/** A request cancelled while it ran: ended by the signal, or finished (and billed) all the same. */
	cancelledWhileRunning: 'ends' | 'finishes';
	/** Status of a request that failed: fal documents no other end than COMPLETED; FAILED was seen. */
	failedStatus: 'COMPLETED' | 'FAILED';
	/** How far fal's clock is ahead of this machine's, in milliseconds; negative when it is behind. */
	clockAheadMs: number;
	/** Whether a submit whose response was a gateway's error, or was lost, was accepted all the same. */
	lostSubmitAccepted: boolean;
	/** How long after its submit the platform's list knows a request, in milliseconds. */
	listedAfterMs: number;
	/** Whether the platform lists requests that have not ended. */
	listsUnfinished: boolean;
	/** Whether the platform gives inputs and outputs when `expand=payloads` is asked. */
	listHasPayloads: boolean;
	/** Whether the platform gives an input as it was sent, or with the model's defaults filled in. */
	listedInput: 'as sent' | 'with defaults';
	/** Whether an extension is billed by the frames that it adds, or by the whole video delivered. */
	extendedBilling: 'generated' | 'delivered';
	/**
	 * Whether a video as long as an input has just the frames of that length, or the nearest number
	 * that the model works on, 8n + 1.
	 */
	matchedLength: 'exact' | 'grid';
	/** Time between two comments in a silent status stream, in milliseconds. */
	streamCommentMs: number;
	/** Waits before each further delivery of a webhook, in milliseconds; fal's own are far longer. */
	webhookRetryMs: readonly number[];
	/** How long a webhook's receiver may take, in milliseconds: the first time and from then on. */
	webhookTimeoutMs: readonly [first: number, later: number];
}

/** Up to 31 further deliveries as at fal, but within seconds. */
const WEBHOOK_RETRIES = 31;

export const DEFAULT_VARIANTS: Variants = {
	waitingStatus: 202,
	earlyResultStatus: 400,
	cancelStatus: 202,
	cancelledWhileQueued: 'completed',
	cancelledWhileRunning: 'ends',
	failedStatus: 'COMPLETED',
	clockAheadMs: 0,
	lostSubmitAccepted: false,
	listedAfterMs: 0,
	listsUnfinished: true,
	listHasPayloads: true,
	listedInput: 'as sent',
	extendedBilling: 'generated',
	matchedLength: 'grid',
	streamCommentMs: 15_000,
	webhookRetryMs: Array.from({ length: WEBHOOK_RETRIES }, (_, n) => Math.min(50 * 2 ** n, 1000)),
	webhookTimeoutMs: [15_000, 120_000],
};
