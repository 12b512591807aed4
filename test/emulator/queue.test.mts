import { responses } from '../../emulator/index.mts';
import { TINY, withFal, type Fal, type Submitted } from './support.mts';

const json = async (response: Response) => ({
	status: response.status,
	body: (await response.json()) as unknown,
});

/** A job that runs until it is cancelled. */
const ENDLESS = { job: { runSeconds: 3600 } };

async function submitEndless(fal: Fal, prompt = 'endless'): Promise<Submitted> {
	fal.script(prompt, ENDLESS);
	const request = await fal.submit({ prompt });
	await fal.until(request, 'IN_PROGRESS');
	return request;
}

describe('submit', () => {
	test('gives an id and the URLs of owner and application', () =>
		withFal(async (fal) => {
			const response = await fal.post({ ...TINY, prompt: 'A fox' });
			const body = (await response.json()) as Submitted;
			const url = `${fal.hosts.queue}/fal-ai/ltx-2.3-22b/requests/${body.request_id}`;
			expect(response.status).toBe(200);
			expect(body).toEqual({
				...{ status: 'IN_QUEUE', queue_position: 0 },
				...{ request_id: body.request_id, gateway_request_id: body.request_id },
				...{ response_url: url, status_url: `${url}/status`, cancel_url: `${url}/cancel` },
			});
			expect(response.headers.get('x-fal-request-id')).toBe(body.request_id);
		}));

	test('records the exact body, the headers and the query', () =>
		withFal(async (fal) => {
			const body = '{ "prompt":"A fox", "loras":[], "seed": 9007199254740993, "num_frames": 8 }';
			await fal.post(body, '?fal_max_queue_length=7', { 'x-fal-queue-priority': 'low' });
			const [record] = fal.requests;
			expect(record!.rawBody).toBe(body);
			expect(record!.input).toMatchObject({ prompt: 'A fox', seed: 9007199254740993n });
			expect(record!.query).toEqual({ fal_max_queue_length: '7' });
			expect(record!.headers).toMatchObject({ 'x-fal-queue-priority': 'low' });
			expect(fal.calls[0]).toMatchObject({
				...{ listener: 'queue', method: 'POST', status: 200, bodyLength: body.length },
			});
		}));

	test.each([
		['no key', {}],
		['another key', { authorization: 'Key a:b' }],
		['a key as a bearer', { authorization: 'Bearer a:b' }],
	])('with %s is refused', (_, headers) =>
		withFal(
			async (fal) => {
				const url = `${fal.hosts.queue}/fal-ai/ltx-2.3-22b/distilled/text-to-video/lora`;
				const response = await fetch(url, { method: 'POST', body: '{}', headers });
				expect(await json(response)).toEqual({
					status: 401,
					body: { detail: 'invalid key credentials' },
				});
				expect(fal.requests).toHaveLength(0);
			},
			{ apiKey: 'a:c' },
		),
	);

	test('beyond fal_max_queue_length is refused', () =>
		withFal(
			async (fal) => {
				await submitEndless(fal);
				const waiting = await fal.submit({ prompt: 'waits' });
				const refused = await fal.post({ ...TINY, prompt: 'late' }, '?fal_max_queue_length=1');
				expect(refused.status).toBe(429);
				const taken = await fal.post({ ...TINY, prompt: 'late' }, '?fal_max_queue_length=2');
				expect(taken.status).toBe(200);
				expect(waiting.queue_position).toBe(0);
			},
			{ concurrency: 1 },
		));
});

describe('paths', () => {
	test('an unknown application is not found', () =>
		withFal(async (fal) => {
			const response = await fal.get(`${fal.hosts.queue}/fal-ai/x`, { method: 'POST' });
			expect(await json(response)).toEqual({
				status: 404,
				body: { detail: 'Application "x" not found' },
			});
		}));

	test('the full sub-path and wrong methods are not allowed', () =>
		withFal(async (fal) => {
			const { request_id, status_url, cancel_url } = await fal.submit({ prompt: 'A fox' });
			const full = `${fal.hosts.queue}/fal-ai/ltx-2.3-22b/distilled/text-to-video/lora`;
			const codes = await Promise.all([
				fal.get(`${full}/requests/${request_id}/status`),
				fal.get(`${full}/requests/${request_id}`),
				fal.get(full),
				fal.get(status_url, { method: 'POST' }),
				fal.get(cancel_url),
			]);
			expect(codes.map(({ status }) => status)).toEqual([405, 405, 405, 405, 405]);
		}));

	test('an unknown id is not found', () =>
		withFal(async (fal) => {
			const url = `${fal.hosts.queue}/fal-ai/ltx-2.3-22b/requests/unknown`;
			const missing = { status: 404, body: { status: 'NOT_FOUND' } };
			expect(await json(await fal.get(`${url}/status`))).toEqual(missing);
			expect(await json(await fal.get(`${url}/cancel`, { method: 'PUT' }))).toEqual(missing);
			expect(await json(await fal.get(url))).toEqual({
				status: 404,
				body: { detail: 'Request not found' },
			});
		}));
});

