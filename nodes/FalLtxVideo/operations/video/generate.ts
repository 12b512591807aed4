import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { ltx23DistilledTextToVideoLora as endpoint } from '../../endpoint/ltx23DistilledTextToVideoLora';
import type { Ltx23Input, Ltx23Output } from '../../endpoint/ltx23DistilledTextToVideoLora';
import { isDataUri, storeFile } from '../../fal/download';
import { FalError } from '../../fal/FalError';
import type { FalConnection } from '../../fal/connection';
import { connect } from '../../fal/connection';
import { Deadline } from '../../request/deadline';
import type { Generated } from '../../request/generateVideo';
import { generateVideo } from '../../request/generateVideo';
import { eachItem } from '../eachItem';
import type { Operation } from '../Operation';
import { endpointFields } from './fields';
import { hintAtGrid } from './gridHint';
import type { VideoOptions } from './nodeOptions';
import { readVideoOptions, videoOptionFields } from './nodeOptions';
import { readInput } from './readInput';
import { videoItem } from './videoItem';

/** One item, read and checked. */
interface Order {
	input: Ltx23Input;
	options: VideoOptions;
}

/** `video: generate`: text in, a finished video out. */
export const generate: Operation = {
	value: 'generate',
	name: 'Generate',
	action: 'Generate a video',
	description: 'Make a video from a prompt and LoRAs, wait for it and hand on the file',
	fields: [...endpointFields, ...videoOptionFields],
	async run(context) {
		const fal = await connect(context, endpoint.id);
		const { maxConcurrency } = readVideoOptions(context, 0);
		const items = await eachItem(
			context,
			maxConcurrency,
			(itemIndex): Order => ({
				input: readInput(context, itemIndex),
				options: readVideoOptions(context, itemIndex),
			}),
			async (order) => await fulfil(context, fal, order),
		);
		return items;
	},
};

async function fulfil(
	context: IExecuteFunctions,
	fal: FalConnection,
	{ input, options }: Order,
): Promise<INodeExecutionData> {
	hintAtGrid(context, endpoint, input);
	const deadline = new Deadline(options.timeoutSeconds, context.getExecutionCancelSignal());
	try {
		const generated = await generateVideo(fal.queue, input, deadline);
		const output = readOutput(generated);
		const file = await fetchFile(context, fal, output, generated, options, deadline);
		return videoItem({ input, output, generated, ...file });
	} finally {
		deadline.close();
	}
}

function readOutput({ data, requestId }: Generated): Ltx23Output {
	const parsed = endpoint.output.safeParse(data);
	if (parsed.success) return parsed.data;
	const missing = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
	throw new FalError({
		kind: 'unreadable',
		doing: 'Reading the result',
		reason: `not as fal describes it: ${missing}`,
		requestId,
	});
}

/** The file as binary data. One that came inside the answer is kept in any case: it is nowhere else. */
async function fetchFile(
	context: IExecuteFunctions,
	{ http }: FalConnection,
	{ video }: Ltx23Output,
	{ requestId }: Generated,
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
		throw error instanceof FalError ? error.withRequestId(requestId) : error;
	}
}
