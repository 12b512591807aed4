import type { Engine } from './engine.mts';
import { startEngine } from './engine.mts';
import type { Scene } from './scene.mts';
import { calls, startScene, videoParameters } from './scene.mts';

/* n8n's Retry On Fail runs the node again with the same items: what was bought must be collected. */

let engine: Engine;
let scene: Scene;

beforeAll(async () => {
	engine = await startEngine('filesystem');
});

beforeEach(async () => {
	scene = await startScene();
});

afterEach(async () => {
	await scene.fal.close();
});

const items = ['one', 'two', 'three'].map((prompt) => ({ prompt }));

const generateTwice = async (changes = {}, more = {}) =>
	await engine.run({
		parameters: videoParameters(changes),
		credential: scene.credential,
		retryOnFail: true,
		...more,
	});

const refusal = {
	status: 422,
	body: { detail: [{ loc: ['body', 'prompt'], msg: 'Flagged', type: 'content_policy_violation' }] },
	billableUnits: '0',
};

test('a video that did not arrive is fetched again, not bought again', async () => {
	scene.fal.script('a fox', { download: [{ kind: 'status', status: 403 }] });
	const { outputs, error } = await generateTwice();
	expect(error).toBeUndefined();
	expect(outputs[0]![0]!.binary).toBeDefined();
	expect(calls(scene.fal, 'submit')).toHaveLength(1);
});

test('what fal refused for its input is not bought again: the same error comes back', async () => {
	scene.fal.script('two', { job: { outcome: refusal } });
	const { error } = await generateTwice({}, { items });
	expect(error!.message).toContain('prompt: Flagged (content_policy_violation) [item 1]');
	expect(calls(scene.fal, 'submit')).toHaveLength(3);
	const refused = scene.fal.requests.find(({ input }) => input.prompt === 'two')!;
	expect(
		calls(scene.fal, 'result').filter(({ path }) => path.includes(refused.request_id)),
	).toHaveLength(1);
});

test('the error names every request of the run, so that none is out of reach', async () => {
	scene.fal.script('two', { job: { outcome: refusal } });
	const { error } = await generateTwice({}, { items });
	for (const { request_id } of scene.fal.requests) {
		expect(error!.description).toContain(request_id);
	}
});

test('a request that fal itself failed is bought anew', async () => {
	scene.fal.script('a fox', {
		job: {
			outcome: {
				status: 504,
				body: { detail: 'Generation timed out', error_type: 'generation_timeout' },
				headers: { 'x-fal-error-type': 'generation_timeout' },
				billableUnits: null,
			},
		},
	});
	const { outputs, error } = await generateTwice();
	expect(error).toBeUndefined();
	expect(outputs[0]![0]!.json.request_id).toBe(scene.fal.requests[1]!.request_id);
	expect(calls(scene.fal, 'submit')).toHaveLength(2);
});

test('a request that was cancelled by the timeout is bought anew', async () => {
	scene.fal.script('a fox', { job: { runSeconds: 60 } });
	const { error } = await generateTwice({ options: { timeoutSeconds: 2 } });
	expect(error).toBeUndefined();
	expect(scene.fal.requests[0]!.cancelledAt).toBeDefined();
	expect(calls(scene.fal, 'submit')).toHaveLength(2);
});

test('a request that is still being made is followed on', async () => {
	scene.fal.script('a fox', { job: { runSeconds: 3 } });
	const { outputs, error } = await generateTwice({
		options: { onStop: 'leave', timeoutSeconds: 2 },
	});
	expect(error).toBeUndefined();
	expect(outputs[0]![0]!.json.request_id).toBe(scene.fal.requests[0]!.request_id);
	expect(calls(scene.fal, 'submit')).toHaveLength(1);
	expect(calls(scene.fal, 'cancel')).toHaveLength(0);
});

test.each([
	['a gateway answers in its place', { detail: 'Not found' }, 1],
	['fal has it in its history only', { detail: 'Request not found' }, 1],
	['fal no longer has it', { detail: 'Request not found' }, 2, false],
])('a result that is not there: when %s', async (_case, json, submits, keepPayload = true) => {
	scene.fal.script('a fox', {
		download: [{ kind: 'status', status: 403 }],
		result: [null, { kind: 'status', status: 404, json }],
	});
	const { error } = await generateTwice({ options: { keepPayload } });
	expect(calls(scene.fal, 'submit')).toHaveLength(submits);
	if (json.detail === 'Not found') {
		expect(error!.description).toContain(scene.fal.requests[0]!.request_id);
	} else expect(error).toBeUndefined();
});

test('a refusal that a later try meets is remembered as well', async () => {
	scene.fal.script('a fox', { job: { runSeconds: 3, outcome: refusal } });
	const { error, run } = await generateTwice({
		options: { onStop: 'leave', timeoutSeconds: 2 },
	});
	expect(error!.message).toContain('prompt: Flagged');
	expect(calls(scene.fal, 'submit')).toHaveLength(1);
	const saved = JSON.stringify(run.data.executionData!.contextData);
	expect(saved).toContain('content_policy_violation');
});

test('another input is another purchase', async () => {
	scene.fal.script('a fox', { download: [{ kind: 'status', status: 403 }] });
	// A seed that is new each time the node runs makes it another input.
	const { error } = await generateTwice({
		generation: { seed: '={{ Math.floor(Math.random() * 1e9) }}' },
	});
	expect(error).toBeUndefined();
	expect(calls(scene.fal, 'submit')).toHaveLength(2);
});
