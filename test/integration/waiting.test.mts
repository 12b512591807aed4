import type { CallFault, EmulatorOptions } from '../../emulator/index.mts';
import { useEngine } from './engine.mts';
import { calls, generateIn, useScene } from './scene.mts';

/* While a request is waited for: what shows its end, and what an error says when nothing does. */

const engine = useEngine();
const scene = useScene();

const begin = async (options?: EmulatorOptions) => await scene.restart(options);

const generate = generateIn(engine, scene);

const often = (fault: CallFault) => Array<CallFault>(60).fill(fault);
const refused = (status: number, detail: string) =>
	({ kind: 'status', status, json: { detail } }) as const;
const LOCKED = refused(403, 'User is locked. Reason: Exhausted balance.');
const BUSY: CallFault = {
	...refused(429, 'limited to 0 requests'),
	headers: { 'retry-after': '0' },
};

describe('a status stream that is open and silent', () => {
	test('is polled as well after three seconds, not after its 45', async () => {
		await begin({ runSeconds: 4 });
		scene.fal.script('a fox', { stream: [{ kind: 'silentStream', afterEvents: 0 }] });
		const startedAt = Date.now();
		const { error } = await generate();
		expect(error).toBeUndefined();
		expect(Date.now() - startedAt).toBeLessThan(15_000);
		expect(calls(scene.fal, 'status').length).toBeGreaterThan(0);
	});

	test('still counts when it shows the end first', async () => {
		await begin({ runSeconds: 4 });
		const slow: CallFault = { kind: 'slow', milliseconds: 3_500 };
		scene.fal.script('a fox', { stream: [slow], status: often({ kind: 'hang' }) });
		const { error } = await generate();
		expect(error).toBeUndefined();
	});

	test('is not polled as well once it has shown the state', async () => {
		await begin({ runSeconds: 4 });
		const { error } = await generate();
		expect(error).toBeUndefined();
		expect(calls(scene.fal, 'status')).toHaveLength(0);
	});
});

describe('a status that is not documented', () => {
	test.each([[], [{ kind: 'refuse' as const }]])(
		'is settled by the result, whether streamed or polled %#',
		async (...stream) => {
			await begin({ variants: { failedStatus: 'FAILED' } });
			const outcome = { status: 422, body: { detail: 'Flagged' }, billableUnits: '0' };
			scene.fal.script('a fox', { stream, job: { outcome } });
			const startedAt = Date.now();
			const { error } = await generate();
			expect(error!.message).toContain('fal answered 422: Flagged');
			expect(Date.now() - startedAt).toBeLessThan(10_000);
		},
	);

	test('means nothing where the request has not ended', async () => {
		await begin({ runSeconds: 2 });
		const warming: CallFault = { kind: 'status', status: 200, json: { status: 'WARMING_UP' } };
		scene.fal.script('a fox', {
			stream: [{ kind: 'refuse' }, { kind: 'refuse' }],
			status: [warming],
		});
		const { error } = await generate();
		expect(error).toBeUndefined();
	});
});

describe('a timeout says what fal responded all along', () => {
	const options = { timeoutSeconds: 3 };

	test('to the submit', async () => {
		await begin();
		scene.fal.script('a fox', { submit: often(BUSY) });
		const { error } = await generate({ options });
		expect(error!.message).toContain('There was no video within 3 s before fal accepted this item');
		expect(error!.description).toContain('fal answered 429: limited to 0 requests');
		expect(error!.description).toContain('fal accepted nothing for it, so nothing is billed');
	});

	test('to the status', async () => {
		await begin({ runSeconds: 60 });
		scene.fal.script('a fox', { stream: [{ kind: 'refuse' }], status: often(LOCKED) });
		const { error } = await generate({ options });
		expect(error!.message).toContain('was cancelled on fal');
		expect(error!.description).toContain('User is locked. Reason: Exhausted balance.');
	});

	test('to the result, without a word of what is paid for', async () => {
		await begin({ runSeconds: 0 });
		scene.fal.script('a fox', { result: often(refused(500, 'Internal')) });
		const { error } = await generate({ options });
		expect(error!.description).toContain('fal answered 500: Internal');
		expect(error!.description).not.toContain('It is paid for');
	});
});

