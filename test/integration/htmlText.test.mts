import type { CallFault } from '../../emulator/index.mts';
import { useEngine } from './engine.mts';
import { generateIn, useScene } from './scene.mts';

/* What fal, or somebody in its place, says ends up in an editor that shows HTML. */

const HTML = '<img src=https://x.example/a onerror=alert(1)><a href="https://x.example">log in</a>';
const TAG = /<[a-z/]/i;

const engine = useEngine();
const scene = useScene();

const refusal: CallFault = {
	kind: 'status',
	status: 422,
	json: { detail: [{ loc: ['body', HTML], msg: HTML, type: HTML }] },
	headers: { 'x-fal-error-type': HTML },
};

const generate = generateIn(engine, scene);

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