describe('status and result', () => {
	test.each([
		[undefined, 202, 400],
		[{ waitingStatus: 200, earlyResultStatus: 425 } as const, 200, 425],
	])('while it runs, read as %o', (variants, waiting, early) =>
		withFal(async (fal) => {
			const { status_url, response_url, request_id } = await submitEndless(fal);
			const status = await json(await fal.get(`${status_url}?logs=1`));
			expect(status).toMatchObject({
				status: waiting,
				body: { status: 'IN_PROGRESS', request_id, logs: [{ level: 'INFO', source: 'USER' }] },
			});
			expect(await json(await fal.get(status_url))).toMatchObject({ body: { logs: null } });
			expect(await json(await fal.get(response_url))).toEqual({
				status: early,
				body: { detail: 'Request is still in progress' },
			});
		}, variants && { variants }),
	);

	test('when it is done', () =>
		withFal(async (fal) => {
			const request = await fal.submit({ prompt: 'A fox', seed: 5 });
			await fal.until(request, 'COMPLETED');
			expect(await json(await fal.get(request.status_url))).toMatchObject({
				status: 200,
				body: { status: 'COMPLETED', metrics: { inference_time: expect.any(Number) } },
			});
			const result = await fal.get(request.response_url);
			expect(result.headers.get('x-fal-request-id')).toBe(request.request_id);
			expect(result.headers.get('x-fal-billable-units')).toBe('0.036864');
			expect(await json(result)).toMatchObject({ status: 200, body: { seed: 5, prompt: 'A fox' } });
			expect(fal.requests[0]).toMatchObject({
				...{ state: 'COMPLETED', resultStatus: 200, billableUnits: '0.036864' },
				output: { seed: 5 },
			});
		}));

	test('a faulty input is reported by the result alone, and not billed', () =>
		withFal(async (fal) => {
			const request = await fal.submit({ prompt: 'A fox', num_frames: 5, fps: 99 });
			expect(request.status).toBe('IN_QUEUE');
			await fal.until(request, 'COMPLETED');
			const status = (await json(await fal.get(request.status_url))).body;
			expect(status).toMatchObject({ metrics: { inference_time: null } });
			expect(status).not.toHaveProperty('error');
			const result = await fal.get(request.response_url);
			expect(result.headers.get('x-fal-billable-units')).toBe('0');
			expect(await json(result)).toMatchObject({
				status: 422,
				body: {
					detail: [
						{ loc: ['body', 'num_frames'], type: 'greater_than_equal' },
						{ loc: ['body', 'fps'], type: 'less_than_equal' },
					],
				},
			});
		}));

	test.each([
		'https://huggingface.co/owner/repo/blob/main/a.safetensors',
		'https://civitai.com/models/1/a',
	])('a LoRA that is a page can’t be downloaded: %s', (path) =>
		withFal(async (fal) => {
			const result = await fal.generate({ prompt: 'A fox', loras: [{ path }] });
			expect(await json(result)).toMatchObject({
				status: 422,
				body: { detail: [{ loc: ['body', 'loras', 0, 'path'], type: 'file_download_error' }] },
			});
		}),
	);

	test('a seed beyond 2^53 comes back with every digit', () =>
		withFal(async (fal) => {
			const body = JSON.stringify({ ...TINY, prompt: 'A fox', seed: 0 });
			const response = await fal.post(body.replace('"seed":0', '"seed":18446744073709551615'));
			const request = (await response.json()) as Submitted;
			await fal.until(request, 'COMPLETED');
			const result = await (await fal.get(request.response_url)).text();
			expect(result).toContain('"seed":18446744073709551615');
		}));

	test('a result is kept for its time', () =>
		withFal(
			async (fal) => {
				expect(await json(await fal.generate({ prompt: 'A fox' }))).toEqual({
					status: 404,
					body: { detail: 'Request not found' },
				});
			},
			{ resultLifetimeSeconds: -1 },
		));
});

