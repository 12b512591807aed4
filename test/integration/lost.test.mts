import type { CallFault, EmulatorOptions, RequestScript } from '../../emulator/index.mts';
import { useEngine } from './engine.mts';
import { calls, servedBytes, until, useScene, videoParameters, type Scene } from './scene.mts';

/* A submit whose response was lost may have been taken: the request is looked for in fal's list. */

const engine = useEngine();
const scene = useScene();

async function begin(options?: EmulatorOptions): Promise<Scene> {
	await scene.restart(options);
	return scene;
}

const run = async ({ credential }: Scene, changes = {}, more = {}) =>
	await engine.run({ parameters: videoParameters(changes), credential, ...more });

const listings = ({ fal }: Scene) => fal.calls.filter(({ path }) => path.includes('by-endpoint'));

test.each([
	['reset after it was taken', { kind: 'resetAfter' }],
	['cut in its JSON', { kind: 'truncatedJson' }],
	['hidden by a gateway', { kind: 'status', status: 502, html: '<h1>', accepted: true }],
	['without an id', { kind: 'status', status: 200, json: { status: 'IN_QUEUE' }, accepted: true }],
] as const)('a submit whose response was %s is found and continues', async (_case, fault) => {
	const now = await begin();
	now.fal.script('a fox', { submit: [fault] });
	const { outputs, error } = await run(now, { generation: { seed: '18446744073709551615' } });
	expect(error).toBeUndefined();
	const item = outputs[0]![0]!;
	expect(item.json.request_id).toBe(now.fal.requests[0]!.request_id);
	const { url } = item.json.video as { url: string };
	expect(await engine.bytes(item, 'data')).toEqual(await servedBytes(url));
	expect(calls(now.fal, 'submit')).toHaveLength(1);
});

test('it is found when fal lists it late', async () => {
	const now = await begin({ variants: { listedAfterMs: 1_500 } });
	now.fal.script('a fox', { submit: [{ kind: 'resetAfter' }] });
	const { error } = await run(now);
	expect(error).toBeUndefined();
	expect(listings(now).length).toBeGreaterThan(1);
	expect(calls(now.fal, 'submit')).toHaveLength(1);
});

test('it is found when the list itself fails first', async () => {
	const now = await begin();
	now.fal.script('a fox', { submit: [{ kind: 'resetAfter' }] });
	now.fal.fault('requests', [{ kind: 'status', status: 503 }, { kind: 'resetBefore' }]);
	const { error } = await run(now);
	expect(error).toBeUndefined();
});

test.each<[string, EmulatorOptions, object]>([
	['fal never took it', {}, { kind: 'resetBefore' }],
	['the list has no payloads', { variants: { listHasPayloads: false } }, { kind: 'resetAfter' }],
])(
	'when %s, the error says what to do, and nothing is sent again',
	async (_case, options, fault) => {
		const now = await begin(options);
		now.fal.script('a fox', { submit: [fault as { kind: 'resetAfter' }] });
		const { error } = await run(now, { options: { timeoutSeconds: 2 } });
		expect(error!.message).toContain('fal may have accepted the request all the same, and bill it');
		expect(error!.description).toContain('not found');
		expect(calls(now.fal, 'submit')).toHaveLength(1);
	},
);

test('a payload that is not kept is not looked for', async () => {
	const now = await begin();
	now.fal.script('a fox', { submit: [{ kind: 'resetAfter' }] });
	const { error } = await run(now, { options: { keepPayload: false } });
	expect(error!.message).toContain('fal may have accepted');
	expect(listings(now)).toHaveLength(0);
});

test("identical inputs side by side never take each other's", async () => {
	const now = await begin();
	for (let lost = 0; lost < 2; lost++)
		now.fal.script('a fox', { submit: [{ kind: 'resetAfter' }] });
	const { outputs, error } = await run(now, {}, { items: [{}, {}, {}] });
	expect(error).toBeUndefined();
	const ids = outputs[0]!.map(({ json }) => json.request_id);
	expect(new Set(ids)).toEqual(new Set(now.fal.requests.map(({ request_id }) => request_id)));
	expect(new Set(ids).size).toBe(3);
	expect(calls(now.fal, 'submit')).toHaveLength(3);
});

test('a request with another input is not taken', async () => {
	const now = await begin();
	now.fal.script('one', { submit: [{ kind: 'resetBefore' }] });
	const { outputs } = await run(
		now,
		{ options: { timeoutSeconds: 2 } },
		{ items: [{ prompt: 'one' }, { prompt: 'two' }], onError: 'continueRegularOutput' },
	);
	expect(outputs[0]!.map(({ json }) => json.prompt ?? 'lost')).toEqual(['lost', 'two']);
});

