import type { IContextObject, IExecuteFunctions } from 'n8n-workflow';
import { ItemRequests } from '../request/records/ItemRequests';
import type { RequestStore, SavedRuns } from '../request/records/RequestStore';
import { ToolRequests } from '../request/records/ToolRequests';
import { isTool } from '../parameters/tool';

/** The node's context is shared by all its runs and by whatever else it may hold. */
const KEY = 'falRequests';

/** What of n8n's context shows which execution and run this is. */
type RunContext = Pick<
	IExecuteFunctions,
	'getContext' | 'evaluateExpression' | 'getNode' | 'getExecutionId' | 'getMode'
>;

/** What was submitted in this execution so far, in the data that n8n saves with it. */
export function requestStoreOf(context: RunContext): RequestStore {
	const saved = savedIn(context.getContext('node'));
	const isRetry = context.getMode() === 'retry';
	const executionId = context.getExecutionId();
	const retryOf = retryOfIn(context);
	return isTool(context.getNode())
		? new ToolRequests(saved, executionId, isRetry, retryOf)
		: new ItemRequests(saved, { executionId, runIndex: runIndexOf(context), isRetry, retryOf });
}

/** What n8n's context of a node holds of the execution, without offering it; older versions don't. */
interface HoldsRetryOf {
	additionalData?: { hooks?: { retryOf?: string | null } };
}

function retryOfIn(context: RunContext): string | undefined {
	return (context as RunContext & HoldsRetryOf).additionalData?.hooks?.retryOf ?? undefined;
}

/** The same for a run of items of an execution that waits, from the node's context itself. */
export function waitingRequestsIn(
	saved: IContextObject,
	{ executionId, runIndex }: { executionId: string; runIndex: number },
): RequestStore {
	return new ItemRequests(savedIn(saved), { executionId, runIndex, isRetry: false });
}

function savedIn(saved: IContextObject): SavedRuns {
	saved[KEY] ??= {};
	return saved[KEY] as SavedRuns;
}

/** Which run of the node in this execution this is: a loop makes several. */
export function runIndexOf(context: Pick<IExecuteFunctions, 'evaluateExpression'>): number {
	return Number(context.evaluateExpression('{{ $runIndex }}', 0));
}
