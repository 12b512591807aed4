import { z } from 'zod';
import { FalError } from '../errors/FalError';
import type { FalHosts } from '../hosts';
import { type FalHttp, type HttpCall, readText } from '../http/n8nHttp';
import { LIMITS } from '../http/limits';
import type { WebhookKey } from './webhookSignature';

/*
 * Rules: fal's keys are kept for no longer than a day (fal: webhook reference); and forged webhooks can't
 * make this node ask for them again and again, whether fal gives them or not.
 */

const KEPT_FOR_MS = 24 * 3600 * 1000;

/** A signature that no key fits may be of a new key: the keys are fetched again at most this often. */
const ASKED_AT_MOST_EVERY_MS = 60_000;

/** Keys that could not be fetched are not asked for again for this long; fal repeats its webhooks for longer. */
const FAILURE_KEPT_FOR_MS = 30_000;

const DOING = "Fetching fal's webhook keys";

const LIMIT_BYTES = 256 * 1024;

/** Each takes time for each webhook; fal has a few. */
const MOST_KEYS = 50;

/** 32 bytes in base64url. */
const ed25519 = z.object({ x: z.string().regex(/^[\w-]{43}$/) }).passthrough();

const jwks = z.object({ keys: z.array(z.unknown()) });

interface KeptKeys {
	keys: WebhookKey[];
	fetchedAt: number;
	/** When they were last fetched again, with or without success. */
	askedAt: number;
}

/** By address, for all executions of this process. */
const kept = new Map<string, KeptKeys>();

/** By address: the last failure to get them. */
const failed = new Map<string, { error: unknown; at: number }>();

/** By address: webhooks that come at the same time share one call. */
const underWay = new Map<string, Promise<WebhookKey[]>>();

/** fal's public keys for webhooks, cached. */
export interface WebhookKeys {
	/** @throws FalError when they can't be fetched */
	current(): Promise<WebhookKey[]>;
	/**
	 * The keys after a signature that none of the current ones fits; the same ones when just asked.
	 *
	 * @throws FalError when they can't be fetched
	 */
	renewed(): Promise<WebhookKey[]>;
}

/** The keys at fal's REST host, which anybody may read: the API key is not sent. */
export function webhookKeys(http: FalHttp, hosts: FalHosts, now = Date.now): WebhookKeys {
	const url = `${hosts.rest}/.well-known/jwks.json`;
	const fetched = async () => {
		const known = kept.get(url);
		if (known) known.askedAt = now();
		const fetching = fetchKeys(http, url);
		fetching.catch((error: unknown) => failed.set(url, { error, at: now() }));
		const keys = await fetching;
		kept.set(url, { keys, fetchedAt: now(), askedAt: now() });
		failed.delete(url);
		return keys;
	};
	const shared = async () => {
		const failure = failed.get(url);
		if (failure && now() - failure.at < FAILURE_KEPT_FOR_MS) throw failure.error;
		const fetching = underWay.get(url) ?? fetched().finally(() => underWay.delete(url));
		underWay.set(url, fetching);
		return await fetching;
	};
	const unexpired = () => {
		const known = kept.get(url);
		return known && now() - known.fetchedAt < KEPT_FOR_MS ? known : undefined;
	};
	return {
		current: async () => unexpired()?.keys ?? (await shared()),
		renewed: async () => {
			const known = unexpired();
			if (!known || underWay.has(url)) return await shared();
			const wasAsked = now() - known.askedAt < ASKED_AT_MOST_EVERY_MS;
			return wasAsked ? known.keys : await shared();
		},
	};
}

async function fetchKeys(http: FalHttp, url: string): Promise<WebhookKey[]> {
	const call: HttpCall = { doing: DOING, method: 'GET', url };
	const answer = await http.withoutKey(call);
	const text = await readText(call, answer, { bytes: LIMIT_BYTES, withinMs: LIMITS.readWithinMs });
	const { status } = answer;
	const keys = status === 200 ? keysIn(text) : [];
	if (keys.length === 0) throw new FalError({ kind: 'unreadable', doing: DOING, status });
	return keys;
}

/** The keys of the kind that signs webhooks; others may stand beside them. */
function keysIn(text: string): WebhookKey[] {
	const set = jwks.safeParse(asJson(text));
	if (!set.success) return [];
	return set.data.keys.slice(0, MOST_KEYS).flatMap((key) => ed25519.safeParse(key).data ?? []);
}

function asJson(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}
