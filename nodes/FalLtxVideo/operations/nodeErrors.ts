import type Big from 'big.js';
import type { INode, INodeExecutionData, JsonObject } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import { money, priceOf } from '../endpoint/cost';
import { ltx23DistilledTextToVideoLora as endpoint } from '../endpoint/ltx23DistilledTextToVideoLora';
import { FalError, words } from '../fal/FalError';
import type { FalDetail } from '../fal/FalError';
import { AbandonedError } from '../request/deadline';
import { OverBudgetError } from './video/budget';
import { InvalidParametersError } from './video/InvalidParametersError';
import { placeOf } from './video/places';
import type { ActualCost } from './video/videoCost';
import { billedUnits, costOfUnits } from './video/videoCost';

/*
 * Errors as the person on the canvas reads them: the message says what happened in fal's own words,
 * the description which request it was and what to do next. n8n replaces messages that contain
 * certain network codes, so those stand in the description only.
 */

/** What a failed item tells, apart from the message. */
interface Told {
	message: string;
	description: string;
	requestId?: string;
	detail?: unknown;
	status?: number;
	/** What fal bills although it failed. */
	cost?: ActualCost;
}

const NOTHING_SENT = 'Nothing was sent to fal for it, so nothing is billed.';

/** Any failure of an item, or of the whole run, as n8n's error. n8n's own come back as they are. */
export function nodeError(
	node: INode,
	error: unknown,
	itemIndex?: number,
): NodeApiError | NodeOperationError {
	if (error instanceof NodeApiError || error instanceof NodeOperationError) return error;
	const { message, description, status, detail } = told(error);
	const text = itemIndex === undefined ? message : `${message} [item ${itemIndex}]`;
	if (!(error instanceof FalError)) {
		return new NodeOperationError(node, text, { itemIndex, description });
	}
	const apiError = new NodeApiError(node, { detail } as JsonObject, {
		message: text,
		httpCode: status === undefined ? undefined : String(status),
		itemIndex,
	});
	// Set last: n8n takes the first text it finds in the answer for the description otherwise.
	apiError.description = description;
	return apiError;
}

/**
 * A failed item where the node continues on fail: the message, and what is needed to get at what
 * was paid for.
 *
 * n8n finds the items for a node's error output by their `error`, but replaces the JSON of an item
 * that still has one at the end by the message alone. So only a node with an error output gets it,
 * and not enumerable: it is seen, and left behind when n8n copies the item to that output.
 */
export function errorItem(node: INode, error: unknown, itemIndex: number): INodeExecutionData {
	const { message, requestId, detail, cost } = told(error);
	const item: INodeExecutionData = {
		json: {
			error: message,
			...(requestId === undefined ? {} : { request_id: requestId }),
			...(detail === undefined ? {} : { detail: detail as JsonObject[] }),
			...(cost === undefined ? {} : { cost: { ...cost } }),
		},
		pairedItem: { item: itemIndex },
	};
	if (node.onError !== 'continueErrorOutput') return item;
	return Object.defineProperty(item, 'error', { value: nodeError(node, error, itemIndex) });
}

function told(error: unknown): Told {
	if (error instanceof FalError) return toldByFal(error);
	if (error instanceof InvalidParametersError || error instanceof OverBudgetError) {
		return { message: error.message, description: NOTHING_SENT };
	}
	if (error instanceof AbandonedError) {
		const { message, requestId } = error;
		return { message, requestId, description: `Request ID: ${requestId}.` };
	}
	const message = error instanceof Error ? error.message : String(error);
	return { message, description: (error as { description?: string }).description ?? '' };
}

function toldByFal({ fault }: FalError): Told {
	const { doing, kind, status, detail, requestId } = fault;
	const billed = billedUnits(fault.billableUnits);
	const facts = [
		fault.reason && `Reason: ${fault.reason}.`,
		fault.errorType && `fal's error type: ${fault.errorType}.`,
		requestId && `Request ID: ${requestId}.`,
		billed && billedText(billed),
	];
	return {
		message:
			kind === 'answer'
				? `${doing} failed: fal answered ${status}: ${words(inPanelNames(detail)) || 'no reason given'}`
				: kind === 'network'
					? `${doing} failed: the connection to fal broke or could not be made`
					: `${doing} failed: the answer${status ? ` (${status})` : ''} is none of fal's`,
		description: facts.filter(Boolean).join(' '),
		requestId,
		detail,
		status,
		cost: billed && costOfUnits(billed, endpoint.price, 'billed'),
	};
}

/** What a request that failed costs all the same; mostly nothing. */
function billedText(units: Big): string {
	const { price } = endpoint;
	const amount = money(priceOf(units, price), price.currency);
	return units.eq(0)
		? 'fal bills nothing for it.'
		: `fal bills ${units.toFixed()} megapixels, about ${amount}.`;
}

/** fal's details with the node's parameter names in place of fal's. */
function inPanelNames(detail: string | FalDetail[] | undefined): typeof detail {
	if (!Array.isArray(detail)) return detail;
	return detail.map(({ loc, ...rest }) => ({
		...rest,
		...(loc ? { loc: [placeOf(loc[0] === 'body' ? loc.slice(1) : loc).name] } : {}),
	}));
}
