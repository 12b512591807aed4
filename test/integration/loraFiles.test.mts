import type { INodeParameters } from 'n8n-workflow';
import { useEngine, type InputFile } from './engine.mts';
import { safetensors, sha256 } from './loraFile.mts';
import { calls, until, useScene, videoParameters, type Scene } from './scene.mts';

/* LoRAs that are files of the workflow: what reaches fal, how often, and what a retry costs. */

// A large file is read, sent, stored and fetched again, all in this process.
jest.setTimeout(60_000);

const MEBIBYTE = 1024 * 1024;

const engine = useEngine();
const scene = useScene();

const lora = safetensors();
const named = (bytes: Buffer, name = 'style.safetensors'): InputFile => ({ bytes, name });
const row = (changes: INodeParameters = {}) => ({
	source: 'binary',
	binaryPropertyName: 'lora',
	...changes,
});

const run = async (
	files: Array<Record<string, InputFile>>,
	changes: INodeParameters = {},
	more = {},
) =>
	await engine.run({
		parameters: videoParameters({ loras: { lora: [row()] }, ...changes }),
		items: files.map((_files, i) => ({ prompt: `a fox ${i}` })),
		files,
		credential: scene.credential,
		...more,
	});

const uploadCalls = () =>
	scene.fal.calls.filter(
		({ path }) => path.startsWith('/storage/upload') || path.startsWith('/uploads'),
	);
const initiations = () => uploadCalls().filter(({ listener }) => listener === 'rest');
const puts = () => uploadCalls().filter(({ method }) => method === 'PUT');
const fetchedBy = (n: number) => scene.fal.requests[n]!.loras!.map((fetched) => fetched.sha256);

test('the bytes that fal fetches are those of the item, under the name of the file', async () => {
	const { error } = await run([{ lora: named(lora) }], {
		loras: { lora: [row({ scale: 0.5 }), { path: 'owner/repo', weightName: 'a.safetensors' }] },
	});
	expect(error).toBeUndefined();
	const { input, loras } = scene.fal.requests[0]!;
	expect(input.loras).toEqual([
		{ path: expect.stringMatching(/^http.*\/style\.safetensors$/), scale: 0.5 },
		{ path: 'owner/repo', weight_name: 'a.safetensors', scale: 1 },
	]);
	expect(loras).toEqual([
		{
			path: (input.loras as Array<{ path: string }>)[0]!.path,
			size: lora.length,
			sha256: sha256(lora),
		},
	]);
	expect(puts()).toHaveLength(1);
});

test('one upload for each distinct file, however many items and copies there are', async () => {
	const other = safetensors();
	const files = Array.from({ length: 12 }, (_, i) => ({ lora: named(i % 4 === 3 ? other : lora) }));
	const { error } = await run(files);
	expect(error).toBeUndefined();
	expect(initiations()).toHaveLength(2);
	expect(puts()).toHaveLength(2);
	const used = scene.fal.requests.map((_request, n) => fetchedBy(n)[0]);
	expect(used.filter((hash) => hash === sha256(lora))).toHaveLength(9);
	expect(used.filter((hash) => hash === sha256(other))).toHaveLength(3);
});

test('a large file goes up in parts', async () => {
	const large = safetensors(93 * MEBIBYTE + 17);
	const { error } = await run([{ lora: named(large) }]);
	expect(error).toBeUndefined();
	expect(initiations()[0]!.path).toContain('/initiate-multipart?');
	expect(puts().map(({ bodyLength }) => bodyLength)).toEqual([
		...Array.from({ length: 9 }, () => 10 * MEBIBYTE),
		3 * MEBIBYTE + 17,
	]);
	expect(fetchedBy(0)).toEqual([sha256(large)]);
});

test('a file without a name, or with one that says nothing, is recognized by its content', async () => {
	const { error } = await run([{ lora: named(lora, '') }, { lora: named(safetensors(), 'x.bin') }]);
	expect(error).toBeUndefined();
	const paths = scene.fal.requests.flatMap(({ input }) => input.loras as Array<{ path: string }>);
	const names = paths.map(({ path }) => path.split('/').pop());
	expect(names.sort()).toEqual(['lora.safetensors', 'x.safetensors']);
});

test('an expression may give the file itself', async () => {
	const loras = { lora: [row({ binaryPropertyName: '={{ $binary.other }}' })] };
	const { error } = await run([{ other: named(lora) }], { loras });
	expect(error).toBeUndefined();
	expect(fetchedBy(0)).toEqual([sha256(lora)]);
});

