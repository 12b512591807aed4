import type { CallFault } from '../../emulator/index.mts';
import { type Engine, type NodeRun, startEngine } from './engine.mts';
import { type Scene, startScene, videoParameters } from './scene.mts';

/* What fal, or somebody in its place, says ends up in an editor that shows HTML. */

const HTML = '<img src=https://x.example/a onerror=alert(1)><a href="https://x.example">log in</a>';
const TAG = /<[a-z/]/i;

let engine: Engine;
let scene: Scene;

beforeAll(async () => {
	engine = await startEngine('filesystem');
});

beforeEach(async () => {
	scene = await startScene();
});

afterEach(async () => await scene.fal.close());

const refusal: CallFault = {
	kind: 'status',
	status: 422,
	json: { detail: [{ loc: ['body', HTML], msg: HTML, type: HTML }] },
	headers: { 'x-fal-error-type': HTML },
};

const generate = async (changes = {}, more: Partial<NodeRun> = {}) =>
	await engine.run({
		parameters: videoParameters(changes),
		credential: scene.credential,
		...more,
	});

test("an error has no tags, and its description shows fal's own text", async () => {
	scene.fal.script('a fox', { submit: [refusal] });
	const { error } = await generate();
	expect(error!.message).toContain('‹img src=https://x.example/a onerror=alert(1)>');
	expect(error!.message).not.toMatch(TAG);
	expect(error!.description).toContain('&lt;img src=https://x.example/a onerror=alert(1)&gt;');
	expect(error!.description).not.toMatch(TAG);
});

test("an input's text has none in an error", async () => {
	const { error } = await generate({ width: HTML });
	expect(error!.message).toContain('‹img');
	expect(error!.message).not.toMatch(TAG);
});

test("an item keeps fal's words unchanged", async () => {
	scene.fal.script('a fox', { submit: [refusal] });
	const { outputs } = await generate({}, { onError: 'continueRegularOutput' });
	expect(outputs[0]![0]!.json.error).toContain(HTML);
});
