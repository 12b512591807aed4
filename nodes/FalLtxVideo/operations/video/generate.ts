import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { Estimate } from '../../endpoint/cost';
import { estimate } from '../../endpoint/cost';
import { ltx23DistilledTextToVideoLora as endpoint } from '../../endpoint/ltx23DistilledTextToVideoLora';
import type { Ltx23Input, Ltx23Output } from '../../endpoint/ltx23DistilledTextToVideoLora';
import { shapeOf } from '../../endpoint/shape';
import type { FalConnection } from '../../fal/connection';
import { connect } from '../../fal/connection';
import { isDataUri, storeFile } from '../../fal/download';
import { FalError } from '../../fal/FalError';
import { masked } from '../../fal/mask';
import type { Generated } from '../../request/awaitVideo';
import { Deadline } from '../../request/deadline';
import { fingerprint } from '../../request/fingerprint';
import { generateVideo } from '../../request/generateVideo';
import type { Ledger } from '../../request/Ledger';
import { RequestError } from '../../request/RequestError';
import { eachItem } from '../eachItem';
import { ledgerOf } from '../ledgerOf';
import type { Operation } from '../Operation';
import { checkItemBudget, checkRunBudget } from './budget';
import { endpointFields } from './fields';
import { hintAtGrid } from './gridHint';
import { videoOptions } from './optionFields';
import type { QuotedPrice } from './priceInUse';
import { priceInUse } from './priceInUse';
import { readInput } from './readInput';
import type { VideoOptions } from './readOptions';
import { readVideoOptions } from './readOptions';
import type { VideoCost } from './videoCost';
import { actualCost, costLine } from './videoCost';
import { videoItem } from './videoItem';

/** One item, read, checked and estimated. */
interface Order {
	input: Ltx23Input;
	options: VideoOptions;
	estimated: Estimate;
}

/** `video: generate`: text in, a finished video out. */
export const generate: Operation = {
	value: 'generate',
	name: 'Generate',
	action: 'Generate a video',
	description: 'Make a video from a prompt and LoRAs, wait for it and hand on the file',
	fields: [...endpointFields, videoOptions],
	async run(context) {
		const fal = await connect(context, endpoint.id);
		const ofRun = readVideoOptions(context, 0);
		const quoted = await priceInUse(context, ofRun, async () => await Promise.resolve(fal));
		const run: Run = { fal, quoted, ledger: ledgerOf(context), costs: [] };
		const items = await eachItem(context, {
			maxConcurrency: ofRun.maxConcurrency,
			prepare: (itemIndex) => prepare(context, itemIndex, quoted),
			agree: (orders) => {
				const estimates = [...orders].map(([i, { estimated }]) => [i, estimated.cost] as const);
				checkRunBudget(new Map(estimates), ofRun.maxCostPerRun, quoted.price);
			},
			work: async (order, itemIndex) => await fulfil(context, run, order, itemIndex),
			besides: () => purchasesText(run.ledger),
		});
		hintAtCost(context, run);
		return items;
	},
};

/** What the items of one run share. */
interface Run {
	fal: FalConnection;
	quoted: QuotedPrice;
	ledger: Ledger;
	/** What the finished videos cost. */
	costs: VideoCost[];
}

function hintAtCost(context: IExecuteFunctions, { costs, quoted }: Run): void {
	if (costs.length === 0) return;
	const message = costLine(costs, quoted.price);
	context.addExecutionHints({ message, location: 'outputPane' });
}

/** For a run that ends in an error: what was bought all the same, and how to get it. */
function purchasesText(ledger: Ledger): string {
	const purchases = ledger.all();
	if (purchases.length === 0) return '';
	const list = purchases.map(({ itemIndex, requestId }) => `item ${itemIndex}: ${requestId}`);
	return `Requests bought in this run: ${list.join(', ')}. A retry of this execution collects them instead of buying them again.`;
}

function prepare(context: IExecuteFunctions, itemIndex: number, { price }: QuotedPrice): Order {
	const input = readInput(context, itemIndex);
	const options = readVideoOptions(context, itemIndex);
	const estimated = estimate(shapeOf(endpoint, input), price);
	checkItemBudget(estimated.cost, options.maxCostPerItem, price);
	hintAtGrid(context, endpoint, input);
	return { input, options, estimated };
}

/** Makes one video and hands it on; notes what it cost as soon as that is known. */
async function fulfil(
	context: IExecuteFunctions,
	{ fal, quoted, ledger, costs }: Run,
	{ input, options, estimated }: Order,
	itemIndex: number,
): Promise<INodeExecutionData> {
	const deadline = new Deadline(options.timeoutSeconds, context.getExecutionCancelSignal());
	try {
		const order = { input, itemIndex, fingerprint: fingerprint(endpoint.id, input) };
		const generated = await generateVideo(fal.queue, ledger, order, deadline.signal);
		const output = readOutput(generated);
		const actual = actualCost(output, generated.billableUnits, quoted.price);
		const cost = { estimated: estimated.cost.toNumber(), ...actual };
		costs.push(cost);
		const file = await fetchFile(context, fal, output, generated, options, deadline.signal);
		return videoItem({ output, generated, cost, ...file });
	} finally {
		deadline.close();
	}
}

function readOutput({ data, requestId, billableUnits }: Generated): Ltx23Output {
	const parsed = endpoint.output.safeParse(data);
	if (parsed.success) return parsed.data;
	const missing = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
	throw new FalError({
		kind: 'unreadable',
		doing: 'Reading the result',
		reason: `there is no ${missing} in it`,
		requestId,
		billableUnits,
	});
}

/** The file as binary data. One that came inside the answer is kept in any case: it is nowhere else. */
async function fetchFile(
	context: IExecuteFunctions,
	{ http }: FalConnection,
	{ video }: Ltx23Output,
	{ requestId }: Generated,
	{ downloadVideo, outputBinaryField }: VideoOptions,
	signal: AbortSignal,
) {
	if (!downloadVideo && !isDataUri(video.url)) return { downloadSeconds: null };
	const startedAt = Date.now();
	try {
		const data = await storeFile({ http, store: context.helpers }, video, requestId, signal);
		const downloadSeconds = (Date.now() - startedAt) / 1000;
		return { downloadSeconds, binary: { field: outputBinaryField, data } };
	} catch (error) {
		throw undelivered(error as Error, requestId, video.url);
	}
}

/** A video that is made and paid for, but is not in the item. */
function undelivered(error: Error, requestId: string, videoUrl: string): RequestError {
	const reason = error instanceof FalError && error.fault.reason;
	const where = isDataUri(videoUrl) ? '' : ` Until fal deletes it, it is at ${masked(videoUrl)}.`;
	return new RequestError(
		`The video is made and paid for, but did not arrive. ${error.message} (request ${requestId})`,
		{ requestId, videoUrl },
		`${reason ? `Reason: ${reason}. ` : ''}A retry of this execution fetches it without paying again.${where}`,
	);
}
