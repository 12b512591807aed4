import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { InvalidWebhookError, verifiedRequestId } from './verifyWebhook';
import type { FalConnection } from '../connection';
import { webhookKeys } from './webhookKeys';

/*
 * A call of fal's to a webhook of this node. Rules:
 * - what fal did not sign is refused and changes nothing;
 * - what can't be decided now is answered with an error, so that fal calls again.
 */

/** What fal is answered. From 400 on it calls again later (fal: webhook reference). */
export interface WebhookResponse {
	status: number;
	message: string;
}

/** fal calls again later. */
export const CALL_AGAIN: WebhookResponse = { status: 503, message: 'Not now, call again' };

/**
 * The request whose end fal reports.
 *
 * @param userId the account on fal that it must be of; any unless given
 * @throws InvalidWebhookError for a call that is not fal's; FalError when that can't be found out
 */
export async function reportedRequestId(
	context: IWebhookFunctions,
	{ http, hosts }: Pick<FalConnection, 'http' | 'hosts'>,
	userId?: string,
): Promise<string> {
	const { headers, rawBody } = context.getRequestObject();
	return await verifiedRequestId({ headers, rawBody }, webhookKeys(http, hosts), { userId });
}

/** The reply to a call that nothing was done for; the reason is in n8n's log. */
export function refusedCall(context: IWebhookFunctions, error: unknown): WebhookResponse {
	const { message } = error as Error;
	context.logger.warn(
		`A call to the webhook of "${context.getNode().name}" was refused: ${message}`,
	);
	return error instanceof InvalidWebhookError ? { status: 401, message } : CALL_AGAIN;
}

/** Answers the call. Without `workflowData` in it n8n does nothing more. */
export function respond(
	context: IWebhookFunctions,
	{ status, message }: WebhookResponse,
): IWebhookResponseData {
	context.getResponseObject().status(status).json({ message });
	return { noWebhookResponse: true };
}
