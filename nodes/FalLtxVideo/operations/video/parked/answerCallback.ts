import type {
	IExecuteData,
	INodeExecutionData,
	IRunExecutionData,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';
import { ltx23DistilledTextToVideoLora as endpoint } from '../../../endpoint/ltx23DistilledTextToVideoLora';
import { UnbelievedCallbackError, verifiedRequestId } from '../../../fal/callback';
import { connect } from '../../../fal/connection';
import { webhookKeys } from '../../../fal/webhookKeys';
import { openRequest } from '../../../request/openRequest';
import { ledgerIn } from '../../ledgerOf';
import type { Parking } from './parking';
import { parkingIn } from './parking';

/*
 * fal's callbacks to a parked execution. Rules:
 * - only what fal signed is believed, and only that a request of this run has ended; all else is read
 *   from fal;
 * - the execution goes on once no request is open, whichever callback shows it: a lost one is made up
 *   for by any later one;
 * - what can't be decided now is answered with an error, so that fal calls again;
 * - nothing is thrown: n8n would end the execution and forget what its other nodes gave.
 */

/** What a callback is answered; with `resume` the execution goes on. */
type Answer = { status: number; message: string } | { resume: INodeExecutionData[] };

/** Answers one callback. Without `workflowData` n8n leaves the execution parked as it is. */
export async function answerCallback(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const answer = await decide(context).catch((error: unknown) => refusal(context, error));
	if ('resume' in answer) return { workflowData: [answer.resume] };
	context.getResponseObject().status(answer.status).json({ message: answer.message });
	return { noWebhookResponse: true };
}

async function decide(context: IWebhookFunctions): Promise<Answer> {
	const { entry, parking, requestIds } = parkedRun(context);
	const { http, hosts, queue } = await connect(context, endpoint.id);
	const { headers, rawBody } = context.getRequestObject();
	const requestId = await verifiedRequestId({ headers, rawBody }, webhookKeys(http, hosts));
	if (!requestIds.includes(requestId)) {
		return { status: 200, message: 'This execution does not wait for that request' };
	}
	const others = requestIds.filter((id) => id !== requestId);
	if ((await openRequest(queue, others)) !== undefined) {
		return { status: 200, message: 'Noted; other requests of this execution are still open' };
	}
	context.logger.debug(`All ${parking.items.length} requests have ended: the execution goes on`);
	return { resume: runAgain(entry) };
}

function refusal(context: IWebhookFunctions, error: unknown): Answer {
	const { message } = error as Error;
	context.logger.warn(`A callback to a parked fal LTX Video node was refused: ${message}`);
	return error instanceof UnbelievedCallbackError
		? { status: 401, message }
		: { status: 503, message: 'Not now, call again' };
}

/** What n8n's context of a webhook holds of the parked execution, without offering it. */
interface HoldsExecution {
	runExecutionData?: IRunExecutionData | null;
}

/** @throws Error when the execution is not parked at this node */
function parkedRun(context: IWebhookFunctions): {
	entry: IExecuteData;
	parking: Parking;
	/** Oldest first. */
	requestIds: string[];
} {
	const execution = (context as unknown as HoldsExecution).runExecutionData;
	const entry = execution?.executionData?.nodeExecutionStack[0];
	if (!execution || !entry) throw new Error('There is no parked execution');
	const saved = NodeHelpers.getContext(execution, 'node', context.getNode());
	const parking = parkingIn(saved);
	if (!parking) throw new Error('The execution is not parked at this node');
	const ledger = ledgerIn(saved, parking.runIndex);
	const requestIds = ledger
		.all()
		.filter(({ itemIndex }) => 'options' in parking.items[itemIndex]!)
		.map(({ requestId }) => requestId);
	return { entry, parking, requestIds };
}

/**
 * n8n turns a node off that an execution was parked at, as most have nothing more to do. This one
 * has: turned on again, its execute() fetches the videos, with n8n's own handling of errors, retries
 * and Stop, and on whichever worker the execution goes on.
 */
function runAgain({ node, data }: IExecuteData): INodeExecutionData[] {
	delete node.disabled;
	return data.main?.[0] ?? [];
}
