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
import { Deadline } from '../../request/deadline';
import type { Generated } from '../../request/generateVideo';
import { generateVideo } from '../../request/generateVideo';
import { eachItem } from '../eachItem';
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
		const costs: VideoCost[] = [];
		const items = await eachItem(context, {
			maxConcurrency: ofRun.maxConcurrency,
			prepare: (itemIndex) => prepare(context, itemIndex, quoted),
			agree: (orders) => {
				const estimates = [...orders].map(([i, { estimated }]) => [i, estimated.cost] as const);
				checkRunBudget(new Map(estimates), ofRun.maxCostPerRun, quoted.price);
			},
			work: async (order) => await fulfil(context, fal, order, quoted, costs),
		});
		if (costs.length > 0) {
			context.addExecutionHints({
				message: costLine(costs, quoted.price),
				location: 'outputPane',
			});
		}
		return items;
	},
};

function prepare(context: IExecuteFunctions, itemIndex: number, { price }: QuotedPrice): Order {
	const input = readInput(context, itemIndex);
	const options = readVideoOptions(context, itemIndex);
	const estimated = estimate(shapeOf(endpoint, input), price);
	checkItemBudget(estimated.cost, options.maxCostPerItem, price);
	hintAtGrid(context, endpoint, input);
	return { input, options, estimated };
}

/** Makes one video; notes what it cost in `costs` as soon as that is known. */
async function fulfil(
	context: IExecuteFunctions,
	fal: FalConnection,
	{ input, options, estimated }: Order,
	{ price }: QuotedPrice,
	costs: VideoCost[],
): Promise<INodeExecutionData> {
	const deadline = new Deadline(options.timeoutSeconds, context.getExecutionCancelSignal());
	try {
		const generated = await generateVideo(fal.queue, input, deadline);
		const output = readOutput(generated);
		const actual = actualCost(output, generated.billableUnits, price);
		const cost = { estimated: estimated.cost.toNumber(), ...actual };
		costs.push(cost);
		const file = await fetchFile(context, fal, output, generated, options, deadline);
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
		reason: `not as fal describes it: ${missing}`,
		requestId,
		billableUnits,
	});
}

/** The file as binary data. One that came inside the answer is kept in any case: it is nowhere else. */
async function fetchFile(
	context: IExecuteFunctions,
	{ http }: FalConnection,
	{ video }: Ltx23Output,
	{ requestId, billableUnits }: Generated,
	{ downloadVideo, outputBinaryField }: VideoOptions,
	{ signal }: Deadline,
) {
	if (!downloadVideo && !isDataUri(video.url)) return { downloadSeconds: null };
	const startedAt = Date.now();
	try {
		const data = await storeFile({ http, store: context.helpers }, video, requestId, signal);
		const downloadSeconds = (Date.now() - startedAt) / 1000;
		return { downloadSeconds, binary: { field: outputBinaryField, data } };
	} catch (error) {
		throw error instanceof FalError ? error.about({ requestId, billableUnits }) : error;
	}
}
