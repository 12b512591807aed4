import { createHash, createPublicKey, verify, type JsonWebKey } from 'node:crypto';

import type { EmulatorOptions, RequestScript, WebhookFault } from '../../emulator/index.mts';
import { withFal, withReceiver, type Fal, type Received } from './support.mts';

/** As fal asks receivers to do it: any key of the set may be the one. */
async function isSigned(fal: Fal, { headers, body }: Received): Promise<boolean> {
	const set = await fetch(`${fal.hosts.rest}/.well-known/jwks.json`);
	const { keys } = (await set.json()) as { keys: JsonWebKey[] };
	expect(keys.length).toBeGreaterThan(1);
	const header = (name: string) => String(headers[`x-fal-webhook-${name}`]);
	const digest = createHash('sha256').update(body).digest('hex');
	const message = [header('request-id'), header('user-id'), header('timestamp'), digest].join('\n');
	const signature = Buffer.from(header('signature'), 'hex');
	return keys.some((key) =>
		verify(null, Buffer.from(message), createPublicKey({ key, format: 'jwk' }), signature),
	);
}

interface Play {
	script?: RequestScript;
	input?: Record<string, unknown>;
	/** The receiver's responses; 200 after them. */
	codes?: number[];
	count?: number;
	options?: EmulatorOptions;
}

/** Plays one request with a webhook and gives the deliveries that were received. */
async function play(
	{ script = {}, input = {}, codes = [], count = 1, options }: Play,
	look: (received: Received[], fal: Fal) => Promise<void> | void,
): Promise<void> {
	await withReceiver(
		(response, n) => response.writeHead(codes[n] ?? 200, { location: '/other' }).end(),
		(url, received) =>
			withFal(
				async (fal) => {
					fal.script('fox', script);
					await fal.submit({ prompt: 'fox', ...input }, `?fal_webhook=${encodeURIComponent(url)}`);
					await look(await received(count), fal);
				},
				{ ...options, variants: { webhookRetryMs: [1, 1, 1], ...options?.variants } },
			),
	);
}

const parse = ({ body }: Received) => JSON.parse(body) as Record<string, unknown>;

test('has a result, signed with a key of the set', () =>
	play({ input: { seed: 3 } }, async ([received], fal) => {
		const id = fal.requests[0]!.request_id;
		expect(parse(received!)).toMatchObject({
			...{ request_id: id, gateway_request_id: id, status: 'OK' },
			payload: { seed: 3, prompt: 'fox', video: { width: 64 } },
		});
		const timestamp = Number(received!.headers['x-fal-webhook-timestamp']);
		expect(Math.abs(Date.now() / 1000 - timestamp)).toBeLessThan(60);
		expect(received!.headers['x-fal-webhook-request-id']).toBe(id);
		expect(await isSigned(fal, received!)).toBe(true);
		expect(await isSigned(fal, { ...received!, body: `${received!.body} ` })).toBe(false);
	}));

test('has a model’s error', () =>
	play({ input: { fps: 0 } }, ([received]) => {
		expect(parse(received!)).toMatchObject({
			...{ status: 'ERROR', error: 'Invalid status code: 422' },
			payload: { detail: [{ type: 'greater_than_equal' }] },
		});
	}));

test('comes again after 4xx and 5xx until it is taken', () =>
	play({ codes: [500, 404], count: 3 }, async (received, fal) => {
		expect(new Set(received.map(({ body }) => body)).size).toBe(1);
		// The response to the third is noted once it arrived, which a further call comes after.
		await isSigned(fal, received[2]!);
		expect(fal.requests[0]!.webhookDeliveries.slice(0, 2).map(({ status }) => status)).toEqual([
			500, 404,
		]);
	}));

/** Plays a webhook of the prompt `fox`, then another; what follows the second came too late. */
async function countOf(codes: number[], faults: WebhookFault[] = []): Promise<string[]> {
	const sequence: string[] = [];
	await withReceiver(
		(response, n) => response.writeHead(codes[n] ?? 200, { location: '/other' }).end(),
		(url, received) =>
			withFal(
				async (fal) => {
					const query = `?fal_webhook=${encodeURIComponent(url)}`;
					fal.script('fox', { webhook: faults });
					await fal.until(await fal.submit({ prompt: 'fox' }, query), 'COMPLETED');
					if (!faults.length) await received(codes.length);
					// Its webhook is later than every further delivery of the first would be.
					fal.script('owl', { job: { runSeconds: 0.2 } });
					await fal.submit({ prompt: 'owl' }, query);
					const isOwl = ({ body }: Received) => body.includes('owl');
					let count = 1;
					while (!(await received(count)).some(isOwl)) count += 1;
					for (const one of await received(count)) sequence.push(isOwl(one) ? 'owl' : 'fox');
				},
				{ variants: { webhookRetryMs: [1, 1, 1] } },
			),
	);
	return sequence;
}

test('a redirection is final', async () => {
	expect(await countOf([302])).toEqual(['fox', 'owl']);
});

test('it ends with the last of its retries', async () => {
	expect(await countOf([500, 500, 500, 500])).toEqual(['fox', 'fox', 'fox', 'fox', 'owl']);
});

test('lost: nothing comes', async () => {
	expect(await countOf([], [{ kind: 'lost' }])).toEqual(['owl']);
});

test('a receiver that takes too long gets it again', () =>
	withReceiver(
		(response, n) => void (n > 0 && response.end()),
		(url, received) =>
			withFal(
				async (fal) => {
					await fal.submit({ prompt: 'fox' }, `?fal_webhook=${encodeURIComponent(url)}`);
					await received(2);
					expect(fal.requests[0]!.webhookDeliveries[0]!.status).toBeNull();
				},
				{ variants: { webhookRetryMs: [1], webhookTimeoutMs: [50, 5000] } },
			),
	));

describe('faults', () => {
	const webhook = (fault: WebhookFault): RequestScript => ({ webhook: [fault] });

	test('duplicate: the same comes twice', () =>
		play({ script: webhook({ kind: 'duplicate' }), count: 2 }, ([one, other]) => {
			expect(one!.body).toBe(other!.body);
		}));

	test.each(['wrongKey', 'altered'] as const)('%s: the signature is not true', (kind) =>
		play({ script: webhook({ kind }) }, async ([received], fal) => {
			expect(await isSigned(fal, received!)).toBe(false);
		}),
	);

	test('stale: the signature is true, its time is past', () =>
		play({ script: webhook({ kind: 'stale', secondsAgo: 600 }) }, async ([received], fal) => {
			const timestamp = Number(received!.headers['x-fal-webhook-timestamp']);
			expect(Date.now() / 1000 - timestamp).toBeGreaterThan(590);
			expect(await isSigned(fal, received!)).toBe(true);
		}));

	test('unsigned: no header of a signature', () =>
		play({ script: webhook({ kind: 'unsigned' }) }, ([received]) => {
			expect(Object.keys(received!.headers).filter((name) => name.startsWith('x-fal'))).toEqual([]);
		}));

	test('payloadError: status OK without a payload', () =>
		play({ script: webhook({ kind: 'payloadError' }) }, ([received]) => {
			expect(parse(received!)).toMatchObject({
				...{ status: 'OK', payload: null },
				payload_error: expect.any(String),
			});
		}));
});

test('the key set has faults of its own', () =>
	withFal(async (fal) => {
		fal.fault('jwks', [{ kind: 'status', status: 500 }]);
		const url = `${fal.hosts.rest}/.well-known/jwks.json`;
		expect((await fetch(url)).status).toBe(500);
		expect((await fetch(url)).status).toBe(200);
	}));
