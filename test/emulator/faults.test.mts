import { responses, type CallFault, type RequestScript } from '../../emulator/index.mts';
import { expectViolations, TINY, withFal, type Fal, type Submitted } from './support.mts';

const FOX = { ...TINY, prompt: 'fox' };

/** The code of what broke a call. */
async function failure(call: Promise<unknown>): Promise<string> {
	const error = await call.then(
		() => new Error('the call did not fail'),
		(reason: unknown) => reason as Error,
	);
	return (error.cause as { code?: string } | undefined)?.code ?? error.message;
}

/** `until` itself uses the stream, so its faults are tried by calls of their own. */
const PHASES = ['submit', 'status', 'result', 'cancel', 'download'] as const;
type ScriptedPhase = (typeof PHASES)[number];

const DELAYED_MS = 80;

/** Makes a job, if needed, and the one call that has the fault. */
async function call(fal: Fal, phase: ScriptedPhase, fault: CallFault): Promise<Response> {
	const script: RequestScript = { [phase]: [fault] };
	fal.script('fox', script);
	if (phase === 'submit') return await fal.post(FOX);
	const request = await fal.submit(FOX);
	await fal.until(request, 'COMPLETED');
	if (phase === 'status') return await fal.get(request.status_url);
	if (phase === 'cancel') return await fal.cancel(request);
	const result = await fal.get(request.response_url);
	if (phase === 'result') return result;
	return await fetch(((await result.json()) as { video: { url: string } }).video.url);
}

describe.each(PHASES)('in the phase %s', (phase) => {
	test('refuse closes the connection without a byte', () =>
		withFal(async (fal) => {
			expect(await failure(call(fal, phase, { kind: 'refuse' }))).toBe('UND_ERR_SOCKET');
		}));

	test.each(['resetBefore', 'resetAfter'] as const)('%s resets it', (kind) =>
		withFal(async (fal) => {
			expect(await failure(call(fal, phase, { kind }))).toMatch(/ECONNRESET|UND_ERR_SOCKET/);
		}),
	);

	test('status responds as scripted', () =>
		withFal(async (fal) => {
			const headers = { 'retry-after': '7' };
			const response = await call(fal, phase, {
				...{ kind: 'status', status: 429, headers },
				json: { detail: 'slow down' },
			});
			expect(response.status).toBe(429);
			expect(response.headers.get('retry-after')).toBe('7');
			expect(await response.json()).toEqual({ detail: 'slow down' });
		}));

	test('status responds with a gateway’s HTML', () =>
		withFal(async (fal) => {
			const html = '<html><h1>502 Bad Gateway</h1></html>';
			const response = await call(fal, phase, { kind: 'status', status: 502, html });
			expect(response.headers.get('content-type')).toBe('text/html');
			expect(await response.text()).toBe(html);
		}));

	test('slow responds truly, later', () =>
		withFal(async (fal) => {
			const response = await call(fal, phase, { kind: 'slow', milliseconds: DELAYED_MS });
			const responded = Date.now();
			const { at } = fal.calls.at(-1)!;
			expect(responded - at.getTime()).toBeGreaterThanOrEqual(DELAYED_MS - 5);
			expect(response.status).toBe(phase === 'cancel' ? 400 : 200);
			await response.arrayBuffer();
		}));

	test('hang never responds', () =>
		withFal(async (fal) => {
			const hanging = failure(call(fal, phase, { kind: 'hang' }));
			const other = await fal.submit({ prompt: 'owl' });
			await fal.until(other, 'COMPLETED');
			await fal.close();
			expect(await hanging).not.toBe('the call did not fail');
		}));

	test('redirect leads to another host', () =>
		withFal(async (fal) => {
			const response = await call(fal, phase, { kind: 'redirect' });
			expect(response.redirected).toBe(true);
			expect(fal.calls.at(-1)).toMatchObject({ listener: 'foreign' });
			expect(response.status).toBe(phase === 'download' ? 200 : 404);
			await response.arrayBuffer();
			expect(fal.violations).toEqual([]);
		}));
});

