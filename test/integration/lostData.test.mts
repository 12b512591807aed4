import type { CallFault, EmulatorOptions } from '../../emulator/index.mts';
import { savedData, useEngine, type NodeRun } from './engine.mts';
import { safetensors } from './loraFile.mts';
import { calls, generateIn, until, useScene } from './scene.mts';

/*
 * A retry of an execution whose process was killed begins without its data: what it submitted can be
 * found in fal's list only. Requests that no execution of this process knows stand for it here.
 */

const engine = useEngine();
const scene = useScene();

const begin = async (options?: EmulatorOptions) => await scene.restart(options);

const generate = generateIn(engine, scene);

const retry = async (changes = {}, more: Partial<NodeRun> = {}) =>
	await generate(changes, { mode: 'retry', ...more });

/** Submits what the node submits, as a process does that is killed then. */
async function submitAndDie(prompt = 'a fox', headers: Record<string, string> = {}) {
	const body = {
		...{ prompt, loras: [{ path: 'owner/repo', scale: 1 }], num_frames: 9, fps: 24 },
		video_size: { width: 64, height: 64 },
	};
	return await submitBody(body, headers);
}

async function submitBody(body: object, headers: Record<string, string> = {}) {
	const { hosts, apiKey } = scene.fal;
	const response = await fetch(`${hosts.queue}/fal-ai/ltx-2.3-22b/distilled/text-to-video/lora`, {
		method: 'POST',
		headers: { authorization: `Key ${apiKey}`, 'content-type': 'application/json', ...headers },
		body: JSON.stringify(body),
	});
	return ((await response.json()) as { request_id: string }).request_id;
}

const submitsOfNode = () =>
	calls(scene.fal, 'submit').filter(({ headers }) => headers['user-agent']?.includes('fal-ai'));
const DOWN = Array<CallFault>(5).fill({ kind: 'status', status: 503, json: { detail: 'down' } });

test('what is under way is taken, with a hint that says how to have a new one', async () => {
	await begin({ runSeconds: 1 });
	const requestId = await submitAndDie();
	const { outputs, error, hints } = await retry();
	expect(error).toBeUndefined();
	expect(outputs[0]![0]!.json.request_id).toBe(requestId);
	expect(outputs[0]![0]!.binary).toBeDefined();
	expect(submitsOfNode()).toHaveLength(0);
	expect(hints.join()).toContain(`Item 0 continues with request ${requestId}`);
	expect(hints.join()).toContain('run the workflow as a new execution');
});

test('so is one that fal lists with its defaults filled in', async () => {
	await begin({ runSeconds: 1, variants: { listedInput: 'with defaults' } });
	const requestId = await submitAndDie();
	const { outputs } = await retry();
	expect(outputs[0]![0]!.json.request_id).toBe(requestId);
	expect(submitsOfNode()).toHaveLength(0);
});

test('so is what is done, the newest first, and each one once', async () => {
	await begin();
	const ids = [await submitAndDie(), await submitAndDie()];
	await until(() => scene.fal.requests.every(({ state }) => state === 'COMPLETED'));
	const { outputs, error } = await retry({}, { items: [{}, {}, {}] });
	expect(error).toBeUndefined();
	const taken = outputs[0]!.map(({ json }) => json.request_id);
	expect(taken.slice(0, 2).sort()).toEqual([...ids].sort());
	expect(submitsOfNode()).toHaveLength(1);
});

test('of many items those that were submitted are taken, the others are submitted', async () => {
	await begin();
	const two = await submitAndDie('two');
	const items = ['one', 'two', 'three'].map((prompt) => ({ prompt }));
	const { outputs, error } = await retry({}, { items });
	expect(error).toBeUndefined();
	expect(outputs[0]![1]!.json.request_id).toBe(two);
	expect(submitsOfNode()).toHaveLength(2);
	const listings = scene.fal.calls.filter(({ path }) => path.includes('by-endpoint'));
	expect(listings).toHaveLength(1);
});

test('a Submit is not repeated either', async () => {
	await begin({ runSeconds: 1 });
	const requestId = await submitAndDie();
	const { outputs } = await retry({ options: { waitMode: 'none' } });
	expect(outputs[0]![0]!.json.request_id).toBe(requestId);
	expect(submitsOfNode()).toHaveLength(0);
});

test('one that failed is not taken', async () => {
	await begin();
	scene.fal.script('a fox', { job: { outcome: { status: 422, body: {}, billableUnits: '0' } } });
	await submitAndDie();
	await until(() => scene.fal.requests[0]!.state === 'COMPLETED');
	const { error } = await retry();
	expect(error).toBeUndefined();
	expect(submitsOfNode()).toHaveLength(1);
});

