import type { StreamFault } from './faults.mts';
import type { Job } from './jobs.mts';
import { stringifyExact, type JsonObject } from './json.mts';
import type { Exchange } from './listener.mts';

const HEADERS = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' };
const UNKNOWN_EVENT = 'event: notice\ndata: {"status":"WARMING_UP"}\n\n';

/** What fal's sources leave open of the stream. */
export interface StreamReadings {
	/** Time between two comments while nothing comes, in milliseconds. */
	commentMs: number;
	/** Whether the stream stays open although the job has ended, as its last status is not COMPLETED. */
	isOpenAfter: () => boolean;
}

/** How many events a faulty stream gives; all, when it has no such fault. */
function eventsOf(fault: StreamFault | null): number {
	return fault?.kind === 'cutStream' || fault?.kind === 'silentStream'
		? fault.afterEvents
		: Infinity;
}

/**
 * The status stream (fal: queue reference): the status at once and at every change, a comment
 * when nothing came for a while, closed after COMPLETED.
 * @returns when the stream is closed, by whichever side.
 */
export async function streamStatus(
	exchange: Exchange,
	job: Job,
	status: () => JsonObject,
	fault: StreamFault | null,
	{ commentMs, isOpenAfter }: StreamReadings,
): Promise<void> {
	const { response } = exchange;
	exchange.begin(200, { ...HEADERS, 'x-fal-request-id': job.record.request_id });
	response.flushHeaders();
	if (fault?.kind === 'unknownEvent') response.write(UNKNOWN_EVENT);
	let left = eventsOf(fault);
	const comments = setInterval(() => response.write(': ping\n\n'), commentMs);

	const stop = () => {
		clearInterval(comments);
		job.off('change', sendState);
	};
	const sendState = () => {
		if (left > 0) {
			left -= 1;
			comments.refresh();
			response.write(`data: ${stringifyExact(status())}\n\n`);
		}
		const isCut = left === 0;
		if (isCut) stop();
		if (fault?.kind === 'silentStream' && isCut) return;
		if (isCut || (job.record.state === 'COMPLETED' && !isOpenAfter())) response.end();
	};

	job.on('change', sendState);
	const closed = new Promise<void>((resolve) => response.once('close', resolve));
	sendState();
	await closed;
	stop();
}
