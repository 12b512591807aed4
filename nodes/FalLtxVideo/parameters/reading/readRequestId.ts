import type { INodeProperties } from 'n8n-workflow';
import { withoutBlankEnds } from '../../endpoints/visibleText';
import { maskedLink } from '../../fal/mask';
import { isEmptyValue } from './values/readAs';
import { type ParameterContext, readParameter } from './values/readParameter';
import { isRequestId } from '../../fal/queue/requestId';

/** Which request an operation is about. */
export const requestIdField: INodeProperties = {
	displayName: 'Request ID',
	name: 'requestId',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. 764cabcf-b745-4b3e-ae38-1200304cf45b',
	description:
		"The ID that fal gave the request: An item with Wait Mode None holds it, and every error names it. fal's link of the request works too.",
};

/** A request ID that can be none; nothing was sent when it is thrown. */
export class RequestIdError extends Error {
	override readonly name = 'RequestIdError';

	readonly description = 'It is the request_id of an item, or stands in an error of this node.';

	constructor(given: unknown) {
		super(
			`Request ID (requestId) is ${shown(given)}, but must be an ID such as 764cabcf-b745-4b3e-ae38-1200304cf45b, or fal's link of the request`,
		);
	}
}

/** Of a longer text no more is looked at: masking megabytes would hold up all of n8n. */
const LOOKED_AT = 4_000;

function shown(given: unknown): string {
	if (isEmptyValue(given)) return 'empty';
	const value = typeof given === 'string' ? maskedLink(given.slice(0, LOOKED_AT)) : given;
	const text = JSON.stringify(value) ?? '';
	return text.length > 100 ? `${text.slice(0, 97)}…` : text;
}

/** fal's addresses of a request: its result, its status or its cancel. */
const LINK =
	/^https:\/\/(?:queue\.)?fal\.run\/(?:[\w.-]+\/){1,8}requests\/([\w-]{1,128})(?:\/(?:status(?:\/stream)?|cancel|response))?\/?(?:\?\S*)?$/i;

/**
 * The request ID of one item, also out of fal's link of the request. It becomes part of an address,
 * so nothing else may be in it.
 *
 * @throws NotSentError, RequestIdError
 */
export function readRequestId(context: ParameterContext, itemIndex: number): string {
	const value = readParameter(context, 'requestId', itemIndex);
	const given = typeof value === 'string' ? withoutBlankEnds(value) : '';
	const id = LINK.exec(given)?.[1] ?? given;
	if (isRequestId(id)) return id;
	throw new RequestIdError(value);
}
