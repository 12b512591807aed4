import { useEngine } from './engine.mts';
import { calls, until, useScene, videoParameters } from './scene.mts';

/* What holds for thousands of items, with as many as a test has time for. */

jest.setTimeout(120_000);

const MANY = 150;
const prompts = Array.from({ length: MANY }, (_, i) => `take ${i} of ${MANY}`);
const items = prompts.map((prompt) => ({ prompt }));

const engine = useEngine();
// Encoding so many videos is another matter.
const scene = useScene({ preparedBytes: 5000, concurrency: MANY, runSeconds: 0 });
let warnings: Error[];
const warn = (warning: Error) => warnings.push(warning);

beforeEach(() => {
	warnings = [];
	process.on('warning', warn);
});

afterEach(() => {
	process.off('warning', warn);
});

const generate = async (options: object, changes = {}, more = {}) =>
	await engine.run({
		parameters: videoParameters({ ...changes, options: { ...options } }),
		credential: scene.credential,
		items,
		...more,
	});

const promptsMade = () =>
	scene.fal.requests.filter(({ state }) => state === 'COMPLETED').map(({ input }) => input.prompt);

test('all at once: each is followed by a stream of its own, and Stop ends them all', async () => {
	for (const prompt of prompts) scene.fal.script(prompt, { job: { runSeconds: 60 } });
	const stop = new AbortController();
	const running = generate({ maxConcurrency: MANY }, {}, { stop: stop.signal });
	await until(() => calls(scene.fal, 'stream').length === MANY, 50_000);
	expect(promptsMade()).toEqual([]);
	stop.abort();
	await running;
	await until(() => scene.fal.requests.every(({ cancelledAt }) => cancelledAt), 50_000);
	expect(scene.fal.requests).toHaveLength(MANY);
	expect(warnings).toEqual([]);
});

test('each comes out in its place with a file of its own, however many are under way', async () => {
	const { outputs, error } = await generate({ maxConcurrency: MANY });
	expect(error).toBeUndefined();
	expect(outputs[0]!.map(({ json }) => json.prompt)).toEqual(prompts);
	expect(outputs[0]!.map(({ pairedItem }) => pairedItem)).toEqual(
		prompts.map((_prompt, item) => ({ item })),
	);
	expect(new Set(outputs[0]!.map(({ binary }) => binary!.data!.id)).size).toBe(MANY);
	expect(calls(scene.fal, 'submit')).toHaveLength(MANY);
	// A stream that ended early would be asked for again.
	expect(calls(scene.fal, 'stream')).toHaveLength(MANY);
});

test('a slow one holds up no other', async () => {
	const [slow, ...others] = prompts;
	scene.fal.script((input) => input.prompt === slow, { job: { runSeconds: 60 } });
	const stop = new AbortController();
	const running = generate({ maxConcurrency: 2 }, {}, { stop: stop.signal });
	await until(() => promptsMade().length === others.length, 50_000);
	expect(promptsMade().sort()).toEqual(others.sort());
	stop.abort();
	await running;
	await until(() => scene.fal.requests[0]!.cancelledAt !== undefined);
});

test('failing ones hold up no other, and keep their places', async () => {
	const isBad = (_prompt: unknown, index: number) => index % 3 === 0;
	for (const prompt of prompts.filter(isBad)) {
		const outcome = { status: 422, body: { detail: 'no' }, billableUnits: '0' };
		scene.fal.script((input) => input.prompt === prompt, { job: { outcome } });
	}
	const { outputs, error } = await generate({}, {}, { onError: 'continueRegularOutput' });
	expect(error).toBeUndefined();
	expect(outputs[0]!.map(({ json }) => json.prompt ?? 'failed')).toEqual(
		prompts.map((prompt, i) => (isBad(prompt, i) ? 'failed' : prompt)),
	);
});

test('what the model does not make is hinted at once, not for every item', async () => {
	const { hints } = await generate({ downloadVideo: false }, { numFrames: 10, width: 70 });
	expect(hints).toHaveLength(3);
});
