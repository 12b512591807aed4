import type Big from 'big.js';
import {
	type IDataObject,
	type INode,
	type INodeExecutionData,
	type JsonObject,
	NodeApiError,
	NodeOperationError,
} from 'n8n-workflow';
import { money, priceOf } from '../../cost/estimate';
import { endpointOf } from '../../endpoints';
import type { Price } from '../../endpoints/Endpoint';
import { nextStep } from './nextStep';
import { explain } from '../../fal/errors/explain';
import { FalError } from '../../fal/errors/FalError';
import { RequestError } from '../../request/RequestError';
import { MaybeSubmittedError } from '../../request/lost/MaybeSubmittedError';
import { asHtml, withoutTags } from '../htmlText';
import { isTool, textForModel } from '../../parameters/tool';
import { fieldLabel } from '../../parameters/fields/fieldLabels';
import { type ActualCost, billedUnits, costOfUnits } from '../../cost/actualCost';

/*
 * Errors as the person on the canvas reads them: the message says what happened in fal's own words,
 * the description which request it was and what to do next. n8n replaces messages that contain
 * certain network codes, so those stand in the description only.
 */

/** What a failed item says, apart from the message. */
interface ErrorDetails {
	message: string;
	description: string;
	requestId?: string;
	detail?: unknown;
	status?: number;
	/** What fal bills although it failed. */
	cost?: ActualCost;
}

/** A failure that an earlier part of the same execution met and wrote down as its error item. */
export class EarlierFailure extends Error {
	override readonly name = 'EarlierFailure';

	/** @param json of the error item as {@link errorItem} made it */
	constructor(readonly json: IDataObject) {
		super(String(json.error));
	}
}

/** Any failure of an item, or of the whole run, as n8n's error. n8n's own come back as they are. */
export function nodeError(
	node: INode,
	error: unknown,
	itemIndex?: number,
): NodeApiError | NodeOperationError {
	if (error instanceof NodeApiError || error instanceof NodeOperationError) return error;
	const { message, status, detail, ...rest } = errorDetails(error);
	const isOfItem = itemIndex !== undefined && !isTool(node);
	const text = withoutTags(isOfItem ? `${message} [item ${itemIndex}]` : message);
	// A model reads what it says; n8n's editor shows it as HTML.
	const description = isTool(node) ? rest.description : asHtml(rest.description);
	if (!(error instanceof FalError || error instanceof MaybeSubmittedError)) {
		return new NodeOperationError(node, text, { itemIndex, description });
	}
	const apiError = new NodeApiError(node, { detail } as JsonObject, {
		message: text,
		httpCode: status === undefined ? undefined : String(status),
		itemIndex,
	});
	// Set last: n8n takes the first text it finds in the response for the description otherwise.
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
	const json = error instanceof EarlierFailure ? error.json : errorJson(node, error);
	const item: INodeExecutionData = { json, pairedItem: { item: itemIndex } };
	if (node.onError !== 'continueErrorOutput') return item;
	return Object.defineProperty(item, 'error', { value: nodeError(node, error, itemIndex) });
}

/** A failure as JSON: the message, the request if there is one, and fal's own words. */
export function errorJson(node: INode, error: unknown): IDataObject {
	const { message, description, requestId, detail, cost } = errorDetails(error);
	return {
		error: isTool(node) ? textForModel(message, description) : message,
		...(requestId === undefined ? {} : { request_id: requestId }),
		...(detail === undefined ? {} : { detail: detail as JsonObject[] }),
		...(cost === undefined ? {} : { cost: { ...cost } }),
	};
}

function errorDetails(error: unknown): ErrorDetails {
	if (error instanceof FalError) return falErrorDetails(error);
	const { message, description } = error as Partial<Error & { description: unknown }>;
	return {
		message: message ?? String(error),
		description: typeof description === 'string' ? description : '',
		...(error instanceof RequestError ? { requestId: error.facts.requestId } : {}),
		...(error instanceof MaybeSubmittedError
			? { status: error.status, requestId: error.requestId }
			: {}),
	};
}

function falErrorDetails({ fault }: FalError): ErrorDetails {
	const { status, detail, requestId, endpointId } = fault;
	const price = endpointId === undefined ? undefined : endpointOf(endpointId).price;
	const billed = billedUnits(fault.billableUnits);
	const message = explain(fault, (path) => fieldLabel(path).name);
	const facts = [
		fault.reason && !message.includes(fault.reason) && `Reason: ${fault.reason}.`,
		fault.errorType && `fal's error type: ${fault.errorType}.`,
		requestId && `Request ID: ${requestId}.`,
		billed && billedText(billed, price),
		nextStep(fault),
	];
	return {
		message,
		description: facts.filter(Boolean).join(' '),
		requestId,
		detail,
		status,
		cost: billed && costOfUnits(billed, price, 'billed'),
	};
}

/** What a request that failed costs all the same; mostly nothing. */
function billedText(units: Big, price: Price | undefined): string {
	if (units.eq(0)) return 'fal bills nothing for it.';
	const amount = price && `, about ${money(priceOf(units, price), price.currency)}`;
	return `fal bills ${units.toFixed()} megapixels${amount ?? ''}.`;
}
