import type { IExecuteFunctions } from 'n8n-workflow';
import { isTool } from '../../parameters/tool';

/** What of n8n's context shows what a retry is there; a trigger has no execution to retry. */
export type CollectContext = Pick<IExecuteFunctions, 'getNode'> &
	Partial<Pick<IExecuteFunctions, 'getExecutionId'>>;

/** How to get a video that is made and did not arrive, as a sentence. */
export function howToFetch(context: CollectContext): string {
	return {
		retry: 'A retry of this execution fetches it without paying again.',
		call: 'The same call with the same input fetches it without paying again.',
		request: 'Get Result fetches it by its request ID.',
	}[nextTry(context)];
}

/** What the next try makes of all requests that were submitted, as a sentence. */
export function howToCollect(context: CollectContext): string {
	return {
		retry:
			'A retry of this execution collects what is still there of them instead of submitting others.',
		call: 'The same call with the same input collects what is still there of it instead of submitting another.',
		request: 'The same call again would submit another one, and pay again.',
	}[nextTry(context)];
}

/** What knows of an earlier try: under the MCP Server Trigger there is no execution, and nothing does. */
function nextTry(context: CollectContext): 'retry' | 'call' | 'request' {
	if (!isTool(context.getNode())) return 'retry';
	const executionId = context.getExecutionId?.() as string | undefined;
	return executionId === undefined ? 'request' : 'call';
}
