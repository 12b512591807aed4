import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { FalError } from '../../../fal/FalError';
import { openRequest } from '../../../request/openRequest';
import { runIndexOf } from '../../ledgerOf';
import type { BuyingRun, Order } from '../order';
import { submitOrders } from '../submitOrders';
import { checkWebhookUrl } from '../webhookAddress';
import { collectParked } from './collectParked';
import type { ParkedItem, Parking } from './parking';
import { saveParking } from './parking';
import { callbackUrl } from './resumeWebhook';

/*
 * Rules:
 * - an address that fal can't call is told before anything is bought;
 * - the execution is parked only for requests that will call this very execution back, and only
 *   while one of them is still open;
 * - if no callback ever comes, the items that go on hold what is needed to collect the videos;
 * - n8n's Retry On Fail may run a node again that has parked the execution: it reads its own input, and
 *   the execution stays parked.
 */

/** `sync_mode` would put the whole file into the callback, which n8n takes up to 16 MiB only. */
export class SyncModeError extends Error {
	override readonly name = 'SyncModeError';

	readonly description = 'Nothing was sent to fal for it, so nothing is billed.';

	constructor() {
		super(
			"Sync Mode (syncMode) can't be used with Wait Mode (waitMode) Webhook: the callback would hold the whole file",
		);
	}
}

/**
 * Buys a video for each item and parks the execution in n8n's database until fal has called back for
 * the last of them.
 *
 * @param hasParked whether an earlier try of this run has parked the execution: it stays parked
 * @returns what was submitted, which n8n shows meanwhile; or the videos, where there is nothing to
 * wait for
 */
export async function park(
	context: IExecuteFunctions,
	run: BuyingRun,
	hasParked: boolean,
): Promise<INodeExecutionData[]> {
	const executionId = context.getExecutionId();
	const url = callbackUrl(context);
	checkWebhookUrl(run.fal.hosts, url);
	const orders = new Map<number, Order>();
	const submitted = await submitOrders(context, run, {
		callback: { url, executionId },
		check: ({ input }) => {
			if (input.sync_mode) throw new SyncModeError();
		},
		onBought: (order, itemIndex) => orders.set(itemIndex, order),
	});
	if (orders.size === 0) return submitted;
	const parking: Parking = {
		executionId,
		runIndex: runIndexOf(context),
		price: run.quoted.price,
		maxConcurrency: run.options.maxConcurrency,
		items: submitted.map(({ json }, itemIndex) => parkedItem(orders.get(itemIndex), json)),
		inputs: context.getInputData(),
	};
	saveParking(context, parking);
	if (!hasParked && !(await isWorthParking(context, run, parking))) {
		return await collectParked(context, parking);
	}
	carryOn(context, submitted);
	await context.putExecutionToWait(latestEnd([...orders.values()]));
	return submitted;
}

function parkedItem(order: Order | undefined, json: INodeExecutionData['json']): ParkedItem {
	if (!order) return { failure: json };
	const { downloadVideo, outputBinaryField, includeLogs, timeoutSeconds, onStop } = order.options;
	return {
		options: { downloadVideo, outputBinaryField, includeLogs, timeoutSeconds, onStop },
		estimated: order.estimated.cost.toNumber(),
	};
}

/** Whether a callback to this execution is still to come, as far as fal can be asked. */
async function isWorthParking(
	context: IExecuteFunctions,
	{ fal, shop }: BuyingRun,
	{ executionId, items }: Parking,
): Promise<boolean> {
	const purchases = items.flatMap((item, itemIndex) =>
		'options' in item ? [shop.ledger.of(itemIndex)!] : [],
	);
	if (purchases.some(({ calledBack }) => calledBack !== executionId)) {
		context.addExecutionHints({
			message:
				'Not parked: an earlier execution bought some of these videos, and fal calls that one back. They are waited for here.',
			location: 'outputPane',
		});
		return false;
	}
	const requestIds = purchases.map(({ requestId }) => requestId);
	const stop = context.getExecutionCancelSignal();
	return await openRequest(fal.queue, requestIds, stop).then(
		(open) => open !== undefined,
		(error: unknown) => {
			// Bought is bought: whoever can't be asked now will call back.
			if (error instanceof FalError) return true;
			throw error;
		},
	);
}

/**
 * After a timeout n8n doesn't run this node again: its input goes on as its output. So the requests
 * that were submitted are added to it.
 */
function carryOn(context: IExecuteFunctions, submitted: INodeExecutionData[]): void {
	const inputs = context.getInputData();
	const carried = submitted.map((item, itemIndex) => ({
		...inputs[itemIndex],
		...item,
		json: { ...inputs[itemIndex]?.json, ...item.json },
	}));
	context.getExecuteData().data.main = [carried];
}

/**
 * Takes back what was added to the input. Expressions read these very objects.
 *
 * @param earlier what an earlier try of this run has parked the execution with
 */
export function restoreInput(context: IExecuteFunctions, { inputs }: Parking): void {
	context.getInputData().forEach((item, itemIndex) => {
		item.json = inputs[itemIndex]!.json;
	});
}

/** When the last of the items is no longer waited for. */
function latestEnd(orders: Order[]): Date {
	const seconds = Math.max(...orders.map(({ options }) => options.timeoutSeconds));
	return new Date(Date.now() + seconds * 1000);
}
