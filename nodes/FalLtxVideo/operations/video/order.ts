import Big from 'big.js';
import type { IExecuteFunctions } from 'n8n-workflow';
import type { Estimate } from '../../endpoint/cost';
import { estimate } from '../../endpoint/cost';
import { ltx23DistilledTextToVideoLora as endpoint } from '../../endpoint/ltx23DistilledTextToVideoLora';
import type { Ltx23Input } from '../../endpoint/ltx23DistilledTextToVideoLora';
import { shapeOf } from '../../endpoint/shape';
import type { FalConnection } from '../../fal/connection';
import { connect } from '../../fal/connection';
import { fingerprint } from '../../request/fingerprint';
import type { Shop, VideoOrder } from '../../request/generateVideo';
import { CallLedger } from '../../request/CallLedger';
import type { Ledger } from '../../request/Ledger';
import { LostRequests } from '../../request/LostRequests';
import { ledgerOf } from '../ledgerOf';
import { checkItemBudget, checkRunBudget } from './budget';
import { gridHints } from './gridHint';
import type { LoraFile } from './loras/LoraFiles';
import { identities, LoraFiles, withPaths } from './loras/LoraFiles';
import { loraHints } from './loras/loraHints';
import type { QuotedPrice } from './priceInUse';
import { priceInUse } from './priceInUse';
import { readInput } from './readInput';
import type { VideoOptions } from './readOptions';
import { readVideoOptions } from './readOptions';

/** What the items of one run of a node share that buys videos. */
export interface BuyingRun {
	fal: FalConnection;
	quoted: QuotedPrice;
	shop: Shop;
	loraFiles: LoraFiles;
	/** Of the first item: what holds for the run as a whole. */
	options: VideoOptions;
	hintAtGrid: ReturnType<typeof gridHints>;
	hintAtLoras: ReturnType<typeof loraHints>;
}

/** One item, read, checked and estimated: ready to be bought. */
export interface Order {
	/** As it is sent, but for the paths of those LoRAs that are files. */
	input: Ltx23Input;
	/** The LoRAs that are files of the item, by their rows. */
	files: Map<number, LoraFile>;
	/** Of what is bought, the content of its files in place of their addresses. */
	fingerprint: string;
	options: VideoOptions;
	estimated: Estimate;
}

/** @throws n8n's error without a credential, FalError without a price, InvalidParametersError */
export async function startBuying(context: IExecuteFunctions): Promise<BuyingRun> {
	const fal = await connect(context, endpoint.id);
	const options = readVideoOptions(context, 0);
	const quoted = await priceInUse(context, options, async () => await Promise.resolve(fal));
	const ledger = ledgerOf(context);
	const lost = new LostRequests(
		fal.requests,
		(input) => fingerprint(endpoint.id, input),
		(requestId) => ledger.knows(requestId),
	);
	return {
		fal,
		quoted,
		options,
		shop: { queue: fal.queue, requests: fal.requests, ledger, lost },
		loraFiles: new LoraFiles(context, fal),
		hintAtGrid: gridHints(context, endpoint),
		hintAtLoras: loraHints(context),
	};
}

/** @throws InvalidParametersError, OverBudgetError; nothing is sent */
export async function readOrder(
	context: IExecuteFunctions,
	{ quoted, loraFiles, hintAtGrid, hintAtLoras }: BuyingRun,
	itemIndex: number,
): Promise<Order> {
	const { input, files: binaries, hints } = readInput(context, itemIndex);
	const options = readVideoOptions(context, itemIndex);
	const shape = shapeOf(endpoint, input);
	const estimated = estimate(shape, quoted.price);
	checkItemBudget(estimated.cost, options.maxCostPerItem, quoted.price);
	hintAtGrid(shape);
	hintAtLoras(hints);
	const files = await loraFiles.read(binaries);
	const identity = fingerprint(endpoint.id, withPaths(input, identities(files)));
	return { input, files, fingerprint: identity, options, estimated };
}

/** @throws OverBudgetError when all orders together cost more than the run may */
export function agreeToOrders(
	{ options, quoted, shop }: BuyingRun,
	orders: Map<number, Order>,
): void {
	const estimates = [...orders].map(([i, { estimated }]) => [i, estimated.cost] as const);
	const spent = [...orders.values()].flatMap((order) => shop.ledger.spentBefore(order.fingerprint));
	const amounts = spent.map((amount) => new Big(amount));
	checkRunBudget(new Map(estimates), options.maxCostPerRun, quoted.price, amounts);
}

/**
 * Does what follows a purchase of one order. When it fails, the purchase is left to whatever runs in
 * its place.
 */
export async function withPurchase<T>(
	{ shop }: BuyingRun,
	itemIndex: number,
	work: () => Promise<T>,
): Promise<T> {
	let isDone = false;
	try {
		const result = await work();
		isDone = true;
		return result;
	} finally {
		if (!isDone) shop.ledger.release(itemIndex);
	}
}

/** An execution that fal calls back. */
export interface Callback {
	url: string;
	executionId: string;
}

/** What the life of a request starts with. */
export function videoOrder(
	{ loraFiles }: BuyingRun,
	{ input, files, fingerprint: identity, options, estimated }: Order,
	itemIndex: number,
	callback?: Callback,
): VideoOrder {
	return {
		input: async (signal) => withPaths(input, await loraFiles.upload(files, signal)),
		itemIndex,
		fingerprint: identity,
		estimate: estimated.cost.toFixed(),
		calledBack: callback?.executionId,
		submitOptions: {
			webhookUrl: callback?.url ?? (options.webhookUrl || undefined),
			priority: options.queuePriority,
			startTimeoutSeconds: options.startTimeoutSeconds || undefined,
			keepPayload: options.keepPayload,
			fileLifetimeSeconds: options.fileLifetimeSeconds || undefined,
			serverRetries: options.serverRetries,
		},
	};
}

/** For a run that ends in an error: what was bought all the same, and how to get it. */
export function purchasesText(ledger: Ledger): string {
	const purchases = ledger.all();
	if (purchases.length === 0) return '';
	if (ledger instanceof CallLedger) {
		return `Request bought: ${purchases[0]!.requestId}. The same call with the same input collects what can still be had of it instead of buying it again.`;
	}
	const list = purchases.map(({ itemIndex, requestId }) => `item ${itemIndex}: ${requestId}`);
	return `Requests bought in this run: ${list.join(', ')}. A retry of this execution collects what can still be had of them instead of buying it again.`;
}
