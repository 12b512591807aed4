import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { useEngine } from './engine.mts';
import {
	calls,
	servedBytes,
	until,
	useScene,
	type VideoChanges,
	videoParameters,
} from './scene.mts';

/* Submitting and collecting apart from each other. */

const engine = useEngine();
const scene = useScene();

const submit = async (changes: VideoChanges & { options?: INodeParameters } = {}, more = {}) =>
	await engine.run({
		parameters: videoParameters({
			...changes,
			options: { waitMode: 'none', ...changes.options },
		}),
		credential: scene.credential,
		...more,
	});

const request = async (operation: string, requestId: string, changes = {}, more = {}) =>
	await engine.run({
		parameters: { resource: 'request', operation, requestId, ...changes },
		credential: scene.credential,
		...more,
	});

const submittedId = async (changes: Parameters<typeof submit>[0] = {}) => {
	const { outputs } = await submit(changes);
	return String(outputs[0]![0]!.json.request_id);
};

const slow = () => scene.fal.script('a fox', { job: { runSeconds: 60 } });
const completed = async () => await until(() => scene.fal.requests[0]?.state === 'COMPLETED');

describe('Wait Mode None', () => {
	test("gives the request's id, fal's addresses and the estimate, and does not wait", async () => {
		slow();
		const { outputs, error } = await submit();
		expect(error).toBeUndefined();
		const { request_id } = scene.fal.requests[0]!;
		expect(outputs[0]).toEqual([
			{
				json: {
					request_id,
					endpoint_id: 'fal-ai/ltx-2.3-22b/distilled/text-to-video/lora',
					status_url: expect.stringContaining(`/requests/${request_id}/status`),
					response_url: expect.stringContaining(`/requests/${request_id}`),
					cancel_url: expect.stringContaining(`/requests/${request_id}/cancel`),
					cost: { estimated: 0.0001, unit_price: 0.001405, currency: 'USD' },
				},
				pairedItem: { item: 0 },
			},
		]);
		expect(scene.fal.requests[0]!.state).not.toBe('COMPLETED');
		expect(scene.fal.calls).toHaveLength(1);
	});

	test('has the same guard as generate', async () => {
		const { error } = await submit({ numFrames: 481, options: { maxCostPerItem: 0.001 } });
		expect(error!.message).toContain('Max Cost per Item (maxCostPerItem) is $0.001');
		expect(scene.fal.calls).toHaveLength(0);
	});

	test('a retry gives the request that was submitted, not another one', async () => {
		const items = [{ prompt: 'one' }, { prompt: 'two' }];
		const refusal = { kind: 'status', status: 403, json: { detail: 'User is locked' } } as const;
		scene.fal.script('two', { submit: [{ ...refusal, accepted: false }] });
		const { outputs, error } = await submit({}, { items, retryOnFail: true });
		expect(error).toBeUndefined();
		expect(outputs[0]!.map(({ json }) => json.request_id).sort()).toEqual(
			scene.fal.requests.map(({ request_id }) => request_id).sort(),
		);
		expect(scene.fal.requests).toHaveLength(2);
	});
});

describe("fal's options of a request", () => {
	test('arrive as its headers and query', async () => {
		await submit({
			options: {
				queuePriority: 'low',
				startTimeoutSeconds: 90,
				keepPayload: '={{ "FALSE" }}',
				fileLifetimeSeconds: 3600,
				serverRetries: false,
				webhookUrl: '={{ " http://127.0.0.1:9/done\\n" }}',
			},
		});
		expect(scene.fal.requests[0]!.query).toEqual({ fal_webhook: 'http://127.0.0.1:9/done' });
		expect(scene.fal.requests[0]!.headers).toMatchObject({
			'x-fal-queue-priority': 'low',
			'x-fal-request-timeout': '90',
			'x-fal-store-io': '0',
			'x-fal-no-retry': '1',
		});
		const lifetime = scene.fal.requests[0]!.headers['x-fal-object-lifecycle-preference'];
		expect(JSON.parse(String(lifetime))).toEqual({ expiration_duration_seconds: 3600 });
	});

	test('are not sent when they were not added', async () => {
		await submit();
		const { headers, query } = scene.fal.requests[0]!;
		expect(query).toEqual({});
		expect(Object.keys(headers).filter((name) => name.startsWith('x-fal'))).toEqual([
			'x-fal-queue-priority',
		]);
	});

	test.each([
		[{ startTimeoutSeconds: 0.5 }, 'Start Timeout (Seconds) (startTimeoutSeconds) is 0.5'],
		[{ webhookUrl: 'my n8n' }, 'Webhook URL (webhookUrl) is "my n8n", but must be a URL'],
		[{ webhookUrl: 'localhost:5678/x' }, 'Webhook URL (webhookUrl) is "localhost:5678/x"'],
		[{ webhookUrl: '' }, 'Webhook URL (webhookUrl) was added, but is empty: it must be a URL'],
		...[
			...['fileLifetimeSeconds', 'keepPayload', 'maxConcurrency', 'priceSource', 'queuePriority'],
			...['serverRetries', 'startTimeoutSeconds', 'webhookUrl'],
		].map((name): [object, string] => [
			{ [name]: '={{ $json.missing }}' },
			`(${name}) was added, but its expression gives nothing`,
		]),
		[{ queuePriority: 'high' }, 'but must be one of normal, low'],
	])('%j makes no sense and is named', async (options, words) => {
		const { error } = await submit({ options: options as INodeParameters });
		expect(error!.message).toContain(words);
		expect(scene.fal.calls).toHaveLength(0);
	});

	test("a webhook that fal.ai can't call is an error before anything is sent", async () => {
		const options = { webhookUrl: 'http://localhost:5678/webhook/1?token=SECRET' };
		const credential = { apiKey: 'a:b', customHosts: false };
		const { error } = await submit({ options }, { credential });
		expect(error!.message).toContain("fal can't call back to http://localhost:5678:");
		expect(error!.message).toContain('[item 0]');
		expect(`${error!.message} ${error!.description}`).not.toContain('SECRET');
	});
});

