import type { IExecuteFunctions } from 'n8n-workflow';
import { isTool } from '../../parameters/tool';

/** What of n8n's context tells what a retry is there; a trigger has no execution to retry. */
export type AdviceContext = Pick<IExecuteFunctions, 'getNode'> &
	Partial<Pick<IExecuteFunctions, 'getExecutionId'>>;

/** How to get a video that is made and did not arrive, as a sentence. */
export function fetchAdvice(context: AdviceContext): string {
	return {
		retry: 'A retry of this execution fetches it without paying again.',
		call: 'The same call with the same input fetches it without paying again.',
		request: 'Get Result fetches it by its request ID.',
	}[nextTry(context)];
}

/** What the next try makes of all requests that were submitted, as a sentence. */
export function collectAdvice(context: AdviceContext): string {
	return {
		retry:
			'A retry of this execution collects what can still be had of them instead of submitting others.',
		call: 'The same call with the same input collects what can still be had of it instead of submitting another.',
		request: 'The same call again would submit another one, and pay again.',
	}[nextTry(context)];
}

/** What knows of an earlier try: under the MCP Server Trigger there is no execution, and nothing does. */
function nextTry(context: AdviceContext): 'retry' | 'call' | 'request' {
	if (!isTool(context.getNode())) return 'retry';
	const executionId = context.getExecutionId?.() as string | undefined;
	return executionId === undefined ? 'request' : 'call';
}