test('one of another execution of this process is not taken', async () => {
	await begin();
	await retry({}, { mode: 'manual', executionId: 'other' });
	const { error } = await retry({}, { executionId: 'mine' });
	expect(error).toBeUndefined();
	expect(submitsOfNode()).toHaveLength(2);
});

test('nothing is looked for where the data says that nothing was submitted', async () => {
	await begin();
	const refused = await retry({ prompt: ' ' }, { mode: 'manual' });
	expect(refused.error).toBeDefined();
	await submitAndDie();
	const { error } = await retry({}, { saved: savedData(refused), executionId: '2' });
	expect(error).toBeUndefined();
	expect(submitsOfNode()).toHaveLength(1);
});

describe('a retry that was killed', () => {
	/** n8n has of it what it began with: the data of the execution before. */
	const killed = { executionId: '3', retryOf: '2' };

	test('is not submitted again by a retry of it, although the data says that nothing was', async () => {
		await begin({ runSeconds: 1 });
		const refused = await retry({ prompt: ' ' }, { mode: 'manual' });
		const requestId = await submitAndDie();
		const { outputs, error } = await retry({}, { ...killed, saved: savedData(refused) });
		expect(error).toBeUndefined();
		expect(outputs[0]![0]!.json.request_id).toBe(requestId);
		expect(submitsOfNode()).toHaveLength(0);
	});

	test('nor in place of a request that ended without a result', async () => {
		await begin({ runSeconds: 1 });
		const outcome = { status: 500, body: { detail: 'Broken', error_type: 'internal_error' } };
		scene.fal.script('a fox', { job: { outcome: { ...outcome, billableUnits: null } } });
		const failed = await retry({}, { mode: 'manual' });
		expect(failed.error!.message).toContain('Broken');
		const requestId = await submitAndDie();
		const { outputs, error } = await retry({}, { ...killed, saved: savedData(failed) });
		expect(error).toBeUndefined();
		expect(outputs[0]![0]!.json.request_id).toBe(requestId);
		expect(submitsOfNode()).toHaveLength(1);
	});

	test('is not thought of where the data is of the execution that is retried', async () => {
		await begin();
		const refused = await retry({ prompt: ' ' }, { mode: 'manual' });
		await submitAndDie();
		const saved = savedData(refused);
		const { error } = await retry({}, { executionId: '2', retryOf: '1', saved });
		expect(error).toBeUndefined();
		expect(submitsOfNode()).toHaveLength(1);
	});
});

test('when the list can not be read nothing is submitted, by later retries neither', async () => {
	await begin({ runSeconds: 1 });
	const requestId = await submitAndDie();
	scene.fal.fault('requests', [...DOWN, ...DOWN]);
	const failed = await retry({}, { retryOnFail: true });
	expect(failed.error!.message).toContain('may have submitted this item');
	expect(failed.error!.description).toContain("fal's list of requests could not be read");
	expect(failed.error!.description).toContain('run the workflow as a new execution');
	expect(submitsOfNode()).toHaveLength(0);
	const again = await retry({}, { saved: savedData(failed), executionId: '3' });
	expect(again.error).toBeUndefined();
	expect(again.outputs[0]![0]!.json.request_id).toBe(requestId);
	expect(submitsOfNode()).toHaveLength(0);
});

test.each<[string, EmulatorOptions, Record<string, string>, boolean]>([
	['the list shows no inputs', { variants: { listHasPayloads: false } }, {}, true],
	['the input was not kept', {}, { 'X-Fal-Store-IO': '0' }, false],
])('when %s nothing is submitted', async (_case, options, headers, keepPayload) => {
	await begin(options);
	await submitAndDie('a fox', headers);
	const { error } = await retry({ options: { keepPayload } });
	expect(error!.description).toContain("can't be identified");
	expect(submitsOfNode()).toHaveLength(0);
});

test('a request that may have been made with another file is for a person to decide', async () => {
	await begin();
	const { loras, ...body } = {
		...{ prompt: 'a fox', loras: [{ path: 'https://files.example/lora.safetensors', scale: 1 }] },
		...{ num_frames: 9, fps: 24, video_size: { width: 64, height: 64 } },
	};
	await submitBody({ ...body, loras });
	const file = { loras: { lora: [{ source: 'binary', binaryPropertyName: 'lora' }] } };
	const files = [{ lora: { bytes: safetensors(), name: 'a.safetensors' } }];
	const { error } = await retry(file, { files });
	expect(error!.description).toContain('differs in nothing but the address of an uploaded file');
	expect(submitsOfNode()).toHaveLength(0);
	const other = await retry({ ...file, prompt: 'an owl' }, { files });
	expect(other.error).toBeUndefined();
});
