import type { CallFault } from '../../emulator/index.mts';
import { type Outcome, useEngine } from './engine.mts';
import { generateIn, useScene } from './scene.mts';

/* A gateway in fal's place may repeat the key in any response: it is shown nowhere. */

const engine = useEngine();
const scene = useScene();
let key: string;
let secret: string;

beforeEach(() => {
	key = scene.fal.apiKey;
	secret = key.split(':')[1]!;
});

const run = generateIn(engine, scene);

/** All that n8n keeps of a run, the data that a retry starts with included. */
function expectNoKey({ outputs, error, hints, run: { data } }: Outcome): void {
	const kept = JSON.stringify([outputs, error, hints, data.resultData, data.executionData]);
	expect(kept).toContain('…');
	for (const part of [key, secret]) expect(kept).not.toContain(part);
}

test('in a result', async () => {
	const video = { file_name: `${secret}.mp4`, content_type: `video/${key}` };
	scene.fal.script('a fox', { output: { video, billableUnits: key } });
	const outcome = await run();
	expect(outcome.error).toBeUndefined();
	expect(outcome.outputs[0]![0]!.json.video).toMatchObject({ file_name: '….mp4' });
	expectNoKey(outcome);
});

const logged = () => ({
	status: 'COMPLETED',
	logs: [{ message: `Authorization: Key ${key}`, timestamp: '1' }],
});

test.each<[string, () => { stream: CallFault[]; status?: CallFault[] }]>([
	[
		'that is streamed',
		() => ({
			stream: [
				{
					...{ kind: 'status', status: 200, html: `data: ${JSON.stringify(logged())}\n\n` },
					headers: { 'content-type': 'text/event-stream' },
				} as CallFault,
			],
		}),
	],
	[
		'that is polled',
		() => ({
			stream: Array<CallFault>(9).fill({ kind: 'refuse' }),
			status: [{ kind: 'status', status: 200, json: logged() }],
		}),
	],
])('in a log %s', async (_how, faults) => {
	scene.fal.script('a fox', faults());
	const outcome = await run({ options: { includeLogs: true } });
	expect(outcome.error).toBeUndefined();
	expect(outcome.outputs[0]![0]!.json.logs).toMatchObject([{ message: 'Authorization: Key …' }]);
	expectNoKey(outcome);
});

test('in an error of the model and its headers', async () => {
	const json = { detail: [{ msg: `Not for Key ${key}`, type: secret, ctx: { secret } }] };
	const headers = { 'x-fal-error-type': key, 'x-fal-billable-units': secret };
	scene.fal.script('a fox', { result: [{ kind: 'status', status: 422, json, headers }] });
	const outcome = await run({}, { onError: 'continueErrorOutput' });
	expect(outcome.outputs[1]![0]!.json.error).toContain('Not for Key …');
	expectNoKey(outcome);
});

test('in a refusal of the submit', async () => {
	const json = { detail: [{ msg: `Not for Key ${key}`, type: secret }], error_type: key };
	scene.fal.script('a fox', { submit: [{ kind: 'status', status: 400, json }] });
	const outcome = await run({}, { onError: 'continueErrorOutput' });
	expect(outcome.outputs[1]![0]!.json.error).toContain('Not for Key …');
	expectNoKey(outcome);
});

test('in a status that is asked for', async () => {
	const status: CallFault = { kind: 'status', status: 200, json: logged() };
	scene.fal.script('a fox', { status: [status] });
	await run({ options: { waitMode: 'none' } });
	const [request] = scene.fal.requests;
	const outcome = await engine.run({
		parameters: { resource: 'request', operation: 'getStatus', requestId: request!.request_id },
		credential: scene.credential,
	});
	expect(outcome.error).toBeUndefined();
	expectNoKey(outcome);
});

test('in the list of requests', async () => {
	await run();
	const [request] = scene.fal.requests;
	const item = { request_id: request!.request_id, status_code: 200, json_input: { note: key } };
	const json = { items: [{ ...item, name: secret }], next_cursor: null };
	scene.fal.fault('requests', [{ kind: 'status', status: 200, json }]);
	const outcome = await engine.run({
		parameters: {
			...{ resource: 'request', operation: 'getMany' },
			endpoints: [request!.endpointId],
		},
		credential: scene.credential,
	});
	expect(outcome.outputs[0]![0]!.json).toMatchObject({ name: '…' });
	expectNoKey(outcome);
});