describe('request: getStatus', () => {
	test("gives fal's own words", async () => {
		slow();
		const id = await submittedId();
		await until(() => scene.fal.requests[0]!.state === 'IN_PROGRESS');
		const { outputs } = await request('getStatus', id);
		expect(outputs[0]![0]!.json).toMatchObject({ request_id: id, status: 'IN_PROGRESS' });
	});

	test.each(['', 'no id', '../../other/app', 'a?b'])('no address is built from %j', async (id) => {
		const { error } = await request('getStatus', `={{ ${JSON.stringify(id)} }}`);
		expect(error!.message).toContain('Request ID (requestId) is');
		expect(scene.fal.calls).toHaveLength(0);
	});
});

describe('request: getResult', () => {
	test('gives the same item as generate', async () => {
		const id = await submittedId();
		await completed();
		const { outputs, error } = await request('getResult', id);
		expect(error).toBeUndefined();
		const item = outputs[0]![0]!;
		expect(item.json).toMatchObject({
			request_id: id,
			prompt: 'a fox',
			cost: { estimated: null, actual: 0.0001, source: 'billed' },
			timings: { submitted_at: null, request_seconds: null },
		});
		const { url } = item.json.video as IDataObject;
		expect(await engine.bytes(item, 'data')).toEqual(await servedBytes(url));
	});

	test('calls the file as it was chosen', async () => {
		const id = await submittedId();
		await completed();
		const { outputs } = await request('getResult', id, { options: { fileName: 'fox.mp4' } });
		expect(outputs[0]![0]!.binary!.data).toMatchObject({ fileName: 'fox.mp4' });
	});

	test('says where a request is that is not done', async () => {
		slow();
		const id = await submittedId();
		await until(() => scene.fal.requests[0]!.state === 'IN_PROGRESS');
		const { error } = await request('getResult', id);
		expect(error!.message).toBe(`Request ${id} is not done yet: it is being made [item 0]`);
		expect(error!.description).toContain('Wait for Completion');
	});

	test('waits when it is set to', async () => {
		scene.fal.script('a fox', { job: { runSeconds: 0.5 } });
		const id = await submittedId();
		const { outputs, error } = await request('getResult', id, { waitForCompletion: true });
		expect(error).toBeUndefined();
		expect(outputs[0]![0]!.binary).toBeDefined();
	});

	test("gives a result that only fal's history has", async () => {
		scene.fal.script('a fox', { output: { expired: true } });
		const id = await submittedId();
		await completed();
		const { outputs, error } = await request('getResult', id);
		expect(error).toBeUndefined();
		expect(outputs[0]![0]!.json).toMatchObject({ request_id: id, cost: { source: 'delivered' } });
		expect(outputs[0]![0]!.binary).toBeDefined();
	});

	test('never cancels: whoever only collects did not submit', async () => {
		slow();
		const id = await submittedId();
		const { error } = await request('getResult', id, {
			waitForCompletion: true,
			options: { timeoutSeconds: 1 },
		});
		expect(error!.message).toContain(`Request ${id} was left running on fal`);
		expect(calls(scene.fal, 'cancel')).toHaveLength(0);
	});

	test('distinguishes an unknown request from a failed one', async () => {
		const unknown = await request('getResult', 'no-such-request');
		expect(unknown.error!.message).toContain('404');
		const detail = [{ loc: ['body', 'prompt'], msg: 'Flagged', type: 'content_policy_violation' }];
		scene.fal.script('a fox', {
			job: { outcome: { status: 422, body: { detail }, billableUnits: '0' } },
		});
		const id = await submittedId();
		await completed();
		const failed = await request('getResult', id);
		expect(failed.error!.message).toContain('prompt: Flagged (content_policy_violation)');
	});
});

describe('request: cancel', () => {
	test('takes a request out, and too late is a result', async () => {
		slow();
		const id = await submittedId();
		const first = await request('cancel', id);
		expect(first.outputs[0]![0]!.json).toEqual({
			request_id: id,
			status: 'CANCELLATION_REQUESTED',
		});
		await completed();
		const second = await request('cancel', id);
		expect(second.outputs[0]![0]!.json).toEqual({ request_id: id, status: 'ALREADY_COMPLETED' });
		const unknown = await request('cancel', 'no-such-request');
		expect(unknown.outputs[0]![0]!.json.status).toBe('NOT_FOUND');
	});
});

describe('options of waiting', () => {
	test('onStop: leave lets the request run on and says so', async () => {
		slow();
		const { error } = await engine.run({
			parameters: videoParameters({ options: { onStop: 'leave', timeoutSeconds: 1 } }),
			credential: scene.credential,
		});
		expect(error!.message).toContain('was left running on fal');
		expect(calls(scene.fal, 'cancel')).toHaveLength(0);
	});

	test('includeLogs brings what the model wrote, each line once', async () => {
		const { outputs } = await engine.run({
			parameters: videoParameters({ options: { includeLogs: true } }),
			credential: scene.credential,
		});
		const logs = outputs[0]![0]!.json.logs as Array<{ message: string }>;
		const messages = logs.map(({ message }) => message);
		expect(messages.length).toBeGreaterThan(0);
		expect(new Set(messages).size).toBe(messages.length);
	});
});
