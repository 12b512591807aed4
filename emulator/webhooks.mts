import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';

import type { WebhookFault } from './faults.mts';
import type { Job, WebhookDelivery } from './jobs.mts';
import { stringifyExact, type JsonObject, type JsonValue } from './json.mts';
import type { Variants } from './variants.mts';

/** A webhook's headers and body. */
export interface SignedWebhook {
	headers: Record<string, string>;
	body: string;
}

interface KeyPair {
	privateKey: KeyObject;
	publicKey: KeyObject;
}

const PAYLOAD_ERROR =
	'Response payload is not JSON serializable. Use the queue endpoint to retrieve the response.';

/** What fal posts when a request has ended (fal: webhook reference). */
function webhookBody(job: Job, fault: WebhookFault | null): JsonObject {
	const id = job.record.request_id;
	const ids = { request_id: id, gateway_request_id: id };
	const { status = 500, body = null } = job.response ?? {};
	if (fault?.kind === 'payloadError')
		return { ...ids, status: 'OK', payload: null, payload_error: PAYLOAD_ERROR };
	if (status === 200) return { ...ids, status: 'OK', payload: body };
	return { ...ids, status: 'ERROR', error: `Invalid status code: ${status}`, payload: body };
}

/** Whether a receiver's response ends the deliveries: fal tries 4xx and 5xx again, 3xx never. */
const isFinal = (status: number | null) => status !== null && status < 400;

/** Signs and delivers webhooks. */
export class Webhooks {
	readonly #keys: KeyPair = generateKeyPairSync('ed25519');
	/** A key that is in the set and signs nothing: a receiver has to try all of them. */
	readonly #idleKey: KeyPair = generateKeyPairSync('ed25519');
	readonly #foreignKey: KeyPair = generateKeyPairSync('ed25519');
	/** fal's ID of the account. */
	readonly userId = randomBytes(12).toString('hex');
	readonly #deliveries = new Set<Promise<void>>();

	constructor(
		readonly variants: Variants,
		readonly life: AbortSignal,
	) {}

	/** The public keys, as the JWKS route gives them. */
	jwks(): JsonValue {
		const keys = [this.#idleKey, this.#keys].map(({ publicKey }) => {
			const { kty = '', crv = '', x = '' } = publicKey.export({ format: 'jwk' });
			return { kty, crv, x, kid: x.slice(0, 8), alg: 'EdDSA', use: 'sig' };
		});
		return { keys };
	}

	/** Begins to call the `fal_webhook` of a job's submit, if it has one. */
	deliver(job: Job): void {
		const url = job.record.query.fal_webhook;
		if (!url) return;
		const delivery = this.#deliverUntilTaken(job, url)
			// Only the emulator's own end breaks the deliveries off.
			.catch((error: unknown) => {
				if (!this.life.aborted) throw error;
			})
			.finally(() => this.#deliveries.delete(delivery));
		this.#deliveries.add(delivery);
	}

	/** Resolves when no delivery is under way. */
	async settled(): Promise<void> {
		await Promise.all(this.#deliveries);
	}

	async #deliverUntilTaken(job: Job, url: string): Promise<void> {
		for (let tries = 0; ; tries++) {
			const fault = job.script.next('webhook');
			if (fault?.kind === 'lost') return;
			const status = await this.#post(job, url, fault, tries);
			if (fault?.kind === 'duplicate') await this.#post(job, url, null, tries);
			const pause = this.variants.webhookRetryMs[tries];
			if (isFinal(status) || pause === undefined) return;
			await wait(pause, undefined, { signal: this.life });
		}
	}

	async #post(
		job: Job,
		url: string,
		fault: WebhookFault | null,
		tries: number,
	): Promise<number | null> {
		const body = stringifyExact(webhookBody(job, fault));
		const delivery: WebhookDelivery = { at: new Date(), url, body, status: null };
		job.record.webhookDeliveries.push(delivery);
		const timeout = AbortSignal.timeout(this.variants.webhookTimeoutMs[tries === 0 ? 0 : 1]);
		try {
			const response = await fetch(url, {
				method: 'POST',
				headers: { 'content-type': 'application/json', ...this.#signature(job, body, fault) },
				body: fault?.kind === 'altered' ? body.replace('"status"', '"Status"') : body,
				redirect: 'manual',
				signal: AbortSignal.any([timeout, this.life]),
			});
			await response.arrayBuffer();
			delivery.status = response.status;
		} catch {
			// No response: fal tries again.
		}
		return delivery.status;
	}

	/** The webhook of a request of any account, as fal signs it. */
	of(requestId: string, userId = this.userId): SignedWebhook {
		const body = stringifyExact({ request_id: requestId, status: 'OK', payload: {} });
		const signer = { userId, privateKey: this.#keys.privateKey };
		return { headers: signatureOf(requestId, body, signer), body };
	}

	#signature(job: Job, body: string, fault: WebhookFault | null): Record<string, string> {
		if (fault?.kind === 'unsigned') return {};
		const age = fault?.kind === 'stale' ? fault.secondsAgo : 0;
		const { privateKey } = fault?.kind === 'wrongKey' ? this.#foreignKey : this.#keys;
		const signer = { userId: this.userId, privateKey };
		return signatureOf(job.record.request_id, body, signer, age);
	}
}

/** The headers that fal signs a webhook with. */
function signatureOf(
	id: string,
	body: string,
	{ userId, privateKey }: { userId: string; privateKey: KeyObject },
	age = 0,
): Record<string, string> {
	const timestamp = String(Math.floor(Date.now() / 1000) - age);
	const digest = createHash('sha256').update(body).digest('hex');
	const message = [id, userId, timestamp, digest].join('\n');
	return {
		'x-fal-webhook-request-id': id,
		'x-fal-webhook-user-id': userId,
		'x-fal-webhook-timestamp': timestamp,
		'x-fal-webhook-signature': sign(null, Buffer.from(message), privateKey).toString('hex'),
	};
}