describe('requests of others with the same input', () => {
	const lostAfter: RequestScript = { submit: [{ kind: 'resetAfter' }] };
	const lostBefore: RequestScript = { submit: [{ kind: 'resetBefore' }] };

	/** What another process of n8n, or something else, submits with the same key. */
	const submitElsewhere = async ({ fal }: Scene, prompt = 'a fox') => {
		const body = {
			...{ prompt, loras: [{ path: 'owner/repo', scale: 1 }], num_frames: 9, fps: 24 },
			video_size: { width: 64, height: 64 },
		};
		const url = `${fal.hosts.queue}/fal-ai/ltx-2.3-22b/distilled/text-to-video/lora`;
		const headers = { authorization: `Key ${fal.apiKey}`, 'content-type': 'application/json' };
		const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
		return ((await response.json()) as { request_id: string }).request_id;
	};

	test('one of another execution of this process is not taken', async () => {
		const now = await begin();
		const other = await run(now, {}, { executionId: 'other' });
		now.fal.script('a fox', lostBefore);
		const [mine, next] = await Promise.all([
			run(now, { options: { timeoutSeconds: 3 } }, { executionId: 'mine' }),
			run(now, {}, { executionId: 'next' }),
		]);
		const failed = [mine, next].filter(({ error }) => error);
		expect(failed).toHaveLength(1);
		expect(failed[0]!.error!.message).toContain('fal may have accepted');
		const delivered = [other, mine, next].flatMap(({ outputs }) => outputs[0] ?? []);
		const ids = delivered.map(({ json }) => json.request_id);
		expect(new Set(ids).size).toBe(2);
		expect(calls(now.fal, 'submit')).toHaveLength(3);
	});

	test('one that had ended before this one was sent is not taken', async () => {
		const now = await begin({ runSeconds: 0, queueSeconds: 0 });
		const foreignId = await submitElsewhere(now);
		await until(() => now.fal.requests[0]!.state === 'COMPLETED');
		// fal reports its clock in whole seconds only.
		await until(() => Date.now() > now.fal.requests[0]!.endedAt!.getTime() + 1_100);
		now.fal.script('a fox', lostBefore);
		const { error } = await run(now, { options: { timeoutSeconds: 3 } });
		expect(error!.message).toContain('fal may have accepted');
		expect(JSON.stringify(error)).not.toContain(foreignId);
	});

	test('nor one of the same second, where the answer named its own', async () => {
		const now = await begin({ runSeconds: 1 });
		await submitElsewhere(now);
		now.fal.script('a fox', { submit: [{ kind: 'truncatedJson' }] });
		const { outputs, error } = await run(now);
		expect(error).toBeUndefined();
		expect(outputs[0]![0]!.json.request_id).toBe(now.fal.requests[1]!.request_id);
	});

	test('nor one that fal lists before the one that the answer named', async () => {
		const now = await begin();
		now.fal.script('a fox', { submit: [{ kind: 'truncatedJson' }] });
		const list = () => ({
			items: [
				{
					...{ request_id: '0a1b2c3d', sent_at: new Date().toISOString() },
					json_input: now.fal.requests[0]!.input,
				},
			],
			next_cursor: null,
		});
		const page = { kind: 'status', status: 200 };
		now.fal.fault('requests', [
			Object.defineProperty(page, 'json', { get: list, enumerable: true }) as unknown as CallFault,
		]);
		const { outputs, error } = await run(now);
		expect(error).toBeUndefined();
		expect(outputs[0]![0]!.json.request_id).toBe(now.fal.requests[0]!.request_id);
	});

	test('of those sent later the nearest one is taken', async () => {
		const now = await begin({ variants: { listedAfterMs: 2_000 }, runSeconds: 0.5 });
		now.fal.script('a fox', lostAfter);
		const running = run(now);
		await until(() => now.fal.requests.length === 1);
		await submitElsewhere(now);
		const { outputs } = await running;
		expect(outputs[0]![0]!.json.request_id).toBe(now.fal.requests[0]!.request_id);
	});

	test.each([3_600_000, -3_600_000])(
		'it is found with a clock that is %d ms off, and no older one',
		async (clockAheadMs) => {
			const now = await begin({ variants: { clockAheadMs }, runSeconds: 0, queueSeconds: 0 });
			await submitElsewhere(now);
			await until(() => now.fal.requests[0]!.state === 'COMPLETED');
			await until(() => Date.now() > now.fal.requests[0]!.endedAt!.getTime() + 1_100);
			now.fal.script('a fox', lostAfter);
			const { outputs, error } = await run(now);
			expect(error).toBeUndefined();
			expect(outputs[0]![0]!.json.request_id).toBe(now.fal.requests[1]!.request_id);
			expect(calls(now.fal, 'submit')).toHaveLength(2);
		},
	);
});

test.each([
	['Stop is pressed', {}],
	['the timeout passes', { timeoutSeconds: 2 }],
])('it is cancelled when %s while it is looked for', async (_case, options) => {
	const now = await begin({ runSeconds: 60 });
	now.fal.script('a fox', { submit: [{ kind: 'resetAfter' }] });
	now.fal.fault('requests', [{ kind: 'hang' }]);
	const stop = new AbortController();
	const running = run(now, { options }, { stop: stop.signal });
	await until(() => listings(now).length === 1);
	if (Object.keys(options).length === 0) stop.abort();
	await running;
	await until(() => now.fal.requests[0]!.cancelledAt !== undefined);
	expect(calls(now.fal, 'submit')).toHaveLength(1);
});

test('a Submit that is found in the list has the addresses that fal would have given', async () => {
	const now = await begin();
	now.fal.script('a fox', { submit: [{ kind: 'resetAfter' }] });
	const { outputs } = await run(now, { options: { waitMode: 'none' } });
	const url = `${now.fal.hosts.queue}/fal-ai/ltx-2.3-22b/requests/${now.fal.requests[0]!.request_id}`;
	expect(outputs[0]![0]!.json).toMatchObject({
		status_url: `${url}/status`,
		response_url: url,
		cancel_url: `${url}/cancel`,
	});
});
