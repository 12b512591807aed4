import Big from 'big.js';
import type { IExecuteFunctions } from 'n8n-workflow';
import { type Estimate, estimate } from '../cost/estimate';
import type { Endpoint, VideoInput } from '../endpoints/Endpoint';
import { shapeOf } from '../endpoints/videoShape';
import { Connections, type FalConnection } from '../fal/connection';
import { Uploads } from '../files/Uploads';
import { type FoundRequest, LostData } from '../request/lost/findLostRequest';
import { fingerprint } from '../request/records/fingerprint';
import type { VideoClient, VideoRequest } from '../request/generateVideo';
import { releaseRequest } from '../request/records/knownRequests';
import type { RequestStore } from '../request/records/RequestStore';
import { requestStoreOf } from './requestStoreOf';
import { type CollectContext, howToCollect } from '../output/errors/howToCollect';
import { type HintContext, showHint } from '../output/hints/showHint';
import { isTool } from '../parameters/tool';
import { checkItemLimit, checkRunLimit } from '../cost/costLimits';
import { shapeHints } from '../output/hints/shapeHints';
import { identities, type LoraFile, LoraFiles, withPaths } from '../files/LoraFiles';
import { loraHints } from '../output/hints/loraHints';
import { currentPrice, type PriceWithSource } from '../cost/currentPrice';
import type { VideoFields } from '../parameters/fields/videoFields';
import { readInput } from '../parameters/reading/readInput';
import {
	readRunOptions,
	readVideoOptions,
	type RunOptions,
	type VideoOptions,
} from '../parameters/reading/readOptions';

/** What the items of one run of a node share that generates videos. */
export interface VideoRun {
	endpoint: Endpoint;
	fields: VideoFields;
	accounts: Accounts;
	quotedPrice: PriceWithSource;
	store: RequestStore;
	loraFiles: LoraFiles;
	/** What holds for the run as a whole. */
	options: RunOptions;
	hintAtShape: ReturnType<typeof shapeHints>;
	hintAtLoras: ReturnType<typeof loraHints>;
	/** All items, once they are prepared. */
	prepared: Map<number, PreparedItem>;
}

/** One account on fal, as the items that use it share it. */
export interface Account {
	fal: FalConnection;
	client: VideoClient;
	uploads: Uploads;
}

/** One item, read, validated and estimated: ready to be submitted. */
export interface PreparedItem {
	endpoint: Endpoint;
	account: Account;
	/** As it is sent, but for the paths of those LoRAs that are files. */
	input: VideoInput;
	/** The LoRAs that are files of the item, by their rows. */
	files: Map<number, LoraFile>;
	/** The input with the content of its files in place of their addresses. */
	draft: Record<string, unknown>;
	/** Of the draft. */
	fingerprint: string;
	options: VideoOptions;
	estimated: Estimate;
	/** Of what an earlier try submitted for it, while that is collected instead of a new submit. */
	earlierEstimate?: string;
}

/** The accounts of a run: a credential with expressions may give each item another one. */
export class Accounts {
	private readonly connections: Connections;

	private readonly byConnection = new Map<FalConnection, Account>();

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly store: RequestStore,
	) {
		this.connections = new Connections(context);
	}

	/** @throws n8n's error without a credential */
	async of(itemIndex: number): Promise<Account> {
		const fal = await this.connections.of(itemIndex);
		const account = this.byConnection.get(fal) ?? this.open(fal);
		this.byConnection.set(fal, account);
		return account;
	}

	private open(fal: FalConnection): Account {
		const { context, store } = this;
		const searching = {
			place: fal.hosts.queue,
			list: fal.requests,
			executionId: store.executionId,
			isOwn: (requestId: string) => store.has(requestId),
		};
		const lostData = new LostData(searching);
		const onTakenOver = takenOverHint(context);
		const { queue, requests } = fal;
		const client = { queue, requests, store, searching, lostData, onTakenOver };
		return { fal, client, uploads: new Uploads(fal) };
	}
}

/** @throws n8n's error without a credential, FalError without a price, InvalidParametersError */
export async function startRun(
	context: IExecuteFunctions,
	endpoint: Endpoint,
	fields: VideoFields,
): Promise<VideoRun> {
	const store = requestStoreOf(context);
	const accounts = new Accounts(context, store);
	const options = readRunOptions(context);
	const quotedPrice = await currentPrice(
		options.priceSource,
		endpoint,
		async () => (await accounts.of(0)).fal,
		context.getExecutionCancelSignal(),
	);
	return {
		endpoint,
		fields,
		accounts,
		quotedPrice,
		store,
		options,
		loraFiles: new LoraFiles(context),
		hintAtShape: shapeHints(context, endpoint),
		hintAtLoras: loraHints(context),
		prepared: new Map(),
	};
}

/** @throws InvalidParametersError, CostLimitError, n8n's error without a credential; sends nothing */
export async function prepareItem(
	context: IExecuteFunctions,
	run: VideoRun,
	itemIndex: number,
): Promise<PreparedItem> {
	const { endpoint, fields, accounts, quotedPrice, store, loraFiles, hintAtShape, hintAtLoras } =
		run;
	const { input, files: binaries, hints } = readInput(context, itemIndex, endpoint, fields);
	const options = readVideoOptions(context, itemIndex);
	const shape = shapeOf(endpoint, input);
	const estimated = estimate(shape, quotedPrice.price);
	hintAtShape(shape);
	hintAtLoras(hints);
	const files = await loraFiles.read(binaries);
	const draft = withPaths(input, identities(files));
	const identity = fingerprint(endpoint.id, draft);
	const earlierEstimate = store.earlierEstimate(itemIndex, identity);
	const { maxCostPerItem } = options;
	if (earlierEstimate === undefined)
		checkItemLimit(estimated.cost, maxCostPerItem, quotedPrice.price);
	const account = await accounts.of(itemIndex);
	const read = { endpoint, account, input, files, draft, fingerprint: identity, options };
	return { ...read, estimated, earlierEstimate };
}