describe('outcomes', () => {
	test('of the model', () =>
		withFal(async (fal) => {
			fal.script('A fox', { job: { outcome: responses.contentPolicyViolation('A fox', '12.5') } });
			const result = await fal.generate({ prompt: 'A fox' });
			expect(result.headers.get('x-fal-billable-units')).toBe('12.5');
			expect(await json(result)).toMatchObject({
				status: 422,
				body: { detail: [{ type: 'content_policy_violation' }] },
			});
		}));

	test('of fal’s infrastructure, reported by the status too', () =>
		withFal(async (fal) => {
			const outcome = responses.infrastructureError(504, 'generation_timeout', 'Too slow');
			fal.script('A fox', { job: { outcome } });
			const request = await fal.submit({ prompt: 'A fox' });
			await fal.until(request, 'COMPLETED');
			expect(await json(await fal.get(request.status_url))).toMatchObject({
				body: { error: 'Too slow', error_type: 'generation_timeout' },
			});
			const result = await fal.get(request.response_url);
			expect(result.headers.get('x-fal-error-type')).toBe('generation_timeout');
			expect(result.headers.has('x-fal-billable-units')).toBe(false);
			expect(await json(result)).toEqual({
				status: 504,
				body: { detail: 'Too slow', error_type: 'generation_timeout' },
			});
		}));

	test('of an output that is changed', () =>
		withFal(async (fal) => {
			const video = { content_type: null, url: 'https://example.com/a.mp4' };
			fal.script('A fox', {
				output: { seed: 2n ** 63n, video, without: ['width', 'fps'], billableUnits: null },
			});
			const result = await fal.generate({ prompt: 'A fox' });
			const text = await result.text();
			expect(text).toContain('"seed":9223372036854775808');
			expect(result.headers.has('x-fal-billable-units')).toBe(false);
			const shown = (JSON.parse(text) as { video: unknown }).video;
			expect(shown).toMatchObject({ ...video, height: 64 });
			expect(shown).not.toHaveProperty('width');
			expect(shown).not.toHaveProperty('fps');
		}));

	test('of a result that expired', () =>
		withFal(async (fal) => {
			fal.script('A fox', { output: { expired: true } });
			expect((await fal.generate({ prompt: 'A fox' })).status).toBe(404);
			expect((await fal.generate({ prompt: 'A fox' })).status).toBe(200);
		}));
});

describe('scripts', () => {
	test('are for one submit each, in their order, chosen by the input', () =>
		withFal(async (fal) => {
			fal.script('fox', { output: { seed: 1 } });
			fal.script(({ seed }) => seed === 7, { output: { seed: 70 } });
			fal.script('fox', { output: { seed: 2 } });
			const seeds: unknown[] = [];
			for (const input of [{ prompt: 'owl', seed: 7 }, { prompt: 'a fox' }, { prompt: 'fox' }])
				seeds.push(((await (await fal.generate(input)).json()) as { seed: number }).seed);
			expect(seeds).toEqual([70, 1, 2]);
		}));

	test('stay for the submit that is sent again after it was refused', () =>
		withFal(async (fal) => {
			fal.script('fox', { submit: [{ kind: 'status', status: 503 }], output: { seed: 3 } });
			expect((await fal.post({ ...TINY, prompt: 'fox' })).status).toBe(503);
			expect(fal.requests).toHaveLength(0);
			const result = (await (await fal.generate({ prompt: 'fox' })).json()) as { seed: number };
			expect(result.seed).toBe(3);
		}));
});

