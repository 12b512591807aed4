import { isRequestId } from '../queue/requestId';
import type { WebhookKeys } from './webhookKeys';
import { isFresh, isSigned, signedHeaders } from './webhookSignature';

/*
 * Rule: of a webhook only the request ID is taken, and only when fal signed it. What became of the
 * request is asked from fal: a body can be late, cut or without its payload.
 */

/** A webhook call, unchanged. */
export interface WebhookCall {
	headers: Record<string, string | string[] | undefined>;
	/** Undefined where n8n did not read it, as that of a form. */
	rawBody?: Uint8Array;
}

/** A call that fal did not make, or not now. */
export class InvalidWebhookError extends Error {
	override readonly name = 'InvalidWebhookError';
}

/** Which calls are accepted. */
export interface Accepting {
	/** The only account on fal whose requests are; any unless given. */
	userId?: string;
	/** Milliseconds since 1970. */
	nowMs?: number;
}

/**
 * The request that fal reports the end of.
 *
 * @throws InvalidWebhookError when fal did not sign it within five minutes of now, or for another
 * account; FalError when fal's keys can't be fetched, so that it is unknown
 */
export async function verifiedRequestId(
	{ headers, rawBody }: WebhookCall,
	keys: WebhookKeys,
	{ userId, nowMs = Date.now() }: Accepting = {},
): Promise<string> {
	const signed = signedHeaders(headers);
	if (!signed || !rawBody) throw new InvalidWebhookError('The webhook is not signed by fal');
	if (!isFresh(signed, nowMs)) {
		throw new InvalidWebhookError(
			"The signature's timestamp is too old or too new, or this machine's clock is wrong",
		);
	}
	// What is signed includes it; so a call for another account needs no key to be refused.
	if (userId !== undefined && signed.userId !== userId) {
		throw new InvalidWebhookError('The call is for another account on fal');
	}
	const fits =
		isSigned(signed, rawBody, await keys.current()) ||
		isSigned(signed, rawBody, await keys.renewed());
	if (!fits) throw new InvalidWebhookError("The signature does not match fal's keys");
	if (!isRequestId(signed.requestId)) {
		throw new InvalidWebhookError('The request ID has another form than those of fal');
	}
	return signed.requestId;
}
