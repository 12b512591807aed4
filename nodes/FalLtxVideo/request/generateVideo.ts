import { FalError } from '../fal/FalError';
import type { Submitted, SubmitOptions } from '../fal/queue';
import { isUnknownRequest } from '../fal/queue';
import type { Desk, Generated, GiveUp } from './awaitVideo';
import { awaitVideo } from './awaitVideo';
import type { DeadlineError } from './deadline';
import type { Ledger, Purchase } from './Ledger';
import type { LostRequests } from './LostRequests';
import { MaybeSubmittedError, NotSubmittedError, submitOnce } from './submit';

/*
 * The life of one paid request. Rules:
 * - what was bought before for the same item and input is collected, not bought again;
 * - it is bought anew only when fal proves that the earlier one ended without a result;
 * - what fal refused for its input is not sent again with the same input.
 */

/** What videos are bought with. */
export interface Shop extends Desk {
	ledger: Ledger;
	lost: LostRequests;
}

/** One video to be had. */
export interface VideoOrder {
	/**
	 * What is sent, checked against the endpoint's schema. Asked for only when it is bought, as it may
	 * have to be made ready first: a file has to be uploaded.
	 */
	input: (signal: AbortSignal) => Promise<Record<string, unknown>>;
	/** Of what is bought: the same each time it is wanted, wherever its files were uploaded to. */
	fingerprint: string;
	itemIndex: number;
	submitOptions: SubmitOptions;
	/** What it will cost, as a decimal in the price's currency. */
	estimate: string;
	/** The execution that the webhook of the submit options leads to. */
	calledBack?: string;
}

/**
 * Gets one video: the one that was bought already, or a new one.
 *
 * @throws FalError, RequestError with the request's id; NotSubmittedError, MaybeSubmittedError when
 * there is none
 */
export async function generateVideo(
	shop: Shop,
	order: VideoOrder,
	giveUp: GiveUp,
): Promise<Generated> {
	const earlier = shop.ledger.find(order.itemIndex, order.fingerprint);
	if (earlier) {
		const collected = await collect(shop, order, earlier, giveUp).catch(goneOrThrow);
		if (collected) return collected;
		shop.ledger.strike(order.itemIndex);
	}
	const purchase = await buy(shop, order, giveUp.signal);
	return await collect(shop, order, purchase, giveUp);
}

/**
 * Buys one video without waiting for it; what was bought already for the same item and input is not
 * bought again, unless an earlier try to collect it proved that it ended without a result.
 *
 * @throws as submitOnce
 */
export async function buyVideo(
	shop: Shop,
	order: VideoOrder,
	signal: AbortSignal,
): Promise<Purchase> {
	const earlier = shop.ledger.find(order.itemIndex, order.fingerprint);
	if (earlier && !earlier.isGone) return earlier;
	return await buy(shop, order, signal);
}

async function buy(shop: Shop, order: VideoOrder, signal: AbortSignal): Promise<Purchase> {
	const { fingerprint, itemIndex, estimate, calledBack } = order;
	return await shop.lost.oneByOne(fingerprint, async () => {
		const { request_id: requestId, ...urls } = await submitOrFind(shop, order, signal);
		const bought = { fingerprint, requestId, acceptedAt: Date.now(), urls, estimate };
		const purchase: Purchase = calledBack === undefined ? bought : { ...bought, calledBack };
		shop.ledger.write(itemIndex, purchase);
		return purchase;
	});
}

/** fal's acceptance; where it was lost, the request that fal took all the same. */
async function submitOrFind(
	{ queue, lost }: Shop,
	order: VideoOrder,
	signal: AbortSignal,
): Promise<Submitted> {
	const { submitOptions } = order;
	const input = await readyInput(order, signal);
	const sentAt = Date.now();
	return await submitOnce(queue, input, submitOptions, signal).catch(async (error: unknown) => {
		// Without its payload in fal's history a request can't be told from others.
		const findable = error instanceof MaybeSubmittedError && submitOptions.keepPayload;
		const found = findable ? await lost.find(input, sentAt, signal) : undefined;
		if (found === undefined) throw error;
		return { request_id: found };
	});
}

/** @throws NotSubmittedError when the signal aborts before the input is ready */
async function readyInput(
	{ input }: VideoOrder,
	signal: AbortSignal,
): Promise<Record<string, unknown>> {
	return await input(signal).catch((error: unknown) => {
		throw signal.aborted ? new NotSubmittedError(signal.reason as DeadlineError) : error;
	});
}

/**
 * The video of a purchase, waited for if need be; a refusal of its input, or an end without a result,
 * is written down, whichever try it came to.
 *
 * @throws FalError, RequestError with the request's id
 */
export async function collect(
	{ ledger, ...desk }: Desk & Pick<Shop, 'ledger'>,
	{ itemIndex }: Pick<VideoOrder, 'itemIndex'>,
	purchase: Purchase,
	giveUp: GiveUp,
): Promise<Generated> {
	if (purchase.refusal) throw new FalError(purchase.refusal);
	return await awaitVideo(desk, purchase, giveUp).catch((error: unknown) => {
		if (isRefusalOfInput(error)) {
			ledger.write(itemIndex, { ...purchase, refusal: error.fault });
		} else if (endedWithoutResult(error)) {
			ledger.write(itemIndex, { ...purchase, isGone: true });
		}
		throw error;
	});
}

/** Nothing when fal proves that there is no video. @throws the error itself otherwise */
function goneOrThrow(error: unknown): undefined {
	if (!endedWithoutResult(error)) throw error;
	return undefined;
}

/** Unknown, expired and cancelled requests, and those that fal's own machinery failed. */
function endedWithoutResult(error: unknown): boolean {
	if (!(error instanceof FalError) || error.fault.kind !== 'answer') return false;
	const { status = 0, errorType } = error.fault;
	if (isUnknownRequest(error.fault)) return true;
	return status === 499 || (status >= 500 && errorType !== undefined);
}

function isRefusalOfInput(error: unknown): error is FalError {
	return error instanceof FalError && error.fault.kind === 'answer' && error.fault.status === 422;
}
