import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { FalError } from '../fal/errors/FalError';
import { NotSentError } from '../request/NotSentError';
import { cancelRequest } from '../request/cancelRequest';
import { AbortedError } from '../request/timeLimit';
import { findOpenRequest } from '../request/status/findOpenRequest';
import { isSubmitted, type SubmittedRequest } from '../request/records/SubmitRecord';
import { runIndexOf } from '../run/requestStoreOf';
import { showHint } from '../output/hints/showHint';
import { submitItems } from '../run/submitItems';
import type { VideoRun } from '../run/VideoRun';
import type { PreparedItem } from '../run/PreparedItem';
import { priceAt } from '../run/priceAt';
import { checkWebhookUrl } from '../parameters/webhookUrl';
import { collectWaiting } from './collectWaiting';
import { webhookUrlOf } from './resumeWebhook';
import { saveWaiting, type WaitingItem, type WaitingRun } from './WaitingRun';

/*
 * Rules:
 * - an address that fal can't call is refused before anything is submitted;
 * - the execution is put to wait only for requests whose webhook leads to this very execution, and only
 *   while one of them is still open;
 * - if no webhook ever comes, the items that are passed on hold what is needed to collect the videos;
 * - n8n's Retry On Fail may run a node again that has put the execution to wait: it reads its own input,
 *   and the execution stays waiting.
 */

/** `sync_mode` would put the whole file into the webhook's body, which n8n takes up to 16 MiB only. */
const SYNC_MODE =
	"Sync Mode (syncMode) can't be used with Wait Mode (waitMode) Webhook: the webhook's body would hold the whole file";

/**
 * Submits a video for each item and puts the execution to wait in n8n's database until fal has called
 * the webhook for the last of them.
 *
 * @param isWaiting whether an earlier try of this run has put the execution to wait: it stays so
 * @returns what was submitted, which n8n shows meanwhile; or the videos, where there is nothing to
 * wait for
 */
export async function putToWait(
	context: IExecuteFunctions,
	run: VideoRun,
	isWaiting: boolean,
): Promise<INodeExecutionData[]> {
	const executionId = context.getExecutionId();
	const url = webhookUrlOf(context);
	const prepared = new Map<number, PreparedItem>();
	const submitting = submitItems(context, run, {
		webhook: { url, executionId },
		isEndChecked: true,
		check: ({ account, input }) => {
			checkWebhookUrl(account.fal.hosts, url);
			if (input.sync_mode) throw new NotSentError(SYNC_MODE);
		},
		onSubmitted: (item, itemIndex) => prepared.set(itemIndex, item),
	});
	const stop = context.getExecutionCancelSignal();
	const submitted = await submitting.catch(async (error: unknown) => {
		if (stop?.aborted) await cancelAll(run);
		throw error;
	});
	// What collects cancels the others.
	if (stop?.aborted) await cancelAll(run, prepared);
	if (prepared.size === 0) return submitted;
	const waiting: WaitingRun = {
		executionId,
		runIndex: runIndexOf(context),
		hosts: [...prepared.values()][0]!.account.fal.hosts,
		maxConcurrency: run.options.maxConcurrency,
		items: submitted.map(({ json }, itemIndex) =>
			waitingItem(run, itemIndex, prepared.get(itemIndex), json),
		),
		inputs: context.getInputData(),
	};
	const isWorthIt = isWaiting || (await needsToWait(context, run, waiting, prepared));
	if (stop?.aborted || !isWorthIt) return await collectWaiting(context, waiting);
	saveWaiting(context, waiting);
	addRequestsToInput(context, submitted);
	await context.putExecutionToWait(latestEnd([...prepared.values()]));
	return submitted;
}

/**
 * Cancels what a run, or an earlier try of it, submitted; as the execution was stopped.
 *
 * @param collected items whose requests are cancelled elsewhere
 */