describe('the queue', () => {
	test('runs so many at once, and gives the others their position', () =>
		withFal(
			async (fal) => {
				const running = [await submitEndless(fal, 'one'), await submitEndless(fal, 'two')];
				const waiting = [await fal.submit({ prompt: 'a' }), await fal.submit({ prompt: 'b' })];
				expect(waiting.map((request) => request.queue_position)).toEqual([0, 1]);
				const last = waiting[1]!;
				expect(await json(await fal.get(last.status_url))).toMatchObject({
					status: 202,
					body: { status: 'IN_QUEUE', queue_position: 1 },
				});
				await fal.cancel(running[0]!);
				await fal.until(last, 'COMPLETED');
				expect(fal.requests.map(({ state }) => state)).toEqual([
					'COMPLETED',
					'IN_PROGRESS',
					'COMPLETED',
					'COMPLETED',
				]);
				const [, , a, b] = fal.requests;
				expect(b!.startedAt!.getTime()).toBeGreaterThanOrEqual(a!.endedAt!.getTime());
			},
			{ concurrency: 2 },
		));

	test('lets a run continue until the test ends it', () =>
		withFal(
			async (fal) => {
				let end = () => {};
				const until = new Promise<void>((resolve) => (end = resolve));
				fal.script('held', { job: { until } });
				const held = await fal.submit({ prompt: 'held' });
				await fal.until(await fal.submit({ prompt: 'free' }), 'COMPLETED');
				expect(fal.requests.map(({ state }) => state)).toEqual(['IN_PROGRESS', 'COMPLETED']);
				end();
				await fal.until(held, 'COMPLETED');
			},
			{ runSeconds: 0 },
		));

	test('ends a request that does not start within its X-Fal-Request-Timeout', () =>
		withFal(async (fal) => {
			fal.script('late', { job: { queueSeconds: 3600 } });
			const headers = { 'x-fal-request-timeout': '0.05' };
			const request = await fal.submit({ prompt: 'late' }, '', headers);
			await fal.until(request, 'COMPLETED');
			const result = await fal.get(request.response_url);
			expect(result.headers.get('x-fal-request-timeout-type')).toBe('user');
			expect(await json(result)).toMatchObject({
				status: 504,
				body: { error_type: 'request_timeout' },
			});
		}));
});

describe('cancel', () => {
	const taken = { status: 202, body: { status: 'CANCELLATION_REQUESTED' } };
	const cancelled = { status: 499, body: { error_type: 'client_cancelled' } };

	test('removes a request that waits', () =>
		withFal(async (fal) => {
			fal.script('waits', { job: { queueSeconds: 3600 } });
			const request = await fal.submit({ prompt: 'waits' });
			expect(await json(await fal.cancel(request))).toEqual(taken);
			expect(fal.requests[0]!.cancelledAt).toBeInstanceOf(Date);
			expect(fal.requests[0]!.startedAt).toBeUndefined();
			expect(await json(await fal.get(request.response_url))).toMatchObject(cancelled);
		}));

	test('removes it without a trace, in the other variant', () =>
		withFal(
			async (fal) => {
				fal.script('waits', { job: { queueSeconds: 3600 } });
				const request = await fal.submit({ prompt: 'waits' });
				expect(await json(await fal.cancel(request))).toEqual({
					status: 200,
					body: { success: true },
				});
				expect((await fal.get(request.status_url)).status).toBe(404);
			},
			{ variants: { cancelledWhileQueued: 'gone', cancelStatus: 200 } },
		));

	test('ends a request that runs', () =>
		withFal(async (fal) => {
			const request = await submitEndless(fal);
			expect(await json(await fal.cancel(request))).toEqual(taken);
			await fal.until(request, 'COMPLETED');
			expect(await json(await fal.get(request.response_url))).toMatchObject(cancelled);
			expect(await json(await fal.cancel(request))).toEqual({
				status: 400,
				body: { status: 'ALREADY_COMPLETED' },
			});
		}));

	test('ends the encoder at once', () =>
		withFal(async (fal) => {
			const input = { prompt: 'long', num_frames: 481, video_size: { width: 3840, height: 2160 } };
			const request = await fal.submit(input);
			await fal.until(request, 'IN_PROGRESS');
			await fal.cancel(request);
			// Such a video takes minutes: this would run into the test's time limit.
			await fal.until(request, 'COMPLETED');
			expect(fal.requests[0]!.resultStatus).toBe(499);
		}));

	test('may come too late for one that runs, in the other variant', () =>
		withFal(
			async (fal) => {
				fal.script('fox', { job: { runSeconds: 0.3 } });
				const request = await fal.submit({ prompt: 'fox' });
				await fal.until(request, 'IN_PROGRESS');
				expect(await json(await fal.cancel(request))).toEqual(taken);
				await fal.until(request, 'COMPLETED');
				const result = await fal.get(request.response_url);
				expect(result.status).toBe(200);
				expect(result.headers.get('x-fal-billable-units')).toBe('0.036864');
			},
			{ variants: { cancelledWhileRunning: 'finishes' } },
		));
});
