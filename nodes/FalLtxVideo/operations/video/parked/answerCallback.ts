import type {
	IExecuteData,
	INodeExecutionData,
	IRunExecutionData,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';
import { ltx23DistilledTextToVideoLora as endpoint } from '../../../endpoint/ltx23DistilledTextToVideoLora';
import { connect } from '../../../fal/connection';
import { openRequest } from '../../../request/openRequest';
import type { Reply } from '../../callbackCall';
import { refusal, reply, reportedRequestId } from '../../callbackCall';
import { ledgerIn } from '../../ledgerOf';
import type { Parking } from './parking';
import { parkingIn } from './parking';

/*
 * fal's callbacks to a parked execution. Rules:
 * - only what fal signed is believed, and only that a request of this run has ended; all else is read
 *   from fal;
 * - the execution goes on once no request is open, whichever callback shows it: a lost one is made up
 *   for by any later one;
 * - nothing is thrown: n8n would end the execution and forget what its other nodes gave.
 */

/** A callback is answered, and with `resume` the execution goes on. */
type Decision = Reply | { resume: INodeExecutionData[] };

/** Answers one callback. Without `workflowData` n8n leaves the execution parked as it is. */
export async function answerCallback(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const decision = await decide(context).catch((error: unknown) => refusal(context, error));
	return 'resume' in decision ? { workflowData: [decision.resume] } : reply(context, decision);
}

async function decide(context: IWebhookFunctions): Promise<Decision> {
	const { entry, parking, requestIds } = parkedRun(context);
	const fal = await connect(context, endpoint.id);
	const requestId = await reportedRequestId(context, fal);
	if (!requestIds.includes(requestId)) {
		return { status: 200, message: 'This execution does not wait for that request' };
	}
	const others = requestIds.filter((id) => id !== requestId);
	if ((await openRequest(fal.queue, others)) !== undefined) {
		return { status: 200, message: 'Noted; other requests of this execution are still open' };
	}
	return { resume: runAgain(entry, parking) };
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
 * and Stop, and on whichever worker the execution goes on. Its input is what it was: a retry of the
 * execution finds what was bought by it.
 */
function runAgain({ node }: IExecuteData, parking: Parking): INodeExecutionData[] {
	delete node.disabled;
	parking.isOver = true;
	return parking.inputs;
}
