import type { EmulatorOptions } from '../../emulator/index.mts';
import type { Engine } from './engine.mts';
import { startEngine } from './engine.mts';
import type { Scene } from './scene.mts';
import { calls, servedBytes, startScene, videoParameters } from './scene.mts';

/* A submit whose answer was lost may have been taken: the request is looked for in fal's list. */

let engine: Engine;
let scene: Scene | undefined;

beforeAll(async () => {
	engine = await startEngine('filesystem');
});

afterEach(async () => {
	await scene?.fal.close();
});

async function begin(options?: EmulatorOptions): Promise<Scene> {
	scene = await startScene(options);
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
] as const)('a submit whose answer was %s is found and goes on', async (_case, fault) => {
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
	const now = await begin({ readings: { listedAfterMs: 1_500 } });
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
	['the list has no payloads', { readings: { listHasPayloads: false } }, { kind: 'resetAfter' }],
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

test("identical inputs side by side never adopt each other's", async () => {
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

test('a request with another input is not adopted', async () => {
	const now = await begin();
	now.fal.script('one', { submit: [{ kind: 'resetBefore' }] });
	const { outputs } = await run(
		now,
		{ options: { timeoutSeconds: 2 } },
		{ items: [{ prompt: 'one' }, { prompt: 'two' }], onError: 'continueRegularOutput' },
	);
	expect(outputs[0]!.map(({ json }) => json.prompt ?? 'lost')).toEqual(['lost', 'two']);
});
