import type { INodeExecutionData, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { ltx23DistilledTextToVideoLora as endpoint } from '../FalLtxVideo/endpoints/ltx23DistilledTextToVideoLora';
import { connect, type FalConnection } from '../FalLtxVideo/fal/connection';
import { refusal, reply, reportedRequestId } from '../FalLtxVideo/fal/webhooks/webhookResponse';
import { errorJson } from '../FalLtxVideo/output/errors/nodeErrors';
import { deliver } from '../FalLtxVideo/output/deliver';
import { readVideoOptions } from '../FalLtxVideo/parameters/reading/readOptions';
import { awaitVideo } from '../FalLtxVideo/request/awaitVideo';
import { beforeDeadline } from '../FalLtxVideo/request/timeLimit';
import { isFirstCall } from './reportedRequests';

/*
 * Rules:
 * - fal is answered before anything is downloaded: it waits for 15 s only;
 * - from then on fal doesn't call again, so every end starts the workflow, with the video or with the
 *   error that says why there is none.
 */

/** fal's report of the end of a request, as the item that starts the workflow. */
export async function receiveVideo(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const report = await readReport(context).catch((error: unknown) => refusal(context, error));
	if ('status' in report) return reply(context, report);
	const { fal, requestId } = report;
	const { id } = context.getWorkflow();
	const place = `${id}/${context.getNode().id}`;
	if (!isFirstCall(place, context.getWorkflowStaticData('node'), requestId)) {
		return reply(context, { status: 200, message: 'This request was reported before' });
	}
	const answered = reply(context, { status: 200, message: 'The workflow starts' });
	const item = await videoOf(context, fal, requestId).catch((error: unknown) => ({
		json: { request_id: requestId, ...errorJson(context.getNode(), error) },
	}));
	return { ...answered, workflowData: [[item]] };
}

async function readReport(
	context: IWebhookFunctions,
): Promise<{ fal: FalConnection; requestId: string }> {
	const fal = await connect(context, endpoint.id);
	return { fal, requestId: await reportedRequestId(context, fal) };
}

async function videoOf(
	context: IWebhookFunctions,
	fal: FalConnection,
	requestId: string,
): Promise<INodeExecutionData> {
	const options = readVideoOptions(
		{
			getNode: () => context.getNode(),
			getNodeParameter: (name: string) => context.getNodeParameter(name, null),
		},
		0,
	);
	const { timeoutSeconds } = options;
	return await beforeDeadline({ timeoutSeconds }, async (signal) => {
		const generated = await awaitVideo(fal, { requestId }, { signal, onStop: 'leave' });
		const priced = { price: endpoint.price, estimated: null };
		return await deliver(context, fal, generated, options, priced, signal);
	});
}
