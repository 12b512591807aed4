import { responses, type CallFault, type ModelResponse } from '../../emulator/index.mts';
import { savedData, useEngine, type NodeRun, type Outcome } from './engine.mts';
import { calls, generateIn, until, useScene } from './scene.mts';

/*
 * n8n's Retry On Fail runs the node again with the same items, and a retry from the list of executions
 * begins with what n8n saved of the first one: what was submitted must be collected.
 */

const engine = useEngine();
const scene = useScene();

const items = ['one', 'two', 'three'].map((prompt) => ({ prompt }));

const generateOnce = generateIn(engine, scene);

const generateTwice = async (changes = {}, more: Partial<NodeRun> = {}) =>
	await generateOnce(changes, { retryOnFail: true, ...more });

/** n8n's number of the last execution: each retry has one of its own. */
let executions = 1;

/** A retry from the list of executions, with the workflow as it is saved by then. */
const retry = async (earlier: Outcome, changes = {}) =>
	await generateOnce(changes, {
		mode: 'retry',
		executionId: String(++executions),
		saved: savedData(earlier),
	});

/** Another one each time the node runs. */
const RANDOM_SEED = '={{ Math.floor(Math.random() * 1e9) }}';

const refusal = {
	status: 422,
	body: { detail: [{ loc: ['body', 'prompt'], msg: 'Flagged', type: 'content_policy_violation' }] },
	billableUnits: '0',
};

test('a video that did not arrive is fetched again, not submitted again', async () => {
	scene.fal.script('a fox', { download: [{ kind: 'status', status: 403 }] });
	const { outputs, error } = await generateTwice();
	expect(error).toBeUndefined();
	expect(outputs[0]![0]!.binary).toBeDefined();
	expect(calls(scene.fal, 'submit')).toHaveLength(1);
});