describe('found before anything is sent', () => {
	test.each<[string, Record<string, InputFile>, string]>([
		[
			'no such field',
			{ file: named(lora) },
			'is "lora", but must be a binary field of the item, which has file',
		],
		['no file at all', {}, 'is "lora", but must be a binary field of the item, which has none'],
		[
			'older weights',
			{ lora: named(lora, 'style.ckpt') },
			'is "style.ckpt", but must be a .safetensors file: look for',
		],
		['an archive', { lora: named(lora, 'style.zip') }, 'unpack the archive'],
		[
			'a page',
			{ lora: named(Buffer.from('<!DOCTYPE html><title>Log in')) },
			'is "style.safetensors", but must be a .safetensors file, but this is a web page',
		],
		[
			'an archive by its content',
			{ lora: named(Buffer.from('PK\x03\x04 and so on')) },
			'but this is an archive',
		],
		['an empty file', { lora: named(Buffer.alloc(0)) }, 'but this one is empty'],
		['a file that was cut', { lora: named(lora.subarray(0, 100)) }, 'does not begin like one'],
	])('%s', async (_case, files, words) => {
		const { error } = await run([{ lora: named(lora) }, files]);
		expect(error!.message).toContain('Input Binary Field (loras[0].binaryPropertyName) ');
		expect(error!.message).toContain(words);
		expect(error!.message).toMatch(/ \[item 1\]$/);
		expect(scene.fal.calls).toHaveLength(0);
	});

	test('a source that is none', async () => {
		const loras = { lora: [{ path: 'owner/repo', source: '={{ "ftp" }}' }] };
		const { error } = await run([{}], { loras });
		expect(error!.message).toContain('(loras[0].source) is "ftp", but must be one of link, binary');
	});

	test('a run over its limit uploads nothing', async () => {
		const { error } = await run([{ lora: named(lora) }, { lora: named(lora) }], {
			options: { maxCostPerRun: 0.0001 },
		});
		expect(error!.message).toContain('Max Cost per Run');
		expect(scene.fal.calls).toHaveLength(0);
	});

	test('an estimate opens and uploads nothing, whatever LoRAs another operation left in the node', async () => {
		const { outputs, error } = await run([{ lora: named(lora, 'style.pt') }], {
			...{ operation: 'estimateCost', withLoras: true },
		});
		expect(error).toBeUndefined();
		expect(outputs[0]![0]!.json).toMatchObject({
			...{ endpoint_id: 'fal-ai/ltx-2.3-22b/distilled/text-to-video/lora', unit_price: 0.001405 },
		});
		expect(scene.fal.calls).toHaveLength(0);
	});
});

describe('a retry does not pay twice', () => {
	test('a video that did not arrive is fetched, and its file not even uploaded again', async () => {
		scene.fal.script('a fox', { download: [{ kind: 'status', status: 403 }] });
		const { outputs, error } = await run([{ lora: named(lora) }], {}, { retryOnFail: true });
		expect(error).toBeUndefined();
		expect(outputs[0]![0]!.binary).toBeDefined();
		expect(calls(scene.fal, 'submit')).toHaveLength(1);
		expect(initiations()).toHaveLength(1);
	});

	test('what fal itself failed is submitted again, with the file where it is now', async () => {
		const outcome = {
			status: 504,
			body: { detail: 'Generation timed out', error_type: 'generation_timeout' },
			headers: { 'x-fal-error-type': 'generation_timeout' },
			billableUnits: null,
		};
		scene.fal.script('a fox', { job: { outcome } });
		const { error } = await run([{ lora: named(lora) }], {}, { retryOnFail: true });
		expect(error).toBeUndefined();
		expect(calls(scene.fal, 'submit')).toHaveLength(2);
		expect(fetchedBy(1)).toEqual([sha256(lora)]);
	});

	test("a submit whose response was lost is found in fal's list by what was sent", async () => {
		scene.fal.script('a fox', { submit: [{ kind: 'resetAfter' }] });
		const { outputs, error } = await run([{ lora: named(lora) }]);
		expect(error).toBeUndefined();
		expect(outputs[0]![0]!.json.request_id).toBe(scene.fal.requests[0]!.request_id);
		expect(calls(scene.fal, 'submit')).toHaveLength(1);
	});

	test('another file under the same name is another submit', async () => {
		const both = [{ lora: named(lora) }, { lora: named(safetensors()) }];
		const { error } = await run(both);
		expect(error).toBeUndefined();
		expect(new Set([...fetchedBy(0), ...fetchedBy(1)]).size).toBe(2);
	});
});

