import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

/** Which request an operation is about. */
export const requestIdField: INodeProperties = {
	displayName: 'Request ID',
	name: 'requestId',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. 764cabcf-b745-4b3e-ae38-1200304cf45b',
	description: 'The ID that fal gave the request: Submit returns it, and every error names it',
};

/** A request ID that can be none; nothing was sent when it is thrown. */
export class RequestIdError extends Error {
	override readonly name = 'RequestIdError';

	readonly description = 'It is the request_id of an item, or stands in an error of this node.';
}

/**
 * The request ID of one item. It becomes part of an address, so nothing else may be in it.
 *
 * @throws RequestIdError
 */
export function readRequestId(
	context: Pick<IExecuteFunctions, 'getNodeParameter'>,
	itemIndex: number,
): string {
	const value: unknown = context.getNodeParameter('requestId', itemIndex, '');
	const id = typeof value === 'string' ? value.trim() : '';
	if (/^[\w-]{1,128}$/.test(id)) return id;
	throw new RequestIdError(
		`Request ID (requestId) is ${id === '' ? 'empty' : JSON.stringify(id.slice(0, 60))}, but must be an ID such as 764cabcf-b745-4b3e-ae38-1200304cf45b`,
	);
}
