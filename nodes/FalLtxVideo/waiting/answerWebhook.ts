import {
	type IExecuteData,
	type INodeExecutionData,
	type IRunExecutionData,
	type IWebhookFunctions,
	type IWebhookResponseData,
	NodeHelpers,
} from 'n8n-workflow';
import { connect } from '../fal/connection';
import { FalError } from '../fal/errors/FalError';
import { n8nHttp } from '../fal/http/n8nHttp';
import { isAboutKey } from '../fal/errors/refusals';
import { findOpenRequest } from '../request/status/findOpenRequest';
import { waitingRequestsIn } from '../run/requestStoreOf';
import {
	refusedCall,
	type WebhookResponse,
	respond,
	reportedRequestId,
} from '../fal/webhooks/webhookResponse';
import { waitingIn, type WaitingItem, type WaitingRun } from './WaitingRun';

/*
 * fal's webhook calls to a waiting execution. Rules:
 * - only what fal signed counts, and only that a request of this run has ended; all else is read from
 *   fal;
 * - the execution resumes once no request is open, whichever call shows it: any later call replaces a
 *   lost one;
 * - nothing is thrown: n8n would end the execution and forget what its other nodes gave.
 */

/** A call is answered, and with `resume` the execution continues. */
type Decision = WebhookResponse | { resume: INodeExecutionData[] };

/** Responses one call. Without `workflowData` n8n leaves the execution waiting as it is. */
export async function answerWebhook(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const decision = await decide(context).catch((error: unknown) => refusedCall(context, error));
	return 'resume' in decision ? { workflowData: [decision.resume] } : respond(context, decision);
}

async function decide(context: IWebhookFunctions): Promise<Decision> {
	const { entry, waiting, requestIds } = waitingRunOf(context);
	const { hosts } = waiting;
	const requestId = await reportedRequestId(context, { hosts, http: n8nHttp(context, hosts, {}) });
	if (!requestIds.includes(requestId)) {
		return { status: 200, message: 'This execution does not wait for that request' };
	}
	const others = requestIds.filter((id) => id !== requestId);
	if (await isAnyOpen(context, others)) {
		return { status: 200, message: 'Noted; other requests of this execution are still open' };
	}
	return { resume: runNodeAgain(entry, waiting) };
}

/**
 * Whether a request of the execution is known to be open. A webhook has no items: n8n can't resolve a
 * credential with expressions here, or to another key than the one that submitted, which fal refuses.
 * Then only the resumed execution can ask, with the key of each item.
 */
async function isAnyOpen(context: IWebhookFunctions, requestIds: string[]): Promise<boolean> {
	if (requestIds.length === 0) return false;
	const fal = await connect(context).catch(() => undefined);
	if (!fal) return false;
	const open = await findOpenRequest(fal.queue, requestIds).catch((error: unknown) => {
		if (error instanceof FalError && isAboutKey(error.fault)) return undefined;
		throw error;
	});
	return open !== undefined;
}

/** What n8n's context of a webhook holds of the waiting execution, without offering it. */
interface HoldsExecution {
	runExecutionData?: IRunExecutionData | null;
}

/** @throws Error when the execution does not wait at this node */
function waitingRunOf(context: IWebhookFunctions): {
	entry: IExecuteData;
	waiting: WaitingRun;
	/** Oldest first. */
	requestIds: string[];
} {
	const execution = (context as unknown as HoldsExecution).runExecutionData;
	const entry = execution?.executionData?.nodeExecutionStack[0];
	if (!execution || !entry) throw new Error('There is no waiting execution');
	const saved = NodeHelpers.getContext(execution, 'node', context.getNode());
	const waiting = waitingIn(saved);
	if (!waiting) throw new Error('The execution does not wait at this node');
	const requestIds = waitingRequestsIn(saved, waiting)
		.entries()
		.filter(({ itemIndex }) => isWaitedFor(waiting.items[itemIndex]))
		.flatMap(({ record: { requestId } }) => requestId ?? []);
	return { entry, waiting, requestIds };
}

/** A retry may have fewer items than the execution whose requests it found. */
function isWaitedFor(item: WaitingItem | undefined): boolean {
	return item !== undefined && 'options' in item;
}

/**
 * n8n turns a node off that an execution waits at, as most have nothing more to do. This one has: turned
 * on again, its execute() fetches the videos, with n8n's own handling of errors, retries and Stop, and
 * on whichever worker the execution continues. Its input is what it was: a retry of the execution finds
 * what was submitted by it.
 */
function runNodeAgain({ node }: IExecuteData, waiting: WaitingRun): INodeExecutionData[] {
	delete node.disabled;
	waiting.isComplete = true;
	return waiting.inputs;
}