describe('request: getResult with its defaults', () => {
	const getResult = async (changes = {}) =>
		await engine.run({
			parameters: {
				...{ resource: 'request', operation: 'getResult' },
				requestId: scene.fal.requests[0]!.request_id,
				...changes,
			},
			credential: scene.credential,
		});

	const submit = async (script: Parameters<typeof scene.fal.script>[1]) => {
		scene.fal.script('a fox', script);
		await generate({ options: { downloadVideo: false } });
	};

	test("reads fal's history when the queue has forgotten the request", async () => {
		await begin();
		const unknown: CallFault = { kind: 'status', status: 404, json: { status: 'NOT_FOUND' } };
		// The stream of the first run takes no status.
		await submit({ status: often(unknown), stream: [null, ...often(unknown)] });
		const { outputs, error } = await getResult();
		expect(error).toBeUndefined();
		expect(outputs[0]![0]!.binary).toBeDefined();
	});

	test.each([
		['one 502 on the status', { status: [{ kind: 'status', status: 502, html: '<h1>' } as const] }],
		['one reset', { status: [{ kind: 'resetBefore' } as const] }],
	])('stands %s', async (_case, script) => {
		await begin();
		await submit(script);
		const { error } = await getResult();
		expect(error).toBeUndefined();
	});

	test('Get Status and Cancel stand it, too', async () => {
		await begin({ runSeconds: 60 });
		const broken: CallFault = { kind: 'status', status: 502, html: '<h1>' };
		scene.fal.script('a fox', { status: [broken], cancel: [broken] });
		await generate({ options: { waitMode: 'none' } });
		for (const operation of ['getStatus', 'cancel']) {
			const { error } = await getResult({ operation });
			expect(error).toBeUndefined();
		}
	});
});

describe("fal's details of any shape", () => {
	const SHAPES: Array<[unknown, string]> = [
		[{ message: 'nope', code: 7 }, '{"message":"nope","code":7}'],
		[['first', 'second'], 'first; second'],
		[[null], 'null'],
		[[{ loc: 'body', msg: 'wrong', type: 'value_error' }], 'wrong (value_error)'],
		[[{ loc: [null, 'prompt'], msg: { a: 1 } }], 'prompt: not accepted'],
		[{ loc: ['body', 'prompt'], msg: 'bad', type: 'missing' }, 'prompt: bad (missing)'],
		[[[['deep']]], '[["deep"]]'],
		[42, '42'],
	];

	test.each(SHAPES)('%j is shown when the submit is refused', async (detail, words) => {
		await begin();
		const json = { detail } as { detail: string };
		scene.fal.script('a fox', { submit: [{ kind: 'status', status: 400, json }] });
		const { error } = await generate();
		expect(error!.message).toBe(
			`Submitting the request failed: fal answered 400: ${words} [item 0]`,
		);
	});

	test.each(SHAPES)('%j hides nothing when the submit may have been accepted', async (detail) => {
		await begin();
		const json = { detail } as { detail: string };
		scene.fal.script('a fox', { submit: [{ kind: 'status', status: 500, json }] });
		const { error } = await generate({ options: { timeoutSeconds: 1 } });
		expect(error!.message).toContain('fal may have accepted the request');
		expect(error!.message).not.toMatch(/TypeError|\[object/);
	});

	test.each(SHAPES)('%j as the model gives it', async (detail, words) => {
		await begin();
		const outcome = { status: 422, body: { detail } as { detail: string }, billableUnits: '0' };
		scene.fal.script('a fox', { job: { outcome } });
		const { error } = await generate();
		expect(error!.message).toContain(`fal answered 422: ${words}`);
	});
});
