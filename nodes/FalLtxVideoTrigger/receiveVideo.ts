import type { INodeExecutionData, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { connect, type FalConnection } from '../FalLtxVideo/fal/connection';
import {
	CALL_AGAIN,
	refusedCall,
	type WebhookResponse,
	respond,
	reportedRequestId,
} from '../FalLtxVideo/fal/webhooks/webhookResponse';
import { errorJson } from '../FalLtxVideo/output/errors/nodeErrors';
import { deliverVideo } from '../FalLtxVideo/output/deliver';
import {
	type OptionsContext,
	readFalUserId,
	readVideoOptions,
} from '../FalLtxVideo/parameters/reading/readOptions';
import { awaitVideo } from '../FalLtxVideo/request/awaitVideo';
import { originOf } from '../FalLtxVideo/request/status/requestOrigin';
import { withTimeLimit } from '../FalLtxVideo/request/timeLimit';
import { markReported, isReported } from './reportedRequests';
import { hasRequest, lookUpsOf } from './requestLookUp';

/*
 * Rules:
 * - fal is answered before anything is downloaded: it waits for 15 s only;
 * - from then on fal doesn't call again, so every end of a request of the account starts the workflow,
 *   with the video or with the error that says why there is none.
 */

/** fal waits 15 s for its response. */
const ASK_WITHIN_SECONDS = 10;

const REPORTED_BEFORE: WebhookResponse = {
	status: 200,
	message: 'This request was reported before',
};

/** fal's report of the end of a request, as the item that starts the workflow. */
export async function receiveVideo(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const report = await readReport(context).catch((error: unknown) => refusedCall(context, error));
	if ('status' in report) return respond(context, report);
	const { fal, requestId } = report;
	const place = `${context.getWorkflow().id}/${context.getNode().id}`;
	const staticData = context.getWorkflowStaticData('node');
	if (isReported(place, staticData, requestId)) return respond(context, REPORTED_BEFORE);
	const refused = await refusedOwnership(fal, place, requestId);
	if (refused) return respond(context, refused);
	// Another call about the same request may have come meanwhile.
	if (!markReported(place, staticData, requestId)) return respond(context, REPORTED_BEFORE);
	const answered = respond(context, { status: 200, message: 'The workflow starts' });
	const item = await videoOf(context, fal, requestId).catch((error: unknown) => ({
		json: { request_id: requestId, ...errorJson(context.getNode(), error) },
	}));
	return { ...answered, workflowData: [[item]] };
}

async function readReport(
	context: IWebhookFunctions,
): Promise<{ fal: FalConnection; requestId: string }> {
	const fal = await connect(context);
	const parameters = parametersOf(context);
	return { fal, requestId: await reportedRequestId(context, fal, readFalUserId(parameters)) };
}

/** The reply to a report of a request that is not the account's; undefined for one that is. */
async function refusedOwnership(
	fal: FalConnection,
	place: string,
	requestId: string,
): Promise<WebhookResponse | undefined> {
	const limit = { timeoutSeconds: ASK_WITHIN_SECONDS };
	const ownership = await lookUpsOf(place).ownership(
		requestId,
		async (mayReadHistory) =>
			await withTimeLimit(
				limit,
				async (signal) => await hasRequest(fal, requestId, mayReadHistory, signal),
			),
	);
	if (ownership === 'not asked') return CALL_AGAIN;
	// fal need not call again: it will not be the account's later either.
	return ownership === 'own'
		? undefined
		: { status: 200, message: 'This request is not of the account of the credential' };
}

function parametersOf(context: IWebhookFunctions): OptionsContext {
	return {
		getNode: () => context.getNode(),
		getNodeParameter: (name: string) => context.getNodeParameter(name, null),
	};
}

async function videoOf(
	context: IWebhookFunctions,
	fal: FalConnection,
	requestId: string,
): Promise<INodeExecutionData> {
	return await deliverVideo({
		...{ context, fal, options: readVideoOptions(parametersOf(context), 0) },
		cost: {
			origin: async (signal) => await originOf(fal.requests, requestId, signal),
			estimated: null,
		},
		video: async (wait) => await awaitVideo(fal, { requestId }, { ...wait, onStop: 'leave' }),
	});
}
