import {
	type INode,
	type INodeExecutionData,
	type NodeApiError,
	NodeOperationError,
} from 'n8n-workflow';

/*
 * The node as a tool of an AI agent. Rules: a model gets a failure as one text, so all that it
 * has to know is in there; and it gets no files, so none is fetched unless asked for.
 */

/** Whether the node runs as a tool: n8n gives a tool's type the name of the node's and this ending. */
export function isTool({ type }: Pick<INode, 'type'>): boolean {
	return type.endsWith('Tool');
}

/**
 * A failure as the tool's answer. An error that is thrown instead ends the execution or becomes an
 * empty text for the model, depending on the versions of n8n and of its agent; measured.
 *
 * @throws NodeOperationError where the node is set to stop the workflow
 */
export function answerForModel(
	node: INode,
	{ message, description }: NodeApiError | NodeOperationError,
): INodeExecutionData {
	const text = textForModel(message, description);
	if (node.onError !== 'stopWorkflow') return { json: { error: text } };
	const error = new NodeOperationError(node, message);
	// Set last: n8n replaces a message that holds certain network codes.
	error.message = text;
	throw error;
}

/** What happened and what to do next, as one text. */
export function textForModel(message: string, description: string | null | undefined): string {
	return description ? `${message}. ${description}` : message;
}
