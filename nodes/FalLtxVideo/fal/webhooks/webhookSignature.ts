import { createHash, createPublicKey, verify } from 'crypto';

/*
 * Rule: a webhook counts only when fal signed just these bytes within the last minutes. Whoever knows the
 * address can send anything to it.
 */

/** How far a webhook's timestamp may be from ours, either way (fal: webhook reference). */
const TOLERANCE_SECONDS = 300;

/** One public Ed25519 key of fal's, as its JWKS gives it: `x` is the key in base64url. */
export interface WebhookKey {
	x: string;
}

/** The four headers of a signed webhook (fal: webhook reference). */
export interface SignedHeaders {
	requestId: string;
	userId: string;
	/** Unix time in seconds, as text. */
	timestamp: string;
	/** Hex. */
	signature: string;
}

/** The headers of a webhook; undefined when one is missing, so that nothing was signed. */
export function signedHeaders(
	headers: Record<string, string | string[] | undefined>,
): SignedHeaders | undefined {
	const read = (name: string) => {
		const value = headers[`x-fal-webhook-${name}`];
		return typeof value === 'string' ? value : '';
	};
	const signed = {
		requestId: read('request-id'),
		userId: read('user-id'),
		timestamp: read('timestamp'),
		signature: read('signature'),
	};
	return Object.values(signed).includes('') ? undefined : signed;
}

/** Whether a webhook was signed within five minutes of now. @param nowMs milliseconds since 1970 */
export function isFresh({ timestamp }: SignedHeaders, nowMs: number): boolean {
	if (!/^\d{1,12}$/.test(timestamp)) return false;
	return Math.abs(nowMs / 1000 - Number(timestamp)) <= TOLERANCE_SECONDS;
}

/**
 * Whether one of the keys signed these bytes with these headers. All keys are tried, as fal changes
 * them now and then.
 */
export function isSigned(
	headers: SignedHeaders,
	rawBody: Uint8Array,
	keys: readonly WebhookKey[],
): boolean {
	if (!/^[0-9a-f]{128}$/i.test(headers.signature)) return false;
	const message = Buffer.from(signedMessage(headers, rawBody));
	const signature = Buffer.from(headers.signature, 'hex');
	return keys.some(({ x }) => verify(null, message, publicKey(x), signature));
}

function signedMessage({ requestId, userId, timestamp }: SignedHeaders, rawBody: Uint8Array) {
	const digest = createHash('sha256').update(rawBody).digest('hex');
	return [requestId, userId, timestamp, digest].join('\n');
}

function publicKey(x: string) {
	return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}