describe('of the status stream', () => {
	const FAULTS: Array<[CallFault, unknown]> = [
		[{ kind: 'refuse' }, 'UND_ERR_SOCKET'],
		[{ kind: 'resetBefore' }, expect.stringMatching(/ECONNRESET|UND_ERR_SOCKET/)],
	];
	test.each(FAULTS)('%o breaks the call', (fault, code) =>
		withFal(async (fal) => {
			fal.script('fox', { stream: [fault] });
			const { status_url } = await fal.submit(FOX);
			expect(await failure(fal.get(`${status_url}/stream`))).toEqual(code);
		}),
	);

	test('status responds as scripted, once', () =>
		withFal(async (fal) => {
			fal.script('fox', { stream: [null, { kind: 'status', status: 500 }] });
			const { status_url } = await fal.submit(FOX);
			const codes: number[] = [];
			for (let n = 0; n < 3; n++) {
				const response = await fal.get(`${status_url}/stream`);
				codes.push(response.status);
				await response.text();
			}
			expect(codes).toEqual([200, 500, 200]);
		}));
});

test('truncatedJson has true headers and half a body', () =>
	withFal(async (fal) => {
		const response = await call(fal, 'result', { kind: 'truncatedJson' });
		expect(response.headers.get('content-type')).toBe('application/json');
		expect(response.headers.get('x-fal-billable-units')).toBe('0.036864');
		const text = await response.text();
		expect(text).toMatch(/^\{"video":/);
		expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
	}));

describe('a submit that is lost', () => {
	test.each<[CallFault, number]>([
		[{ kind: 'refuse' }, 0],
		[{ kind: 'resetBefore' }, 0],
		[{ kind: 'resetAfter' }, 1],
		[{ kind: 'truncatedJson' }, 1],
		[{ kind: 'redirect' }, 0],
		[{ kind: 'status', status: 502 }, 0],
		[{ kind: 'status', status: 502, accepted: true }, 1],
	])('by %o makes %d jobs', (fault, jobs) =>
		withFal(async (fal) => {
			fal.script('fox', { submit: [fault] });
			await fal.post(FOX).catch(() => undefined);
			expect(fal.requests).toHaveLength(jobs);
		}),
	);

	test('was accepted in the other variant', () =>
		withFal(
			async (fal) => {
				fal.script('fox', { submit: [{ kind: 'status', status: 502 }] });
				expect((await fal.post(FOX)).status).toBe(502);
				expect(fal.requests).toHaveLength(1);
			},
			{ variants: { lostSubmitAccepted: true } },
		));

	test('by a hang that was accepted runs on', () =>
		withFal(async (fal) => {
			fal.script('fox', { submit: [{ kind: 'hang', accepted: true }] });
			const lost = fal.post(FOX).catch(() => undefined);
			const other = await fal.submit({ prompt: 'owl' });
			await fal.until(other, 'COMPLETED');
			expect(fal.requests.map(({ input }) => input.prompt).sort()).toEqual(['fox', 'owl']);
			await fal.close();
			await lost;
		}));
});

test('an account without money can be played on a status call', () =>
	withFal(async (fal) => {
		const json = responses.EXHAUSTED_BALANCE;
		const response = await call(fal, 'status', { kind: 'status', status: 403, json });
		expect(await response.json()).toMatchObject({ detail: expect.stringContaining('balance') });
	}));

test('a key that follows a redirect is a violation', () =>
	withFal(async (fal) => {
		expectViolations(fal);
		fal.script('fox', { status: [{ kind: 'redirect', status: 307 }] });
		const request: Submitted = await fal.submit(FOX);
		const key = { authorization: `Key ${fal.apiKey}` };
		const response = await fetch(request.status_url, { headers: key, redirect: 'manual' });
		expect(response.status).toBe(307);
		await fetch(response.headers.get('location')!, { headers: key });
		expect(fal.violations).toHaveLength(1);
		await expect(fal.close()).rejects.toThrow('a key was sent to a foreign host');
	}));
