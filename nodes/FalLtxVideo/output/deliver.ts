import type { INodeExecutionData } from 'n8n-workflow';
import { type VideoOutput, videoOutput } from '../endpoints/output';
import type { Price } from '../endpoints/Endpoint';
import type { FalConnection } from '../fal/connection';
import { isDataUri } from '../fal/download/dataUri';
import { type BinaryStore, storeFile } from '../fal/download/storeFile';
import { FalError } from '../fal/errors/FalError';
import { withLargeTurn } from '../fal/http/largeTurn';
import { LIMITS } from '../fal/http/limits';
import { masked } from '../fal/mask';
import type { GeneratedVideo, ResultWait } from '../request/awaitVideo';
import { withTimeLimit } from '../request/timeLimit';
import { RequestError } from '../request/RequestError';
import { type CollectContext, howToFetch } from './errors/howToCollect';
import type { VideoOptions } from '../parameters/reading/readOptions';
import { actualCost, type VideoCost } from '../cost/actualCost';
import { videoItem, withoutFile } from './videoItem';

/** What a video is handed on with. */
type DeliveryContext = CollectContext & { helpers: BinaryStore };

/** How a finished video is handed on. */
export type DeliveryOptions = Pick<
	VideoOptions,
	'downloadVideo' | 'fileName' | 'outputBinaryField' | 'includeLogs'
>;

/** Where a request was submitted, and what that costs. */
export interface RequestOrigin {
	endpointId: string;
	price: Price;
}

/** What a finished video's cost is computed with. */
export interface CostInfo {
	/** Finds out where the request was submitted, once the video is there; undefined when that is not known. */
	origin: (signal: AbortSignal) => Promise<RequestOrigin | undefined>;
	/** null when it can't be known, or the request's input is not known. */
	estimated: number | null;
	/** Called with the cost as soon as it is known, whatever happens to the file. */
	onCost?: (cost: VideoCost) => void;
}

/** One video that is waited for and then handed on. */
export interface Delivery {
	context: DeliveryContext;
	fal: FalConnection;
	options: DeliveryOptions & Pick<VideoOptions, 'timeoutSeconds'>;
	cost: CostInfo;
	/** The execution's own signal (Stop, n8n's execution timeout). */
	stop?: AbortSignal;
	/** Waits for the video until the signal aborts. */
	video: (wait: ResultWait) => Promise<GeneratedVideo>;
}

/**
 * Waits for a video within the timeout, and makes an item of it with its file.
 *
 * @throws what `video` throws; FalError when the result holds no video; RequestError when the file
 * doesn't arrive
 */
export async function deliverVideo(delivery: Delivery): Promise<INodeExecutionData> {
	const { options, stop, video } = delivery;
	const { timeoutSeconds } = options;
	return await withTimeLimit({ timeoutSeconds, stop }, async (signal) => {
		// A large result is held until n8n's store has its file.
		return await withLargeTurn(
			async (turn) => await handOn(delivery, await video({ signal, turn }), { signal, turn }),
		);
	});
}

async function handOn(
	{ context, fal: { http }, options, cost: { origin: findOrigin, estimated, onCost } }: Delivery,
	generated: GeneratedVideo,
	{ signal, turn }: ResultWait,
): Promise<INodeExecutionData> {
	const output = readOutput(generated);
	if (turn.isHeld) requireSmallRest(output, generated);
	const origin = await findOrigin(signal);
	const cost = { estimated, ...actualCost(output, generated.billableUnits, origin?.price) };
	onCost?.(cost);
	const { url } = output.video;
	const { endpointId } = origin ?? {};
	const known = { output, generated, endpointId, cost, options };
	// A file that came inside the result is kept in any case: it is nowhere else.
	if (!options.downloadVideo && !isDataUri(url)) {
		return videoItem({ ...known, downloadSeconds: null });
	}
	// What is left is no more than any response; a download may take long.
	if (!isDataUri(url)) turn.leave();
	const startedAt = Date.now();
	try {
		const store = context.helpers;
		const ownName = { fallbackName: generated.requestId, fileName: options.fileName };
		const data = await storeFile({ http, store }, output.video, ownName, signal);
		const downloadSeconds = (Date.now() - startedAt) / 1000;
		return videoItem({ ...known, downloadSeconds, data });
	} catch (error) {
		throw undelivered(context, error as Error, generated.requestId, url);
	}
}

function readOutput(generated: GeneratedVideo): VideoOutput {
	const parsed = videoOutput.safeParse(generated.data);
	if (parsed.success) return parsed.data;
	const missing = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
	throw unreadable(generated, `there is no ${missing} in it`);
}

/**
 * What the item is made of stays in memory as long as the execution runs, when the turn is over.
 *
 * @throws FalError when a result is larger without its file than any other response may be
 */
function requireSmallRest(output: VideoOutput, generated: GeneratedVideo): void {
	if (lengthAsJson(withoutFile(output)) <= LIMITS.answerBytes) return;
	throw unreadable(generated, `without its file it is larger than ${LIMITS.answerBytes} bytes`);
}

/** Infinity where JavaScript has no string for it. */
function lengthAsJson(value: object): number {
	try {
		return JSON.stringify(value).length;
	} catch {
		return Infinity;
	}
}

function unreadable({ requestId, billableUnits }: GeneratedVideo, reason: string): FalError {
	const doing = 'Reading the result';
	return new FalError({ kind: 'unreadable', doing, reason, requestId, billableUnits });
}

/** A video that is made and paid for, but is not in the item. */
function undelivered(
	context: CollectContext,
	error: Error,
	requestId: string,
	videoUrl: string,
): RequestError {
	const said = error instanceof FalError ? (error.fault.reason ?? '') : '';
	// n8n replaces a whole message that has a code of the system in it, as of a disk that is full.
	const hasCode = !(error instanceof FalError) && /\bE[A-Z]{2,}\b/.test(error.message);
	const what = hasCode ? 'n8n could not store it' : error.message;
	const reason = hasCode ? error.message : said;
	const where = isDataUri(videoUrl) ? '' : `Until fal deletes it, it is at ${masked(videoUrl)}.`;
	return new RequestError(
		`The video is made and paid for, but did not arrive. ${what} (request ${requestId})`,
		{ requestId },
		[reason && !what.includes(reason) && `Reason: ${reason}.`, howToFetch(context), where]
			.filter(Boolean)
			.join(' '),
	);
}
