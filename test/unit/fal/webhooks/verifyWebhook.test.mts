import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import {
	InvalidWebhookError,
	verifiedRequestId,
} from '../../../../nodes/FalLtxVideo/fal/webhooks/verifyWebhook';
import type { WebhookKeys } from '../../../../nodes/FalLtxVideo/fal/webhooks/webhookKeys';

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
const BODY = '{"request_id":"r1","status":"OK"}';

const pair = generateKeyPairSync('ed25519');
const other = generateKeyPairSync('ed25519');
const keyOf = ({ publicKey }: typeof pair) => ({
	x: String(publicKey.export({ format: 'jwk' }).x),
});

/** Keys as they are known, and as they are after asking fal again. */
function keys(known: Array<typeof pair>, renewed = known): WebhookKeys {
	return {
		current: async () => await Promise.resolve(known.map(keyOf)),
		renewed: async () => await Promise.resolve(renewed.map(keyOf)),
	};
}

interface Changes {
	requestId?: string;
	signedId?: string;
	secondsAgo?: number;
	body?: string;
	signature?: string;
	without?: string;
}

/** A call as fal makes it, with some of it changed after it was signed. */
function call({ secondsAgo = 0, ...changes }: Changes = {}) {
	const timestamp = String(NOW / 1000 - secondsAgo);
	const digest = createHash('sha256').update(BODY).digest('hex');
	const message = [changes.signedId ?? 'r1', 'user', timestamp, digest].join('\n');
	const headers: Record<string, string> = {
		'x-fal-webhook-request-id': changes.requestId ?? 'r1',
		'x-fal-webhook-user-id': 'user',
		'x-fal-webhook-timestamp': timestamp,
		'x-fal-webhook-signature':
			changes.signature ?? sign(null, Buffer.from(message), pair.privateKey).toString('hex'),
	};
	const missing = `x-fal-webhook-${changes.without}`;
	const kept = Object.entries(headers).filter(([name]) => name !== missing);
	return { headers: Object.fromEntries(kept), rawBody: Buffer.from(changes.body ?? BODY) };
}

const verified = async (changes: Changes, known = keys([other, pair])) =>
	await verifiedRequestId(call(changes), known, { nowMs: NOW });

test('the id of what fal signed, whichever of its keys it used', async () => {
	expect(await verified({})).toBe('r1');
});

test.each([-300, 300])('five minutes either way are now: %d s', async (secondsAgo) => {
	expect(await verified({ secondsAgo })).toBe('r1');
});

test.each<[string, Changes]>([
	['older than five minutes', { secondsAgo: 301 }],
	['from the future', { secondsAgo: -301 }],
	['another request', { requestId: 'r2' }],
	['another body', { body: BODY.replace('OK', 'NO') }],
	['a signature of something else', { signedId: 'r2' }],
	['a signature that is none', { signature: 'zz' }],
	['a signature that is cut', { signature: 'ab'.repeat(63) }],
	['no request id', { without: 'request-id' }],
	['no user id', { without: 'user-id' }],
	['no time', { without: 'timestamp' }],
	['no signature', { without: 'signature' }],
])('%s is refused', async (_name, changes) => {
	await expect(verified(changes)).rejects.toThrow(InvalidWebhookError);
});

test('a call without a body, or with a header given twice, is refused', async () => {
	const known = keys([pair]);
	const { headers, rawBody } = call();
	const twice = { ...headers, 'x-fal-webhook-request-id': ['r1', 'r1'] };
	for (const odd of [{ headers }, { headers: twice, rawBody }]) {
		await expect(verifiedRequestId(odd, known, { nowMs: NOW })).rejects.toThrow(
			InvalidWebhookError,
		);
	}
});

test('a call for another account is refused without a look at the keys', async () => {
	const accepted = async (userId: string, known: WebhookKeys) =>
		await verifiedRequestId(call(), known, { userId, nowMs: NOW });
	expect(await accepted('user', keys([pair]))).toBe('r1');
	const unread = {
		current: () => {
			throw new Error('fal was asked for its keys');
		},
		renewed: () => {
			throw new Error('fal was asked for its keys');
		},
	};
	await expect(accepted('User', unread)).rejects.toThrow(InvalidWebhookError);
	// An account that is claimed, but was not signed.
	const { headers, rawBody } = call();
	const claimed = { headers: { ...headers, 'x-fal-webhook-user-id': 'mine' }, rawBody };
	await expect(
		verifiedRequestId(claimed, keys([pair]), { userId: 'mine', nowMs: NOW }),
	).rejects.toThrow("The signature does not match fal's keys");
});

test('a new key of fal is found by asking again', async () => {
	expect(await verified({}, keys([other], [other, pair]))).toBe('r1');
	await expect(verified({}, keys([other]))).rejects.toThrow(
		"The signature does not match fal's keys",
	);
});