async function cancelAll(
	{ store, prepared }: VideoRun,
	collected: ReadonlyMap<number, unknown> = new Map(),
): Promise<void> {
	const others = [...prepared].filter(([itemIndex]) => !collected.has(itemIndex));
	const cancelling = others.map(async ([itemIndex, { account, options, fingerprint }]) => {
		const request = store.find(itemIndex, fingerprint);
		if (!isSubmitted(request) || request.hasEnded || options.onStop === 'leave') return;
		const onCancelled = () => store.write(itemIndex, { ...request, isCancelled: true });
		const reason = new AbortedError({ why: 'stopped' });
		const { requestId } = request;
		await cancelRequest(account.fal.queue, { requestId, reason, lastResponse: '', onCancelled });
	});
	await Promise.all(cancelling);
}

function waitingItem(
	run: VideoRun,
	itemIndex: number,
	item: PreparedItem | undefined,
	json: INodeExecutionData['json'],
): WaitingItem {
	if (!item) return { failure: json };
	const { downloadVideo, fileName, outputBinaryField, includeLogs, timeoutSeconds, onStop } =
		item.options;
	return {
		options: {
			...{ downloadVideo, outputBinaryField, includeLogs, timeoutSeconds, onStop },
			...(fileName === undefined ? {} : { fileName }),
		},
		price: priceAt(run, item, run.store.get(itemIndex)?.endpointId ?? item.endpoint.id),
		estimated: item.estimated.cost?.toNumber() ?? null,
	};
}

/** Whether a webhook call to this execution is still to come, as far as fal can be asked. */
async function needsToWait(
	context: IExecuteFunctions,
	{ store }: VideoRun,
	{ executionId }: WaitingRun,
	prepared: Map<number, PreparedItem>,
): Promise<boolean> {
	const submitted = [...prepared].flatMap(([itemIndex, { account }]) => {
		const request = store.get(itemIndex);
		return isSubmitted(request) ? [{ request, queue: account.fal.queue }] : [];
	});
	const requests = submitted.map(({ request }) => request);
	if (requests.some(({ webhookExecutionId }) => webhookExecutionId !== executionId)) {
		showHint(
			context,
			'Not put to wait: another execution submitted some of these videos, and the webhook leads to that one. They are waited for here.',
		);
		return false;
	}
	const stop = context.getExecutionCancelSignal();
	if (stop?.aborted) return false;
	const queues = new Set(submitted.map(({ queue }) => queue));
	const open = [...queues].map(async (queue) => {
		const ids = submitted.filter((one) => one.queue === queue).map(idOf);
		return (await findOpenRequest(queue, ids, stop)) !== undefined;
	});
	return await Promise.all(open).then(
		(isOpen) => isOpen.includes(true),
		(error: unknown) => {
			if (!(error instanceof FalError || stop?.aborted)) throw error;
			// fal can't be asked now, and will call the webhook of what it has called none for.
			return requests.some(({ hasResumed = false }) => !hasResumed);
		},
	);
}

const idOf = ({ request }: { request: SubmittedRequest }) => request.requestId;

/**
 * After a timeout n8n doesn't run this node again: its input is passed on as its output. So the requests
 * that were submitted are added to it.
 */
function addRequestsToInput(context: IExecuteFunctions, submitted: INodeExecutionData[]): void {
	const inputs = context.getInputData();
	const carried = submitted.map((item, itemIndex) => ({
		...inputs[itemIndex],
		...item,
		json: { ...inputs[itemIndex]?.json, ...item.json },
	}));
	context.getExecuteData().data.main = [carried];
}

/**
 * Takes back what was added to the input. Expressions read these very objects.
 *
 * @param earlier what an earlier try of this run was put to wait with
 */
export function restoreInput(context: IExecuteFunctions, { inputs }: WaitingRun): void {
	context.getInputData().forEach((item, itemIndex) => {
		item.json = inputs[itemIndex]!.json;
	});
}

/** When the last of the items is no longer waited for. */
function latestEnd(items: PreparedItem[]): Date {
	const seconds = Math.max(...items.map(({ options }) => options.timeoutSeconds));
	return new Date(Date.now() + seconds * 1000);
}