describe('uploads survive the network', () => {
	const large = safetensors(91 * MEBIBYTE);

	test.each([
		['a part breaks off', [null, null, { kind: 'resetBefore' }]],
		['the response to a part is lost', [null, { kind: 'resetAfter' }]],
		['a part meets a gateway', [null, { kind: 'status', status: 502, html: '<h1>' }]],
		[
			'completing is busy',
			[...Array.from({ length: 11 }, () => null), { kind: 'status', status: 429 }],
		],
	] as const)('%s', async (_case, faults) => {
		scene.fal.fault('upload', faults as unknown as Parameters<Scene['fal']['fault']>[1]);
		const { error } = await run([{ lora: named(large) }]);
		expect(error).toBeUndefined();
		expect(fetchedBy(0)).toEqual([sha256(large)]);
		expect(calls(scene.fal, 'submit')).toHaveLength(1);
	});

	test('a small file: no upload URL, half of one, no connection, no good response', async () => {
		scene.fal.fault('upload', [
			{ kind: 'status', status: 503 },
			{ kind: 'truncatedJson' },
			null,
			{ kind: 'resetBefore' },
			{ kind: 'status', status: 500 },
		]);
		const { error } = await run([{ lora: named(lora) }]);
		expect(error).toBeUndefined();
		expect(fetchedBy(0)).toEqual([sha256(lora)]);
	});

	test('an upload URL that is refused is requested again, once', async () => {
		scene.fal.fault('upload', [null, { kind: 'status', status: 403 }]);
		const { error } = await run([{ lora: named(lora) }]);
		expect(error).toBeUndefined();
		expect(initiations()).toHaveLength(2);
		expect(fetchedBy(0)).toEqual([sha256(lora)]);
	});

	test('what can not be uploaded is not submitted; all its items say so, the others continue', async () => {
		const refused = { kind: 'status', status: 403 } as const;
		scene.fal.fault('upload', [null, refused, null, refused]);
		const files: Array<Record<string, InputFile>> = [
			{ lora: named(lora) },
			{ lora: named(lora) },
			{},
		];
		const { outputs } = await run(
			files,
			{
				loras: {
					lora: [
						{
							source: '={{ $itemIndex < 2 ? "binary" : "link" }}',
							path: 'owner/repo',
							binaryPropertyName: 'lora',
						},
					],
				},
			},
			{ onError: 'continueRegularOutput' },
		);
		const message = 'Uploading style.safetensors failed: fal answered 403: the upload was refused';
		expect(outputs[0]!.map(({ json }) => json.error ?? 'made')).toEqual([message, message, 'made']);
		expect(calls(scene.fal, 'submit')).toHaveLength(1);
	});

	test('a redirect is not followed: the file stays between n8n and fal', async () => {
		const away = { kind: 'redirect', status: 307 } as const;
		scene.fal.fault('upload', [null, away, null, away]);
		const { error } = await run([{ lora: named(lora) }]);
		expect(error!.message).toContain('Uploading style.safetensors failed: fal answered 307');
		expect(error!.description).toContain('Nothing is billed for it.');
		expect(scene.fal.calls.filter(({ listener }) => listener === 'foreign')).toEqual([]);
	});
});

describe('what fal says of a LoRA names its row', () => {
	const link = (path: string) => ({ loras: { lora: [{ path: 'owner/repo' }, { path }] } });

	test('an address where nothing is', async () => {
		const { error } = await run([{}], link(`${scene.fal.hosts.cdn}/files/b/1/gone.safetensors`));
		expect(error!.message).toContain('loras[1].path: ');
		expect(error!.message).toContain('(file_download_error) [item 0]');
		expect(error!.description).toContain('The LoRA in row 2: fal could not download it.');
		expect(error!.description).toContain('fal bills nothing for it.');
	});

	test('a repository that needs a weight name', async () => {
		await scene.fal.close();
		await scene.restart({ repositories: { 'owner/two': ['a.safetensors', 'b.safetensors'] } });
		const { error } = await run([{}], link('owner/two'));
		expect(error!.message).toContain('loras[1].weightName: ');
		expect(error!.description).toContain('Weight Name says which');
	});
});

test('Stop ends an upload that is under way, and nothing is submitted', async () => {
	const stop = new AbortController();
	scene.fal.fault('upload', [null, null, { kind: 'hang' }]);
	const large = safetensors(91 * MEBIBYTE);
	const running = run([{ lora: named(large) }], {}, { stop: stop.signal });
	await until(() => puts().length === 2);
	stop.abort();
	await running;
	await until(() => puts()[1]!.status === null);
	expect(puts()).toHaveLength(2);
	expect(calls(scene.fal, 'submit')).toHaveLength(0);
});

test('an item that times out in the upload was not submitted, and does not end it for the others', async () => {
	scene.fal.fault('upload', [null, { kind: 'slow', milliseconds: 3_000 }]);
	const { outputs } = await run(
		[{ lora: named(lora) }, { lora: named(lora) }],
		{ options: { timeoutSeconds: '={{ $itemIndex === 0 ? 1 : 60 }}' } },
		{ onError: 'continueRegularOutput' },
	);
	expect(outputs[0]!.map(({ json }) => json.error ?? 'made')).toEqual([
		'There was no video within 1 s before fal accepted this item',
		'made',
	]);
	expect(initiations()).toHaveLength(1);
	expect(calls(scene.fal, 'submit')).toHaveLength(1);
});
