import type { INodeParameters } from 'n8n-workflow';
import { useEngine } from './engine.mts';
import { calls, useScene, videoParameters } from './scene.mts';

/* Links of LoRAs: what reaches fal of a link to a page, and what never gets there. */

const engine = useEngine();
const scene = useScene();

const PAGE = 'https://huggingface.co/o/r/blob/main/x.safetensors';
const FILE = 'https://huggingface.co/o/r/resolve/main/x.safetensors';

const run = async (path: string, changes = {}, more = {}) =>
	await engine.run({
		parameters: videoParameters({ loras: { lora: [{ path }] }, ...changes }),
		credential: scene.credential,
		...more,
	});

test('the file behind a page is sent, and a hint says so', async () => {
	const { error, hints } = await run(PAGE);
	expect(error).toBeUndefined();
	expect(scene.fal.requests[0]!.input.loras).toEqual([{ path: FILE, scale: 1 }]);
	expect(hints.join()).toContain('is used in its place');
});

test('a token of a link is sent, and is in no hint', async () => {
	const { error, hints } = await run('https://www.dropbox.com/s/1/x.safetensors?rlkey=SECRET');
	expect(error).toBeUndefined();
	const path = 'https://www.dropbox.com/s/1/x.safetensors?dl=1&rlkey=SECRET';
	expect(scene.fal.requests[0]!.input.loras).toEqual([{ path, scale: 1 }]);
	expect(hints.join()).toContain('is used in its place');
	expect(hints.join()).not.toContain('SECRET');
});

test('a submit whose response was lost is found by the link that was sent', async () => {
	scene.fal.script('a fox', { submit: [{ kind: 'resetAfter' }] });
	const { error } = await run(PAGE);
	expect(error).toBeUndefined();
	expect(calls(scene.fal, 'submit')).toHaveLength(1);
});

describe('a list that is not what was meant is refused: without LoRAs the video is another one', () => {
	const asJson = (lorasJson: string) => ({ specifyLoras: 'json', lorasJson });

	test.each<[string, INodeParameters, string]>([
		[
			'names in place of rows',
			asJson('["owner/repo"]'),
			'LoRAs (loras[0]) is "owner/repo", but must be an object with path and',
		],
		[
			'a row with another name for its path',
			asJson('[{"path": "owner/repo"}, {"url": "owner/other"}]'),
			'LoRA (loras[1].path) is missing',
		],
		[
			'a way to name them that there is not',
			{ specifyLoras: '={{ "JSON" }}', lorasJson: '[{"path": "owner/repo"}]' },
			'Specify LoRAs (specifyLoras) is "JSON", but must be one of keypair, json',
		],
	])('%s', async (_case, changes, words) => {
		const { error } = await run('', { loras: {}, ...changes });
		expect(error!.message).toContain(words);
		expect(scene.fal.calls).toHaveLength(0);
	});

	test('empty rows are none all the same', async () => {
		const { error } = await run('', asJson('[{}, null, {"path": "", "scale": 2}]'));
		expect(error).toBeUndefined();
		expect(scene.fal.requests[0]!.input).not.toHaveProperty('loras');
	});

	test('a source that is none does not hide a strength that is none', async () => {
		const row = { source: '={{ "ftp" }}', path: 'owner/repo', scale: 5 };
		const { error } = await run('', { loras: { lora: [row] } });
		expect(error!.message).toContain('(loras[0].source) is "ftp"');
		expect(error!.message).toContain('Strength (loras[0].scale) is 5');
	});
});

describe('an address in a private network', () => {
	const PRIVATE = 'http://10.0.0.1/x.safetensors';

	test('is for a fal in the same network', async () => {
		const { error, hints } = await run(PRIVATE);
		expect(error).toBeUndefined();
		expect(hints.join()).not.toContain('private network');
		expect(scene.fal.requests[0]!.input.loras).toEqual([{ path: PRIVATE, scale: 1 }]);
	});

	test('is refused for one on the internet, before anything is sent', async () => {
		const { error } = await run(
			PRIVATE,
			{},
			{ credential: { ...scene.credential, queueUrl: 'https://queue.invalid.example' } },
		);
		expect(error!.message).toContain(
			'LoRA (loras[0].path) is "http://10.0.0.1/x.safetensors", but must be an address that fal can reach',
		);
		expect(scene.fal.calls).toHaveLength(0);
	});
});