test('what fal refused for its input is not submitted again: the same error comes back', async () => {
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

test('a request that fal itself failed is submitted again', async () => {
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

test.each(['stream', 'none'])(
	"errors of fal's servers that its history does not confirm are no end unless they last: %s",
	async (waitMode) => {
		await scene.restart({ variants: { listedAfterMs: 60_000 } });
		const typed = (status: number): CallFault => ({
			...{ kind: 'status', status, json: { detail: 'Broken', error_type: 'internal_error' } },
			headers: { 'x-fal-error-type': 'internal_error' },
		});
		scene.fal.script('a fox', { result: [typed(500), typed(500), typed(503)] });
		const first = await generateOnce();
		expect(first.error!.message).toContain('fal answered 500: Broken');
		const { error, outputs } = await retry(first, { options: { waitMode } });
		expect(error).toBeUndefined();
		expect(outputs[0]![0]!.json.request_id).toBe(scene.fal.requests[0]!.request_id);
		expect(calls(scene.fal, 'submit')).toHaveLength(1);
	},
);

test("an error of fal's servers that its history does not confirm ends nothing for another input either", async () => {
	await scene.restart({ variants: { listedAfterMs: 60_000 } });
	const json = { detail: 'Broken', error_type: 'internal_error' };
	const headers = { 'x-fal-error-type': 'internal_error' };
	scene.fal.script('a fox', { result: [{ kind: 'status', status: 503, json, headers }] });
	const { error, outputs } = await generateTwice({ generation: { seed: RANDOM_SEED } });
	expect(error).toBeUndefined();
	expect(outputs[0]![0]!.json.request_id).toBe(scene.fal.requests[0]!.request_id);
	expect(calls(scene.fal, 'submit')).toHaveLength(1);
});

test('a request that was cancelled by the timeout is submitted again', async () => {
	scene.fal.script('a fox', { job: { runSeconds: 60 } });
	const { error } = await generateTwice({ options: { timeoutSeconds: 2 } });
	expect(error).toBeUndefined();
	expect(scene.fal.requests[0]!.cancelledAt).toBeDefined();
	expect(calls(scene.fal, 'submit')).toHaveLength(2);
});

test('Submit hands on no request that was cancelled: a retry submits again', async () => {
	scene.fal.script('a fox', { job: { runSeconds: 60 } });
	const cancelled = await generateOnce({ options: { timeoutSeconds: 1 } });
	const { error, outputs } = await retry(cancelled, { options: { waitMode: 'none' } });
	expect(error).toBeUndefined();
	expect(outputs[0]![0]!.json.request_id).toBe(scene.fal.requests[1]!.request_id);
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
	['a gateway responds in its place', { detail: 'Not found' }, 1],
	['fal has it in its history only', { detail: 'Request not found' }, 1],
	['fal no longer has it', { detail: 'Request not found' }, 2, false],
])('a result that is not there: when %s', async (_case, json, submits, keepPayload = true) => {
	const gone: CallFault = { kind: 'status', status: 404, json };
	scene.fal.script('a fox', {
		download: [{ kind: 'status', status: 403 }],
		// It is asked for once more before another one is submitted.
		result: [null, ...Array<CallFault>(submits).fill(gone)],
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

test('what an expression makes of the input the second time does not count', async () => {
	scene.fal.script('a fox', { download: [{ kind: 'status', status: 403 }] });
	const { outputs, error } = await generateTwice({ generation: { seed: RANDOM_SEED } });
	expect(error).toBeUndefined();
	expect(outputs[0]![0]!.json.request_id).toBe(scene.fal.requests[0]!.request_id);
	expect(calls(scene.fal, 'submit')).toHaveLength(1);
});

test('another input is another video once fal has refused the first one', async () => {
	scene.fal.script('a fox', { job: { outcome: refusal } });
	const { error } = await generateTwice({ generation: { seed: RANDOM_SEED } });
	expect(error).toBeUndefined();
	expect(calls(scene.fal, 'submit')).toHaveLength(2);
});

test('a changed input that fal refuses takes nothing from the request before', async () => {
	const refused: CallFault = { kind: 'status', status: 403, json: { detail: 'User is locked' } };
	scene.fal.script('a fox', { download: [{ kind: 'status', status: 403 }] });
	scene.fal.script('an owl', { submit: [refused] });
	const changed = await retry(await generateOnce(), { prompt: 'an owl' });
	expect(changed.error!.message).toContain('User is locked');
	const { error, outputs } = await retry(changed);
	expect(error).toBeUndefined();
	expect(outputs[0]![0]!.json.request_id).toBe(scene.fal.requests[0]!.request_id);
	expect(scene.fal.requests).toHaveLength(1);
});

test('nor from a submit before whose response was lost', async () => {
	const refused: CallFault = { kind: 'status', status: 403, json: { detail: 'User is locked' } };
	const unreadable = Array<CallFault>(40).fill({ kind: 'status', status: 503, json: {} });
	scene.fal.script('a fox', { submit: [{ kind: 'resetAfter' }] });
	scene.fal.script('an owl', { submit: [refused] });
	scene.fal.fault('requests', unreadable);
	const lost = await generateOnce({ options: { timeoutSeconds: 2 } });
	expect(lost.error!.message).toContain('fal may have accepted the request all the same');
	const changed = await retry(lost, { prompt: 'an owl' });
	expect(changed.error!.message).toContain('User is locked');
	await retry(changed, { options: { timeoutSeconds: 1 } });
	expect(scene.fal.requests).toHaveLength(1);
});

describe('a submit whose response was lost', () => {
	const MAYBE = 'fal may have accepted the request all the same, and bill it';
	const UNREADABLE = Array<CallFault>(40).fill({ kind: 'status', status: 503, json: {} });
	/** fal never accepted it, accepted it and does not say so, or was asked to keep no input. */
	const LOST: Array<[string, object, () => void]> = [
		['fal accepted nothing', {}, () => scene.fal.script('a fox', lost('resetBefore'))],
		[
			'the list is unreachable',
			{},
			() => {
				scene.fal.script('a fox', lost('resetAfter'));
				scene.fal.fault('requests', UNREADABLE);
			},
		],
		[
			'the input is not kept',
			{ keepPayload: false },
			() => scene.fal.script('a fox', lost('resetAfter')),
		],
	];
	const lost = (kind: 'resetBefore' | 'resetAfter') => ({ submit: [{ kind }] });

	test.each(LOST)('is not sent again by Retry On Fail when %s', async (_case, options, arrange) => {
		arrange();
		const { error } = await generateTwice({ options: { timeoutSeconds: 2, ...options } });
		expect(error!.message).toContain(MAYBE);
		expect(error!.description).toContain(
			'run the workflow as a new execution, or change the input',
		);
		expect(calls(scene.fal, 'submit')).toHaveLength(1);
	});

	test('nor when an expression makes another input of it', async () => {
		scene.fal.script('a fox', lost('resetBefore'));
		const { error } = await generateTwice({
			generation: { seed: RANDOM_SEED },
			options: { timeoutSeconds: 2 },
		});
		expect(error!.message).toContain(MAYBE);
		expect(calls(scene.fal, 'submit')).toHaveLength(1);
	});

	test('is not sent again by a retry from the list, until a person changes the input', async () => {
		scene.fal.script('a fox', lost('resetBefore'));
		const options = { timeoutSeconds: 2 };
		const failed = await generateOnce({ options });
		const retried = await retry(failed, { options });
		expect(retried.error!.message).toBe(failed.error!.message);
		const again = await retry(retried, { options });
		expect(again.error!.message).toBe(failed.error!.message);
		expect(calls(scene.fal, 'submit')).toHaveLength(1);
		const changed = await retry(again, { options, generation: { seed: '7' } });
		expect(changed.error).toBeUndefined();
		expect(calls(scene.fal, 'submit')).toHaveLength(2);
	});

	test('is found by a retry when fal lists it by then', async () => {
		await scene.fal.close();
		await scene.restart({ variants: { listsUnfinished: false } });
		scene.fal.script('a fox', { ...lost('resetAfter'), job: { runSeconds: 4 } });
		const failed = await generateOnce({ options: { timeoutSeconds: 2 } });
		expect(failed.error!.message).toContain(MAYBE);
		await until(() => scene.fal.requests[0]!.state === 'COMPLETED');
		const { outputs, error } = await retry(failed);
		expect(error).toBeUndefined();
		expect(outputs[0]![0]!.json.request_id).toBe(scene.fal.requests[0]!.request_id);
		expect(calls(scene.fal, 'submit')).toHaveLength(1);
	});

	test.each<[string, CallFault]>([
		['cut', { kind: 'truncatedJson' }],
		['an error', { kind: 'status', status: 500, accepted: true, json: { detail: 'Broken' } }],
	])(
		'has the request ID in its error that came with an answer that is %s',
		async (_case, fault) => {
			const headers = { 'x-fal-request-id': '0a1b2c3d' };
			scene.fal.script('a fox', { submit: [{ ...fault, headers } as CallFault] });
			scene.fal.fault('requests', UNREADABLE);
			const options = { options: { timeoutSeconds: 2 } };
			const { error, outputs } = await generateOnce(options, { onError: 'continueRegularOutput' });
			expect(error).toBeUndefined();
			const { request_id: accepted } = scene.fal.requests[0]!;
			const id = fault.kind === 'status' ? '0a1b2c3d' : accepted;
			expect(outputs[0]![0]!.json.request_id).toBe(id);
		},
	);

	test('says that the list could not be read, when it could not', async () => {
		LOST[1]![2]();
		const { error } = await generateOnce({ options: { timeoutSeconds: 15 } });
		expect(error!.description).toContain("fal's list of requests could not be read");
		expect(error!.description).toContain('503');
	});
});

describe('a result that fal no longer has', () => {
	const gone = { kind: 'status', status: 404, json: { detail: 'Request not found' } } as const;
	const failed403 = { kind: 'status', status: 403 } as const;
	const rowOf = (more: object) => ({ items: [{ ...more }], next_cursor: null });

	/** The video is made, its download is refused, and the queue forgets the result by the retry. */
	const forgotten = async (results = 1) => {
		const result = [null, ...Array<CallFault>(results).fill(gone)];
		scene.fal.script('a fox', { download: [failed403], result });
		return await generateOnce();
	};

	const UNREAD: Array<[string, CallFault[]]> = [
		["fal's history is down", Array<CallFault>(5).fill({ kind: 'status', status: 503, json: {} })],
		['its response is cut', Array<CallFault>(5).fill({ kind: 'truncatedJson' })],
		['a row has another shape', [otherRow({ status_code: '200', json_output: 'https://…' })]],
		['it does not list the request', [otherRow({ request_id: 'another' })]],
		['it does not show the end', [otherRow({ status_code: null, ended_at: null })]],
	];

	function otherRow(changes: object): CallFault {
		const row = () => rowOf({ request_id: scene.fal.requests[0]!.request_id, ...changes });
		const fault = { kind: 'status', status: 200, accepted: false } as const;
		return Object.defineProperty({ ...fault }, 'json', { get: row, enumerable: true }) as CallFault;
	}

	test.each(UNREAD)('is not submitted again when %s', async (_case, history) => {
		const first = await forgotten();
		scene.fal.fault('requests', history);
		const second = await retry(first);
		expect(second.error!.message).toContain('Request not found');
		expect(second.error!.description).toContain('submits no other request');
		expect(second.error!.description).toContain(scene.fal.requests[0]!.request_id);
		const third = await retry(second);
		expect(third.error).toBeUndefined();
		expect(third.outputs[0]![0]!.json.request_id).toBe(scene.fal.requests[0]!.request_id);
		expect(calls(scene.fal, 'submit')).toHaveLength(1);
	});

	test('is submitted again once the history shows its end, after the queue was asked again', async () => {
		const first = await forgotten(2);
		const end = otherRow({ status_code: 200, ended_at: '2026-01-01T00:00:00Z' });
		scene.fal.fault('requests', [end, end]);
		const { error } = await retry(first);
		expect(error).toBeUndefined();
		expect(calls(scene.fal, 'submit')).toHaveLength(2);
	});

	test('and is found by its ID however long ago it was accepted', async () => {
		const first = await forgotten();
		const saved = savedData(first);
		const text = JSON.stringify(saved).replace(/"sentAt":\d+/, `"sentAt":${Date.now() + 3600_000}`);
		const { error } = await generateOnce({}, { mode: 'retry', saved: JSON.parse(text) });
		expect(error).toBeUndefined();
		expect(calls(scene.fal, 'submit')).toHaveLength(1);
	});
});

describe('an error of the model', () => {
	const FORMS: Array<[string, ModelResponse]> = [
		['as a list, 500', responses.modelFailure(500, 'downstream_service_error', 'Broken upstream')],
		['as a list, 504', responses.modelFailure(504, 'generation_timeout', 'Took too long')],
		['with error_type, 500', responses.infrastructureError(500, 'internal_error', 'Broken')],
		[
			'with error_type, 504',
			responses.infrastructureError(504, 'generation_timeout', 'Took too long'),
		],
	];

	test.each(FORMS)('%s, is an end at once, and a retry submits again', async (_form, outcome) => {
		scene.fal.script('a fox', { job: { outcome } });
		const startedAt = Date.now();
		const failed = await generateOnce();
		expect(Date.now() - startedAt).toBeLessThan(10_000);
		expect(calls(scene.fal, 'result')).toHaveLength(1);
		expect(failed.error!.message).toContain(String(outcome.status));
		const { error } = await retry(failed);
		expect(error).toBeUndefined();
		expect(calls(scene.fal, 'submit')).toHaveLength(2);
	});

	test.each(FORMS)('%s, is an end also when its status is FAILED', async (_form, outcome) => {
		await scene.fal.close();
		await scene.restart({ variants: { failedStatus: 'FAILED' } });
		scene.fal.script('a fox', { job: { outcome } });
		const failed = await generateOnce({ options: { timeoutSeconds: 8 } });
		expect(failed.error!.message).toContain(`fal answered ${outcome.status}`);
		expect(calls(scene.fal, 'cancel')).toHaveLength(0);
	});
});

describe('a refusal that depends on something outside', () => {
	const outcome = (billableUnits: string) => ({
		...{ status: 422, billableUnits },
		body: {
			detail: [{ loc: ['body', 'loras', 0, 'path'], msg: 'No', type: 'file_download_error' }],
		},
	});

	test('is not remembered: a retry submits again', async () => {
		scene.fal.script('a fox', { job: { outcome: outcome('0') } });
		const failed = await generateOnce();
		expect(failed.error!.message).toContain('file_download_error');
		const { error } = await retry(failed);
		expect(error).toBeUndefined();
		expect(calls(scene.fal, 'submit')).toHaveLength(2);
	});

	test('is remembered when it was billed', async () => {
		scene.fal.script('a fox', { job: { outcome: outcome('12.5') } });
		const failed = await generateOnce();
		const { error } = await retry(failed);
		expect(error!.message).toBe(failed.error!.message);
		expect(calls(scene.fal, 'submit')).toHaveLength(1);
	});

	test('as is one that fal marks as retryable', async () => {
		const retryable = { ...refusal, headers: { 'x-fal-retryable': 'true' } };
		scene.fal.script('a fox', { job: { outcome: retryable } });
		const { error } = await retry(await generateOnce());
		expect(error).toBeUndefined();
		expect(calls(scene.fal, 'submit')).toHaveLength(2);
	});
});

describe('an error that may be about the call alone', () => {
	const LIMIT = responses.modelFailure(429, 'rate_limit', 'Too many calls');

	test.each([401, 403, 429])(
		'%i with a type ends nothing: a retry collects the video',
		async (status) => {
			const json = { detail: [{ loc: ['body'], msg: 'Not now', type: 'not_now' }] };
			const fault: CallFault = { kind: 'status', status, json };
			scene.fal.script('a fox', { result: [fault] });
			scene.fal.fault(
				'requests',
				Array<CallFault>(8).fill({ kind: 'status', status: 503, json: {} }),
			);
			const failed = await generateOnce();
			expect(failed.error!.message).toContain(`fal answered ${status}: Not now (not_now)`);
			const { error, outputs } = await retry(failed);
			expect(error).toBeUndefined();
			expect(outputs[0]![0]!.binary).toBeDefined();
			expect(calls(scene.fal, 'submit')).toHaveLength(1);
		},
	);

	test.each(['not_allowed', 'file_download_error'])(
		'405 of the status call ends nothing, whatever its type is: %s',
		async (type) => {
			const json = { detail: [{ loc: ['path'], msg: 'Not here', type }] };
			const status: CallFault = { kind: 'status', status: 405, json };
			const stream = Array<CallFault>(3).fill({ kind: 'refuse' });
			scene.fal.script('a fox', { stream, status: [status, status], job: { runSeconds: 2 } });
			const failed = await generateOnce();
			expect(failed.error!.message).toContain('Asking for the status failed: fal answered 405');
			expect(failed.error!.description).toContain(scene.fal.requests[0]!.request_id);
			const again = await retry(failed);
			expect(again.error!.message).toContain('Asking for the status failed: fal answered 405');
			const { error, outputs } = await retry(again);
			expect(error).toBeUndefined();
			expect(outputs[0]![0]!.json.request_id).toBe(scene.fal.requests[0]!.request_id);
			expect(calls(scene.fal, 'submit')).toHaveLength(1);
		},
	);

	describe("where fal's history shows a good end and no output", () => {
		const options = { keepPayload: false };
		const TYPED: Array<[string, CallFault]> = [
			['429 with a type', { kind: 'status', status: 429, json: LIMIT.body }],
			[
				"500 with fal's error type",
				{ kind: 'status', status: 500, json: { detail: 'Broken', error_type: 'internal_error' } },
			],
		];

		test.each(TYPED)('%s of the result is no end', async (_what, fault) => {
			const download: CallFault[] = [{ kind: 'status', status: 403 }];
			scene.fal.script('a fox', { download, result: [null, fault] });
			const refused = await retry(await generateOnce({ options }), { options });
			expect(refused.error!.message).toContain('Fetching the result failed');
			expect(refused.error!.description).toContain(scene.fal.requests[0]!.request_id);
			const { error, outputs } = await retry(refused, { options });
			expect(error).toBeUndefined();
			expect(outputs[0]![0]!.json.request_id).toBe(scene.fal.requests[0]!.request_id);
			expect(calls(scene.fal, 'submit')).toHaveLength(1);
		});

		test.each(['stream', 'webhook'])(
			'a status that is not found is none either: Wait Mode %s',
			async (waitMode) => {
				const status: CallFault[] = [{ kind: 'status', status: 404, json: responses.NOT_FOUND }];
				const stream: CallFault[] = [{ kind: 'slow', milliseconds: 0 }, { kind: 'refuse' }];
				const download: CallFault[] = [{ kind: 'status', status: 403 }];
				scene.fal.script('a fox', { download, stream, status });
				const saved = JSON.stringify(savedData(await generateOnce({ options })));
				const { error, outputs } = await generateOnce(
					{ options: { ...options, waitMode } },
					// A request that was just submitted may not be known everywhere.
					{ mode: 'retry', saved: JSON.parse(saved.replace(/"sentAt":\d+/, '"sentAt":1')) },
				);
				expect(error).toBeUndefined();
				expect(outputs[0]![0]!.json.request_id).toBe(scene.fal.requests[0]!.request_id);
				expect(calls(scene.fal, 'submit')).toHaveLength(1);
			},
		);
	});

	test("503 in the platform's form ends nothing, however often it comes", async () => {
		const json = { error: { type: 'server_error', message: 'Overloaded' } };
		const fault: CallFault = { kind: 'status', status: 503, json };
		scene.fal.script('a fox', { result: [fault, fault] });
		const { error, outputs } = await generateTwice();
		expect(error).toBeUndefined();
		expect(outputs[0]![0]!.binary).toBeDefined();
		expect(calls(scene.fal, 'submit')).toHaveLength(1);
	});

	test("503 with fal's error type ends nothing where fal's history has the video", async () => {
		const json = { detail: 'Overloaded', error_type: 'internal_error' };
		const fault: CallFault = { kind: 'status', status: 503, json };
		scene.fal.script('a fox', { result: [fault, fault] });
		const { error, outputs } = await generateTwice();
		expect(error).toBeUndefined();
		expect(outputs[0]![0]!.json.request_id).toBe(scene.fal.requests[0]!.request_id);
		expect(calls(scene.fal, 'submit')).toHaveLength(1);
	});

	test.each(['stream', 'webhook'])(
		"once with fal's error type ends nothing where the history does not list it: Wait Mode %s",
		async (waitMode) => {
			const json = { detail: 'Broken', error_type: 'internal_error' };
			const fault: CallFault = { kind: 'status', status: 500, json };
			const download: CallFault[] = [{ kind: 'status', status: 403 }];
			scene.fal.script('a fox', { download, result: [null, fault] });
			const failed = await generateOnce();
			const nothing = { items: [], next_cursor: null };
			scene.fal.fault('requests', [{ kind: 'status', status: 200, json: nothing }]);
			const { error, outputs } = await retry(failed, { options: { waitMode } });
			expect(error).toBeUndefined();
			expect(outputs[0]![0]!.json.request_id).toBe(scene.fal.requests[0]!.request_id);
			expect(calls(scene.fal, 'submit')).toHaveLength(1);
		},
	);

	test("the video is taken from fal's history at once where that has it", async () => {
		scene.fal.script('a fox', { result: [{ kind: 'status', status: 429, json: LIMIT.body }] });
		const { error, outputs } = await generateOnce();
		expect(error).toBeUndefined();
		expect(outputs[0]![0]!.binary).toBeDefined();
	});

	test("a retry submits again once fal's history shows that the request failed", async () => {
		scene.fal.script('a fox', { job: { outcome: LIMIT } });
		const failed = await generateOnce();
		expect(failed.error!.message).toContain('Too many calls');
		const { error } = await retry(failed);
		expect(error).toBeUndefined();
		expect(calls(scene.fal, 'submit')).toHaveLength(2);
	});
});

describe('a limit that was lowered before the retry', () => {
	const NOTHING = { maxCostPerItem: 0, maxCostPerRun: 0 };

	test.each(['stream', 'none'])(
		'does not keep Wait Mode %s from what was submitted already',
		async (waitMode) => {
			scene.fal.script('a fox', { download: [{ kind: 'status', status: 403 }] });
			const failed = await generateOnce();
			expect(failed.error).toBeDefined();
			const { error, outputs } = await retry(failed, {
				options: { ...NOTHING, waitMode },
			});
			expect(error).toBeUndefined();
			expect(outputs[0]![0]!.json.request_id).toBe(scene.fal.requests[0]!.request_id);
			expect(calls(scene.fal, 'submit')).toHaveLength(1);
		},
	);

	test.each(['maxCostPerItem', 'maxCostPerRun'])(
		'%s holds for a new submit in place of a request that failed',
		async (limit) => {
			const outcome = responses.modelFailure(500, 'downstream_service_error', 'Broken upstream');
			scene.fal.script('a fox', {
				download: [{ kind: 'status', status: 403 }],
				job: { runSeconds: 3, outcome },
			});
			const left = await generateOnce({ options: { onStop: 'leave', timeoutSeconds: 1 } });
			await until(() => scene.fal.requests[0]!.state === 'COMPLETED');
			const { error } = await retry(left, { options: { [limit]: 0 } });
			expect(error!.message).toContain(scene.fal.requests[0]!.request_id);
			expect(error!.message).toContain('ended without a result, and no other was submitted');
			expect(error!.message).toContain(`(${limit}) is $0`);
			expect(calls(scene.fal, 'submit')).toHaveLength(1);
		},
	);

	test('holds for the other items, and the error names what was submitted', async () => {
		const busy: CallFault = { kind: 'status', status: 400, json: { detail: 'Not now' } };
		scene.fal.script('two', { submit: [busy] });
		const failed = await generateOnce({}, { items });
		expect(scene.fal.requests).toHaveLength(2);
		const limited = await generateOnce(
			{ options: { maxCostPerRun: 0.0001 } },
			{ mode: 'retry', executionId: '2', saved: savedData(failed), items },
		);
		expect(limited.error!.message).toContain('The video would cost about');
		expect(limited.error!.message).toContain('after 2 of about');
		for (const { request_id } of scene.fal.requests) {
			expect(limited.error!.description).toContain(request_id);
		}
		expect(calls(scene.fal, 'submit')).toHaveLength(3);
	});
});

test('Max Cost per Run counts what an item has submitted that a retry can not read', async () => {
	scene.fal.script('one', { download: [{ kind: 'status', status: 403 }] });
	const busy: CallFault = { kind: 'status', status: 400, json: { detail: 'Not now' } };
	scene.fal.script('two', { submit: [busy] });
	const failed = await generateOnce({}, { items: items.slice(0, 2) });
	expect(scene.fal.requests).toHaveLength(1);
	const limited = await generateOnce(
		{ width: '={{ $json.prompt === "one" ? -1 : 64 }}', options: { maxCostPerRun: 0.00012 } },
		{
			...{ mode: 'retry', executionId: '2', saved: savedData(failed), items: items.slice(0, 2) },
			onError: 'continueRegularOutput',
		},
	);
	expect(JSON.stringify([limited.error?.message, limited.outputs])).toContain(
		'after 1 of about $0.0001',
	);
	expect(scene.fal.requests).toHaveLength(1);
});

test.each<[string, CallFault[], CallFault[]]>([
	['is being made', [], [{ kind: 'status', status: 403 }]],
	['may have been accepted', [{ kind: 'resetBefore' }], []],
])(
	'Max Cost per Run counts what %s in place of which another input is submitted',
	async (_what, submit, download) => {
		scene.fal.script('a fox', { submit, download });
		const failed = await generateOnce({ options: { timeoutSeconds: 2 } });
		expect(failed.error).toBeDefined();
		const owl = { prompt: 'an owl', options: { maxCostPerRun: 0.00012 } };
		const limited = await retry(failed, owl);
		expect(limited.error!.message).toContain('after 1 of about $0.0001');
		const busy: CallFault = { kind: 'status', status: 400, json: { detail: 'Not now' } };
		scene.fal.script('an owl', { submit: [busy] });
		const twice = { prompt: 'an owl', options: { maxCostPerRun: 0.0002 } };
		const refused = await retry(limited, twice);
		expect(refused.error!.message).toContain('Not now');
		const replaced = await retry(refused, twice);
		expect(replaced.error).toBeUndefined();
		const cat = await retry(replaced, { ...twice, prompt: 'a cat' });
		expect(cat.error!.message).toContain('after 2 of about $0.0002');
	},
);

describe('Max Cost per Run counts what was cancelled, as it may be billed', () => {
	/** One video of these tests is $0.0001. */
	const options = { timeoutSeconds: 2, maxCostPerRun: 0.00012 };
	const LIMIT = '(maxCostPerRun) is';

	test.each<[string, CallFault[]]>([
		['fal answered so', []],
		['the answer to the cancel was lost', [{ kind: 'resetAfter' }]],
	])('before a new submit of the item: %s', async (_case, cancel) => {
		scene.fal.script('a fox', { cancel, job: { runSeconds: 60 } });
		const cancelled = await generateOnce({ options });
		const [{ request_id: requestId } = { request_id: '' }] = scene.fal.requests;
		const limited = await retry(cancelled, { options });
		expect(limited.error!.message).toContain(LIMIT);
		expect(limited.error!.message).toContain(requestId);
		const again = await retry(limited, { options });
		expect(again.error!.message).toContain('after 1 of about $0.0001');
		expect(calls(scene.fal, 'submit')).toHaveLength(1);
		const { error } = await retry(again, { options: { maxCostPerRun: 0.0002 } });
		expect(error).toBeUndefined();
		expect(calls(scene.fal, 'submit')).toHaveLength(2);
	});

	test('but nothing that fal itself failed', async () => {
		const outcome = responses.infrastructureError(500, 'internal_error', 'Broken');
		scene.fal.script('a fox', { job: { outcome } });
		const { error } = await retry(await generateOnce({ options }), { options });
		expect(error).toBeUndefined();
		expect(calls(scene.fal, 'submit')).toHaveLength(2);
	});

	test('and what fal failed and billed', async () => {
		const error = responses.infrastructureError(504, 'generation_timeout', 'Took too long');
		scene.fal.script('a fox', { job: { outcome: { ...error, billableUnits: '12.5' } } });
		const limited = await retry(await generateOnce({ options }), { options });
		expect(limited.error!.message).toContain(LIMIT);
		expect(calls(scene.fal, 'submit')).toHaveLength(1);
	});

	test('and a video that was made and that fal no longer has', async () => {
		const gone: CallFault = { kind: 'status', status: 404, json: { detail: 'Request not found' } };
		const download: CallFault[] = [{ kind: 'status', status: 403 }];
		scene.fal.script('a fox', { download, result: [null, gone, gone] });
		const notKept = { ...options, keepPayload: false };
		const limited = await retry(await generateOnce({ options: notKept }), { options: notKept });
		expect(limited.error!.message).toContain(LIMIT);
		expect(calls(scene.fal, 'submit')).toHaveLength(1);
	});

	test('whichever calls of a tool follow', async () => {
		scene.fal.script('a fox', { job: { runSeconds: 60 } });
		scene.fal.script('a fox', { job: { runSeconds: 60 } });
		const saved = savedData(await generateOnce({ options }, { isTool: true }));
		const call = async (changes: object) =>
			JSON.stringify(
				(await generateOnce({ options, ...changes }, { isTool: true, saved })).outputs,
			);
		expect(await call({})).toContain(LIMIT);
		expect(await call({})).toContain(LIMIT);
		expect(await call({ prompt: 'an owl' })).toContain('after 1 of about $0.0001');
		expect(calls(scene.fal, 'submit')).toHaveLength(1);
		const twice = { options: { ...options, maxCostPerRun: 0.0002 } };
		expect(await call(twice)).toContain('was cancelled on fal');
		expect(await call(twice)).toContain('after 2 of about $0.0002');
		expect(calls(scene.fal, 'submit')).toHaveLength(2);
	});
});

describe('calls of a tool at the same time', () => {
	test('of which one collects what a failed call submitted: the other is held against the limit', async () => {
		scene.fal.script('a fox', { job: { runSeconds: 3 } });
		const left = await generateOnce(
			{ options: { onStop: 'leave', timeoutSeconds: 1 } },
			{ isTool: true },
		);
		expect(JSON.stringify(left.outputs)).toContain('left running');
		const saved = savedData(left);
		const options = { maxCostPerRun: 0.00006 };
		const call = async () => await generateOnce({ options }, { isTool: true, saved });
		const answered = await Promise.all([call(), call()]);
		const texts = answered.map(({ outputs, error }) => JSON.stringify([outputs, error]));
		expect(texts.filter((text) => text.includes(scene.fal.requests[0]!.request_id))).toHaveLength(
			1,
		);
		expect(texts.filter((text) => text.includes('(maxCostPerRun) is'))).toHaveLength(1);
		expect(calls(scene.fal, 'submit')).toHaveLength(1);
	});
});

describe('Wait Mode Webhook', () => {
	test('Stop cancels nothing of the earlier execution whose input was another', async () => {
		scene.fal.script('one', { job: { runSeconds: 60 } });
		scene.fal.script('before', { job: { runSeconds: 60 } });
		const left = await generateOnce(
			{ options: { onStop: 'leave', timeoutSeconds: 1 } },
			{ items: [{ prompt: 'one' }, { prompt: 'before' }] },
		);
		const busy: CallFault = { kind: 'status', status: 429, json: { detail: 'Busy' } };
		scene.fal.script('after', { submit: Array<CallFault>(40).fill(busy) });
		const stop = new AbortController();
		const running = generateOnce(
			{ options: { waitMode: 'webhook' } },
			{
				...{ mode: 'retry', executionId: '2', saved: savedData(left), stop: stop.signal },
				items: [{ prompt: 'one' }, { prompt: 'after' }],
			},
		);
		await until(() => calls(scene.fal, 'submit').length > 2);
		stop.abort();
		await running;
		const requestOf = (prompt: string) =>
			scene.fal.requests.find(({ input }) => input.prompt === prompt)!;
		expect(requestOf('one').cancelledAt).toBeDefined();
		expect(requestOf('before').cancelledAt).toBeUndefined();
	});

	const options = { waitMode: 'webhook', timeoutSeconds: 2 };

	test('a status that hangs until the timeout gives an error with the request ID', async () => {
		const hangs = Array<CallFault>(20).fill({ kind: 'hang' });
		scene.fal.script('a fox', { job: { runSeconds: 60 }, status: [null, ...hangs] });
		const first = await generateOnce({ options });
		expect(first.error).toBeUndefined();
		const { error } = await retry(first, { options });
		expect(error!.message).toContain(`(request ${scene.fal.requests[0]!.request_id})`);
		expect(calls(scene.fal, 'stream')).toHaveLength(0);
		expect(calls(scene.fal, 'submit')).toHaveLength(1);
	});

	test('Stop before the execution waits cancels what was submitted', async () => {
		const busy: CallFault = { kind: 'status', status: 429, json: { detail: 'Busy' } };
		scene.fal.script('one', { job: { runSeconds: 60 } });
		scene.fal.script('two', { submit: Array<CallFault>(40).fill(busy) });
		const stop = new AbortController();
		const running = generateOnce(
			{ options: { waitMode: 'webhook' } },
			{ items: items.slice(0, 2), stop: stop.signal },
		);
		await until(() => calls(scene.fal, 'submit').length > 1 && scene.fal.requests.length > 0);
		stop.abort();
		await running;
		await until(() => scene.fal.requests[0]!.cancelledAt !== undefined);
		expect(calls(scene.fal, 'submit').length).toBeLessThan(10);
	});

	test.each([undefined, 'continueRegularOutput'] as const)(
		'Stop while an earlier try is asked for cancels what that submitted: On Error %s',
		async (onError) => {
			const hangs = Array<CallFault>(20).fill({ kind: 'hang' });
			scene.fal.script('one', { job: { runSeconds: 60 }, status: [null, ...hangs] });
			scene.fal.script('two', { job: { runSeconds: 60 } });
			const run = { items: items.slice(0, 2), onError };
			const waiting = { waitMode: 'webhook', maxConcurrency: 1 };
			const first = await generateOnce({ options: waiting }, run);
			expect(first.error).toBeUndefined();
			const asked = calls(scene.fal, 'status').length;
			const stop = new AbortController();
			const running = generateOnce(
				{ options: waiting },
				{ ...run, mode: 'retry', executionId: '2', saved: savedData(first), stop: stop.signal },
			);
			await until(() => calls(scene.fal, 'status').length > asked);
			stop.abort();
			await running;
			await until(() => scene.fal.requests.every(({ cancelledAt }) => cancelledAt !== undefined));
			expect(calls(scene.fal, 'submit')).toHaveLength(2);
		},
	);

	test('a webhook resumes a retry that has fewer items than the execution before', async () => {
		const waitMode = { waitMode: 'webhook' };
		scene.fal.script('a fox', { job: { runSeconds: 60 } });
		const first = await generateOnce({ options: waitMode }, { items });
		const retried = await generateOnce(
			{ options: waitMode, prompt: 'a fox' },
			{ mode: 'retry', executionId: '2', saved: savedData(first) },
		);
		expect(retried.run.waitTill).toBeDefined();
		const { request_id: requestId } = scene.fal.requests.at(-1)!;
		const { started } = await engine.webhook({
			...{ nodeId: 'subject', credential: scene.credential, waiting: retried.run.data },
			...scene.fal.webhookOf(requestId),
		});
		expect(started).toHaveLength(1);
	});

	test('the next try of a resumed execution waits for no webhook that has come', async () => {
		const broken = Array<CallFault>(4).fill({ kind: 'status', status: 503, json: {} });
		const download: CallFault[] = [{ kind: 'status', status: 403 }];
		scene.fal.script('a fox', { job: { runSeconds: 1 }, status: [null, ...broken], download });
		const waitMode = { waitMode: 'webhook' };
		const first = await generateOnce({ options: waitMode });
		expect(first.run.waitTill).toBeDefined();
		await until(() => scene.fal.requests[0]!.state === 'COMPLETED');
		await engine.webhook({
			...{ nodeId: 'subject', credential: scene.credential, waiting: first.run.data },
			...scene.fal.webhookOf(scene.fal.requests[0]!.request_id),
		});
		const resumed = await generateTwice({ options: waitMode }, { saved: savedData(first) });
		expect(resumed.run.waitTill).toBeUndefined();
		expect(resumed.outputs[0]![0]!.binary).toBeDefined();
		expect(calls(scene.fal, 'submit')).toHaveLength(1);
	});

	test('a retry submits again in place of a request with the status FAILED', async () => {
		await scene.restart({ variants: { failedStatus: 'FAILED' } });
		const outcome = responses.infrastructureError(500, 'internal_error', 'Broken');
		scene.fal.script('a fox', { job: { outcome } });
		const failed = await generateOnce();
		expect(failed.error!.message).toContain('fal answered 500: Broken');
		const { error } = await retry(failed, { options });
		expect(error).toBeUndefined();
		expect(calls(scene.fal, 'submit')).toHaveLength(2);
	});

	const FAILURES: CallFault[] = [
		{ kind: 'status', status: 500, json: { detail: 'Broken', error_type: 'internal_error' } },
		{ kind: 'status', status: 422, json: { detail: [{ msg: 'Broken', type: 'internal' }] } },
	];

	test.each(FAILURES)('a status call that fails with $status ends no request', async (fault) => {
		scene.fal.script('a fox', { job: { runSeconds: 60 }, status: [fault] });
		const left = await generateOnce({ options: { onStop: 'leave', timeoutSeconds: 1 } });
		const { error } = await retry(left, { options: { ...options, onStop: 'leave' } });
		expect(error!.message).toContain('was left running');
		expect(calls(scene.fal, 'submit')).toHaveLength(1);
	});

	test('an execution is not put to wait for a request with the status FAILED', async () => {
		await scene.restart({
			...{ variants: { failedStatus: 'FAILED' }, queueSeconds: 0, runSeconds: 0 },
		});
		const outcome = responses.infrastructureError(500, 'internal_error', 'Broken');
		scene.fal.script('a fox', {
			...{ job: { outcome }, status: [{ kind: 'slow', milliseconds: 1_000 }] },
		});
		const { error } = await generateOnce({ options: { waitMode: 'webhook' } });
		expect(error!.message).toContain('fal answered 500: Broken');
		expect(calls(scene.fal, 'submit')).toHaveLength(1);
	});
});

describe('an expression that gives another input at the next try', () => {
	const BILLED = '12.5';
	const flagged: ModelResponse = {
		status: 422,
		body: {
			detail: [{ loc: ['body', 'prompt'], msg: 'Flagged', type: 'content_policy_violation' }],
		},
		billableUnits: BILLED,
	};
	const generation = { generation: { seed: RANDOM_SEED } };

	test('a billed refusal counts against Max Cost per Run', async () => {
		scene.fal.script('a fox', { job: { outcome: flagged } });
		const { error } = await generateTwice({ ...generation, options: { maxCostPerRun: 0.00012 } });
		expect(error!.message).toContain('Max Cost per Run (maxCostPerRun) is');
		expect(calls(scene.fal, 'submit')).toHaveLength(1);
	});

	test('billed ends count, although their requests were replaced', async () => {
		const end = responses.infrastructureError(504, 'generation_timeout', 'Took too long');
		for (let i = 0; i < 3; i++) {
			scene.fal.script('a fox', { job: { outcome: { ...end, billableUnits: BILLED } } });
		}
		const changes = { ...generation, options: { maxCostPerRun: 0.0002 } };
		const twice = await generateTwice(changes);
		expect(calls(scene.fal, 'submit')).toHaveLength(2);
		const { error } = await retry(twice, changes);
		expect(error!.message).toContain('Max Cost per Run (maxCostPerRun) is');
		expect(calls(scene.fal, 'submit')).toHaveLength(2);
	});

	test('a lost submit that a retry has found stays its own', async () => {
		await scene.restart({ variants: { listsUnfinished: false } });
		scene.fal.script('a fox', {
			...{ submit: [{ kind: 'resetAfter' }], job: { runSeconds: 4 } },
			download: [{ kind: 'status', status: 403 }],
		});
		const lost = await generateOnce({
			...{ generation: { seed: '1' }, options: { timeoutSeconds: 2 } },
		});
		expect(lost.error).toBeDefined();
		await until(() => scene.fal.requests[0]!.state === 'COMPLETED');
		// n8n's next try begins a second after the first one has failed.
		const seed = `={{ Date.now() < ${Date.now() + 700} ? 1 : 2 }}`;
		const { error, outputs } = await generateOnce(
			{ generation: { seed } },
			{ mode: 'retry', executionId: '2', saved: savedData(lost), retryOnFail: true },
		);
		expect(error).toBeUndefined();
		expect(outputs[0]![0]!.json.request_id).toBe(scene.fal.requests[0]!.request_id);
		expect(calls(scene.fal, 'submit')).toHaveLength(1);
	});

	test('what a retry has taken stays its own', async () => {
		scene.fal.script('a fox', {
			...{ job: { runSeconds: 4 }, download: [{ kind: 'status', status: 403 }] },
		});
		const left = await generateOnce({
			...{ generation: { seed: '1' }, options: { onStop: 'leave', timeoutSeconds: 1 } },
		});
		const seed = `={{ Date.now() < ${Date.now() + 1_000} ? 1 : 2 }}`;
		const { error, outputs } = await generateOnce(
			{ generation: { seed } },
			{ mode: 'retry', executionId: '2', saved: savedData(left), retryOnFail: true },
		);
		expect(error).toBeUndefined();
		expect(outputs[0]![0]!.json.request_id).toBe(scene.fal.requests[0]!.request_id);
		expect(calls(scene.fal, 'submit')).toHaveLength(1);
	});
});
