import { type ItemFile, withFiles } from '../files/ItemFiles';
import type { VideoRequest } from '../request/VideoRequest';
import { releaseRequest } from '../request/records/knownRequests';
import type { Account } from './Accounts';
import { checkNewSubmit, decimal } from './checkRunCost';
import type { PreparedItem } from './PreparedItem';
import type { VideoRun } from './VideoRun';

/** Submits one item and does what follows. When that fails, its request is left to a retry. */
export async function releaseOnFailure<T>(
	{ store }: VideoRun,
	itemIndex: number,
	action: () => Promise<T>,
): Promise<T> {
	let isAnswered = false;
	try {
		const result = await action();
		isAnswered = true;
		return result;
	} finally {
		const requestId = store.get(itemIndex)?.requestId;
		if (!isAnswered && requestId !== undefined) releaseRequest(requestId);
		store.finish(itemIndex, isAnswered);
	}
}

/** An execution that fal's webhook leads to. */
export interface ExecutionWebhook {
	url: string;
	executionId: string;
}

/** What the life of a request starts with. */
export function videoRequest(
	run: VideoRun,
	item: PreparedItem,
	itemIndex: number,
	webhook?: ExecutionWebhook,
): VideoRequest {
	const { account, input, files, draft, fingerprint: identity, options, estimated } = item;
	return {
		endpointId: item.endpoint.id,
		checkNewSubmit: () => checkNewSubmit(run, item),
		input: async (signal) => withFiles(input, await uploadFiles(account, files, signal)),
		draft,
		itemIndex,
		fingerprint: identity,
		estimate: decimal(estimated.cost),
		webhookExecutionId: webhook?.executionId,
		submitOptions: {
			webhookUrl: webhook?.url ?? (options.webhookUrl || undefined),
			priority: options.queuePriority,
			startTimeoutSeconds: options.startTimeoutSeconds || undefined,
			keepPayload: options.keepPayload,
			fileLifetimeSeconds: options.fileLifetimeSeconds || undefined,
			serverRetries: options.serverRetries,
		},
	};
}

/** The addresses of an item's files at fal, once all are there. */
async function uploadFiles(
	{ uploads }: Account,
	files: ItemFile[],
	signal: AbortSignal,
): Promise<Array<{ path: ItemFile['path']; value: string }>> {
	const uploaded = files.map(async ({ path, upload }) => ({
		path,
		value: await uploads.url(upload, signal),
	}));
	return await Promise.all(uploaded);
}
