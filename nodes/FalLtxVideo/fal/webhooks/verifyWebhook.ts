import { isRequestId } from '../queue/requestId';
import type { WebhookKeys } from './webhookKeys';
import { isFresh, isSigned, signedHeaders } from './webhookSignature';

/*
 * Rule: of a callback only the request's id is taken, and only when fal signed it. What became of the
 * request is asked from fal: a body can be late, cut or without its payload.
 */

/** A call to a webhook as it came. */
export interface IncomingCall {
	headers: Record<string, string | string[] | undefined>;
	/** Undefined where n8n did not read it, as that of a form. */
	rawBody?: Uint8Array;
}

/** A call that fal did not make, or not now. */
export class UnbelievedCallbackError extends Error {
	override readonly name = 'UnbelievedCallbackError';
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
 * @throws UnbelievedCallbackError when fal did not sign it within five minutes of now, or for another
 * account; FalError when fal's keys can't be had, so that nobody knows
 */
export async function verifiedRequestId(
	{ headers, rawBody }: IncomingCall,
	keys: WebhookKeys,
	{ userId, nowMs = Date.now() }: Accepting = {},
): Promise<string> {
	const signed = signedHeaders(headers);
	if (!signed || !rawBody) throw new UnbelievedCallbackError('The call is not signed by fal');
	if (!isFresh(signed, nowMs)) {
		throw new UnbelievedCallbackError(
			"The signature is not from now: it is old, or this machine's clock is wrong",
		);
	}
	// What is signed includes it; so a call for another account needs no key to be refused.
	if (userId !== undefined && signed.userId !== userId) {
		throw new UnbelievedCallbackError('The call is for another account on fal');
	}
	const fits =
		isSigned(signed, rawBody, await keys.current()) ||
		isSigned(signed, rawBody, await keys.renewed());
	if (!fits) throw new UnbelievedCallbackError('The signature is not of fal');
	if (!isRequestId(signed.requestId)) {
		throw new UnbelievedCallbackError('The request ID is none of fal');
	}
	return signed.requestId;
}