/**
 * Holds the run's limit against all items. What was submitted already counts, but is collected whatever
 * the limit is by now.
 *
 * @throws CostLimitError when a new submit would make the run cost more than it may
 */
export function checkRunCost(run: VideoRun, items: Map<number, PreparedItem>): void {
	const { options, quotedPrice, store } = run;
	run.prepared = items;
	const toSubmit = [...items].filter(([, item]) => item.earlierEstimate === undefined);
	if (toSubmit.length === 0) return;
	const costs = new Map(toSubmit.map(([i, { estimated }]) => [i, estimated.cost]));
	const earlier = [...items.values()].flatMap(({ earlierEstimate }) => earlierEstimate ?? []);
	// A call of a tool has one item.
	const spent = [...earlier, ...store.spent(toSubmit[0]![1].fingerprint)];
	const amounts = spent.map((amount) => new Big(amount));
	checkRunLimit(costs, options.maxCostPerRun, quotedPrice.price, amounts);
	for (const [, { estimated }] of toSubmit) store.reserve(estimated.cost.toFixed());
}

/**
 * The same for an item whose earlier request turns out to have ended without a result, or to answer
 * another call of a tool. All others were checked before the first submit.
 */
function checkNewSubmit(run: VideoRun, item: PreparedItem): void {
	if (item.earlierEstimate === undefined) return;
	item.earlierEstimate = undefined;
	checkItemLimit(item.estimated.cost, item.options.maxCostPerItem, run.quotedPrice.price);
	checkRunCost(run, run.prepared);
}

/** Submits one item and does what follows. When that fails, its request is left to a retry. */
export async function releaseOnFailure<T>(
	{ store }: VideoRun,
	itemIndex: number,
	work: () => Promise<T>,
): Promise<T> {
	let isAnswered = false;
	try {
		const result = await work();
		isAnswered = true;
		return result;
	} finally {
		const requestId = store.get(itemIndex)?.requestId;
		if (!isAnswered && requestId !== undefined) releaseRequest(requestId);
		store.finish(itemIndex, isAnswered);
	}
}

/** An execution that fal's webhook leads to. */
export interface ExecutionWebhook {
	url: string;
	executionId: string;
}

/** What the life of a request starts with. */
export function videoRequest(
	run: VideoRun,
	item: PreparedItem,
	itemIndex: number,
	webhook?: ExecutionWebhook,
): VideoRequest {
	const { account, input, files, draft, fingerprint: identity, options, estimated } = item;
	return {
		endpointId: item.endpoint.id,
		checkNewSubmit: () => checkNewSubmit(run, item),
		input: async (signal) => withPaths(input, await uploadFiles(account, files, signal)),
		draft,
		itemIndex,
		fingerprint: identity,
		estimate: estimated.cost.toFixed(),
		webhookExecutionId: webhook?.executionId,
		submitOptions: {
			webhookUrl: webhook?.url ?? (options.webhookUrl || undefined),
			priority: options.queuePriority,
			startTimeoutSeconds: options.startTimeoutSeconds || undefined,
			keepPayload: options.keepPayload,
			fileLifetimeSeconds: options.fileLifetimeSeconds || undefined,
			serverRetries: options.serverRetries,
		},
	};
}

/** The addresses of an item's files at fal, by their rows, once all are there. */
async function uploadFiles(
	{ uploads }: Account,
	files: Map<number, LoraFile>,
	signal: AbortSignal,
): Promise<Map<number, string>> {
	const uploaded = [...files].map(
		async ([row, file]) => [row, await uploads.url(file, signal)] as const,
	);
	return new Map(await Promise.all(uploaded));
}

/** For a run that ends in an error: what was submitted all the same, and how to get it. */
export function submittedText(context: CollectContext, store: RequestStore): string {
	const submitted = store
		.entries()
		.flatMap(({ itemIndex, record: { requestId } }) =>
			requestId === undefined ? [] : [{ itemIndex, requestId }],
		);
	if (submitted.length === 0) return '';
	const isOfTool = isTool(context.getNode());
	const list = submitted.map(({ itemIndex, requestId }) =>
		isOfTool ? requestId : `item ${itemIndex}: ${requestId}`,
	);
	const intro = isOfTool ? 'Submitted request' : 'Requests submitted in this run';
	return `${intro}: ${list.join(', ')}. ${howToCollect(context)}`;
}

/** Shows on the canvas that an item continues with what an execution submitted whose data n8n lost. */
function takenOverHint(context: HintContext): (itemIndex: number, request: FoundRequest) => void {
	return (itemIndex, { requestId, sentAt }) => {
		const since = sentAt === undefined ? '' : ` of ${new Date(sentAt).toISOString()}`;
		showHint(
			context,
			`Item ${itemIndex} continues with request ${requestId}${since}, which has exactly this input: n8n kept no data of the execution that this one retries. To have a new video instead, run the workflow as a new execution.`,
			'warning',
		);
	};
}
