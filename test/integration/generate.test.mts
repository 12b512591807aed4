import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { RequestScript } from '../../emulator/index.mts';
import { useEngine } from './engine.mts';
import { calls, generateIn, servedBytes, until, useScene } from './scene.mts';

const engine = useEngine();
const scene = useScene();

const generate = generateIn(engine, scene);

const only = (outputs: INodeExecutionData[][]) => outputs[0]![0]!;
const videoOf = (item: INodeExecutionData) => item.json.video as IDataObject;

test('text in, video out: binary data, metadata, cost and times', async () => {
	const { outputs, error } = await generate();
	expect(error).toBeUndefined();
	expect(outputs).toHaveLength(1);
	expect(outputs[0]).toHaveLength(1);
	const item = only(outputs);
	expect(item.json).toEqual({
		video: {
			url: expect.stringMatching(/^http:\/\/127\.0\.0\.1/),
			content_type: 'video/mp4',
			file_name: expect.stringMatching(/\.mp4$/),
			file_size: expect.any(Number),
			width: 64,
			height: 64,
			fps: 24,
			duration: 0.375,
			num_frames: 9,
		},
		seed: expect.any(Number),
		prompt: 'a fox',
		request_id: scene.fal.requests[0]!.request_id,
		endpoint_id: 'fal-ai/ltx-2.3-22b/distilled/text-to-video/lora',
		cost: {
			estimated: 0.0001,
			actual: 0.0001,
			billable_units: 0.036864,
			unit_price: 0.001405,
			currency: 'USD',
			source: 'billed',
		},
		timings: {
			submitted_at: expect.stringMatching(/^\d{4}-.*Z$/),
			queue_seconds: expect.any(Number),
			inference_seconds: expect.any(Number),
			request_seconds: expect.any(Number),
			download_seconds: expect.any(Number),
		},
	});
	expect(item.pairedItem).toEqual({ item: 0 });
	expect(Object.keys(item.binary!)).toEqual(['data']);
	expect(item.binary!.data).toMatchObject({
		mimeType: 'video/mp4',
		fileExtension: 'mp4',
		// A name from outside is no option of a command; one in 64 of fal's begins like one.
		fileName: String(videoOf(item).file_name).replace(/^-+/, ''),
		id: expect.stringMatching(/^filesystem-v2:/),
	});
	expect(await engine.bytes(item, 'data')).toEqual(await servedBytes(videoOf(item).url));
	expect(calls(scene.fal, 'submit')).toHaveLength(1);
	expect(calls(scene.fal, 'status')).toHaveLength(0);
});

test('all twenty parameters arrive at the queue as they were chosen', async () => {
	const { error } = await generate({
		prompt: '={{ 2049 }}',
		loras: {
			lora: [
				{ path: 'owner/repo', weightName: 'style.safetensors', scale: 0.75 },
				{ path: 'https://example.com/lora.safetensors', scale: 1 },
			],
		},
		width: 96,
		height: 64,
		numFrames: 17,
		fps: 12.5,
		generation: {
			acceleration: 'regular',
			cameraLora: 'dolly_in',
			cameraLoraScale: 0.5,
			distillLoraSecondPassScale: 0.25,
			enablePromptExpansion: false,
			enableSafetyChecker: false,
			generateAudio: false,
			negativePrompt: '',
			scheduler: 'ltx2',
			seed: '9007199254740993',
			useMultiscale: false,
		},
		outputFile: {
			syncMode: false,
			videoOutputType: 'VP9 (.webm)',
			videoQuality: 'low',
			videoWriteMode: 'fast',
		},
	});
	expect(error).toBeUndefined();
	const { rawBody, input } = scene.fal.requests[0]!;
	expect(rawBody).toContain('"seed":9007199254740993');
	expect(input).toEqual({
		prompt: '2049',
		loras: [
			{ path: 'owner/repo', weight_name: 'style.safetensors', scale: 0.75 },
			{ path: 'https://example.com/lora.safetensors', scale: 1 },
		],
		video_size: { width: 96, height: 64 },
		num_frames: 17,
		fps: 12.5,
		acceleration: 'regular',
		camera_lora: 'dolly_in',
		camera_lora_scale: 0.5,
		distill_lora_second_pass_scale: 0.25,
		enable_prompt_expansion: false,
		enable_safety_checker: false,
		generate_audio: false,
		negative_prompt: '',
		scheduler: 'ltx2',
		seed: 9007199254740993n,
		use_multiscale: false,
		sync_mode: false,
		video_output_type: 'VP9 (.webm)',
		video_quality: 'low',
		video_write_mode: 'fast',
	});
	expect(Object.keys(input)).toHaveLength(20);
});

test('settings that were not added are not sent', async () => {
	await generate();
	expect(Object.keys(scene.fal.requests[0]!.input).sort()).toEqual([
		'fps',
		'loras',
		'num_frames',
		'prompt',
		'video_size',
	]);
});

test('a seed beyond 2^53 comes out with all its digits', async () => {
	scene.fal.script('a fox', { output: { seed: 18446744073709551615n } });
	const { outputs } = await generate();
	expect(only(outputs).json.seed).toBe('18446744073709551615');
});

test.each([
	['X264 (.mp4)', 'mp4', 'video/mp4'],
	['VP9 (.webm)', 'webm', 'video/webm'],
	['PRORES4444 (.mov)', 'mov', 'video/quicktime'],
	['GIF (.gif)', 'gif', 'image/gif'],
])('%s has the right name, type and bytes', async (videoOutputType, fileExtension, mimeType) => {
	const { outputs } = await generate({ outputFile: { videoOutputType } });
	const item = only(outputs);
	expect(item.binary!.data).toMatchObject({ fileExtension, mimeType });
	expect(item.binary!.data!.fileName).toMatch(new RegExp(`\\.${fileExtension}$`));
	expect(await engine.bytes(item, 'data')).toEqual(await servedBytes(videoOf(item).url));
});

test('a video without any metadata still arrives, with a name and a type', async () => {
	scene.fal.script('a fox', {
		output: {
			video: {
				content_type: null,
				file_name: null,
				file_size: null,
				width: null,
				height: null,
				fps: null,
				duration: null,
				num_frames: null,
			},
			billableUnits: null,
		},
	});
	const { outputs, error, hints } = await generate();
	expect(error).toBeUndefined();
	expect(only(outputs).binary!.data).toMatchObject({ fileExtension: 'mp4', mimeType: 'video/mp4' });
	expect(hints).toEqual([
		'1 video: estimated $0.0001, actual $0.00 without 1 whose cost fal did not report.',
	]);
	expect(only(outputs).json.cost).toMatchObject({
		estimated: 0.0001,
		actual: null,
		billable_units: null,
		source: 'unknown',
	});
});

test("without fal's figure the delivered size gives the cost", async () => {
	scene.fal.script('a fox', {
		output: { billableUnits: null, video: { width: 1280, height: 720, num_frames: 121 } },
	});
	const { outputs } = await generate();
	expect(only(outputs).json.cost).toMatchObject({
		estimated: 0.0001,
		actual: 0.1567,
		billable_units: 111.5136,
		source: 'delivered',
	});
});

test.each([true, false])(
	'a data: URI becomes a binary and leaves the JSON (download: %s)',
	async (downloadVideo) => {
		scene.fal.script('a fox', { output: { dataUri: true } });
		const { outputs } = await generate({
			outputFile: { syncMode: true },
			options: { downloadVideo },
		});
		const item = only(outputs);
		expect(videoOf(item)).not.toHaveProperty('url');
		expect(JSON.stringify(item.json).length).toBeLessThan(2000);
		expect(item.binary!.data).toMatchObject({ mimeType: 'video/mp4', fileExtension: 'mp4' });
		// Every MP4 starts with its file type box.
		expect((await engine.bytes(item, 'data')).subarray(4, 8).toString()).toBe('ftyp');
	},
);

test('without download only the link is handed on', async () => {
	const { outputs } = await generate({ options: { downloadVideo: false } });
	expect(only(outputs).binary).toBeUndefined();
	expect(videoOf(only(outputs)).url).toMatch(/^http/);
	expect((only(outputs).json.timings as IDataObject).download_seconds).toBeNull();
	expect(scene.fal.calls.filter(({ listener }) => listener === 'cdn')).toHaveLength(0);
});

test('the binary field has the name that was chosen', async () => {
	const { outputs } = await generate({ options: { outputBinaryField: 'video' } });
	expect(Object.keys(only(outputs).binary!)).toEqual(['video']);
});

describe('the file', () => {
	test('has the name that was chosen for its item', async () => {
		const { outputs } = await generate(
			{ options: { fileName: '={{ $json.prompt }}: take {{ $itemIndex }}' } },
			{ items: [{ prompt: 'one' }, { prompt: 'two' }] },
		);
		const names = outputs[0]!.map(({ binary }) => binary!.data!.fileName);
		expect(names).toEqual(['one_ take 0.mp4', 'two_ take 1.mp4']);
	});

	test('a name that comes to nothing is an error before anything is sent', async () => {
		const { error } = await generate({ options: { fileName: '={{ $json.missing }}' } });
		expect(error!.message).toContain('File Name (fileName) was added, but');
		expect(scene.fal.calls).toHaveLength(0);
	});

	test.each([
		['webm', 'video/webm', '\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81'],
		['mov', 'video/quicktime', '\0\0\0\x14ftypqt  '],
		['gif', 'image/gif', 'GIF89a'],
		['mp4', 'video/mp4', '\0\0\0\x20ftypisom'],
	])('is called .%s by its content when nothing else says it', async (extension, type, start) => {
		const bytes = Buffer.concat([Buffer.from(start, 'latin1'), Buffer.alloc(200_000, 1)]);
		const server = createServer((_request, response) => response.end(bytes)).listen(0, '127.0.0.1');
		await once(server, 'listening');
		const served = `http://127.0.0.1:${(server.address() as AddressInfo).port}/clip`;
		const inside = `data:;base64,${bytes.toString('base64')}`;
		for (const url of [served, inside]) {
			const video = { url, file_name: null, content_type: null, file_size: bytes.length };
			scene.fal.script('a fox', { output: { video } });
			const { outputs, error } = await generate();
			expect(error).toBeUndefined();
			const item = only(outputs);
			expect(item.binary!.data).toMatchObject({ fileExtension: extension, mimeType: type });
			expect((await engine.bytes(item, 'data')).equals(bytes)).toBe(true);
		}
		server.close();
	});
});

describe('many items', () => {
	const items = ['one', 'two', 'three'].map((prompt) => ({ prompt }));

	test('come out in their order, each paired, however long each takes', async () => {
		scene.fal.script('one', { job: { runSeconds: 0.6 } });
		const { outputs } = await generate({}, { items });
		expect(outputs[0]!.map(({ json, pairedItem }) => [json.prompt, pairedItem])).toEqual([
			['one', { item: 0 }],
			['two', { item: 1 }],
			['three', { item: 2 }],
		]);
	});

	test('as many are under way at once as allowed', async () => {
		await generate({ options: { maxConcurrency: 1 } }, { items });
		const ends = scene.fal.requests.map(({ endedAt }) => endedAt!.getTime());
		const starts = scene.fal.requests.map(({ submittedAt }) => submittedAt.getTime());
		expect(starts[1]).toBeGreaterThanOrEqual(ends[0]!);
		expect(starts[2]).toBeGreaterThanOrEqual(ends[1]!);
	});

	test('a mistake in the last one is found before the first one is submitted', async () => {
		const { error } = await generate(
			{ numFrames: '={{ $json.prompt === "three" ? 500 : 9 }}' },
			{ items },
		);
		expect(error!.message).toBe(
			'Frames (numFrames) is 500, but must be a whole number from 9 to 481 [item 2]',
		);
		expect(error!.description).toContain('nothing is billed');
		expect(scene.fal.calls).toHaveLength(0);
	});

	test.each([
		['timeoutSeconds', '={{ $json.prompt === "one" ? "soon" : 60 }}'],
		['webhookUrl', '={{ $json.prompt === "one" ? "nowhere" : "https://example.com/a" }}'],
		['timeoutSeconds', '={{ $json.prompt === "one" ? undefined : 60 }}'],
	])('with continue on fail a wrong %s of the first item fails it alone', async (name, value) => {
		const { outputs } = await generate(
			{ options: { ...(name === 'webhookUrl' ? { waitMode: 'none' } : {}), [name]: value } },
			{ items, onError: 'continueRegularOutput' },
		);
		expect(outputs[0]!.map(({ json }) => Boolean(json.error))).toEqual([true, false, false]);
		expect(scene.fal.requests).toHaveLength(2);
	});

	test('with continue on fail a failed one is an error item in its place', async () => {
		scene.fal.script('two', { job: { outcome: badLora } });
		const { outputs, error } = await generate({}, { items, onError: 'continueRegularOutput' });
		expect(error).toBeUndefined();
		expect(outputs[0]!.map(({ json }) => json.prompt ?? 'failed')).toEqual([
			'one',
			'failed',
			'three',
		]);
		expect(outputs[0]![1]).toMatchObject({
			json: {
				error: expect.stringContaining('loras[0].path'),
				request_id: scene.fal.requests.find(({ input }) => input.prompt === 'two')!.request_id,
				detail: badLora.body.detail,
				cost: nothingBilled,
			},
			pairedItem: { item: 1 },
		});
	});

	test('with an error output the failed ones go there, with their input', async () => {
		scene.fal.script('one', { job: { outcome: badLora } });
		const { outputs } = await generate(
			{ numFrames: '={{ $json.prompt === "two" ? 1 : 9 }}' },
			{ items, onError: 'continueErrorOutput' },
		);
		expect(outputs[0]!.map(({ json }) => json.prompt)).toEqual(['three']);
		const { request_id } = scene.fal.requests.find(({ input }) => input.prompt === 'one')!;
		expect(outputs[1]!.map(({ json }) => json)).toEqual([
			{
				prompt: 'one',
				error: expect.stringContaining('loras[0].path'),
				request_id,
				detail: badLora.body.detail,
				cost: nothingBilled,
			},
			{ prompt: 'two', error: expect.stringContaining('Frames (numFrames) is 1') },
		]);
		expect(scene.fal.requests).toHaveLength(2);
	});

	test('when one fails without it, the others are finished before the run ends', async () => {
		scene.fal.script('one', { job: { outcome: badLora } });
		const { error } = await generate({}, { items });
		expect(error!.message).toContain('[item 0]');
		expect(scene.fal.requests.map(({ state }) => state)).toEqual(Array(3).fill('COMPLETED'));
	});
});

const badLora = {
	status: 422,
	body: {
		detail: [
			{
				loc: ['body', 'loras', 0, 'path'],
				msg: 'Could not download the file',
				type: 'file_download_error',
			},
		],
	},
	billableUnits: '0',
};

const nothingBilled = {
	actual: 0,
	billable_units: 0,
	unit_price: 0.001405,
	currency: 'USD',
	source: 'billed',
};

describe("fal's refusals reach the person", () => {
	test('the model: what, where and which request', async () => {
		scene.fal.script('a fox', { job: { outcome: badLora } });
		const { error } = await generate();
		expect(error!.message).toBe(
			'Fetching the result failed: fal answered 422: loras[0].path: Could not download the file (file_download_error) [item 0]',
		);
		expect(error!.description).toContain(scene.fal.requests[0]!.request_id);
		expect(error!.httpCode).toBe('422');
		expect(calls(scene.fal, 'result')).toHaveLength(1);
	});

	test('a wrong key: at once, and nothing is submitted', async () => {
		const credential = { ...scene.credential, apiKey: 'wrong:key' };
		const { error } = await generate({}, { credential });
		expect(error!.message).toContain('401: invalid key credentials');
		expect(JSON.stringify(error)).not.toContain('wrong:key');
		expect(scene.fal.requests).toHaveLength(0);
	});

	test('a fal that is not there: in words, not codes', async () => {
		const credential = { ...scene.credential, queueUrl: 'http://127.0.0.1:1' };
		const { error } = await generate({}, { credential });
		expect(error!.message).toBe(
			'Submitting the request failed: the connection to fal broke or could not be made [item 0]',
		);
		expect(error!.description).toContain('ECONNREFUSED');
	});

	test("a response that is not what fal describes is named, and its request isn't lost", async () => {
		scene.fal.script('a fox', { output: { without: ['url'] } });
		const { error } = await generate();
		expect(error!.message).toContain('there is no video.url in it');
		expect(error!.description).toContain(scene.fal.requests[0]!.request_id);
	});

	test.each(['file:///etc/passwd', 'ftp://127.0.0.1/a.mp4', 'a.mp4'])(
		'an address that is no file of the web is refused: %s',
		async (url) => {
			scene.fal.script('a fox', { output: { video: { url } } });
			const { error } = await generate();
			expect(error!.message).toContain('Downloading the video failed');
			expect(error!.description).toContain(scene.fal.requests[0]!.request_id);
		},
	);
});

describe('secrets', () => {
	test('no token of an address is in an error, an item or a hint', async () => {
		const url = 'https://civitai.example/download?token=SECRET';
		const detail = [
			{
				loc: ['body', 'loras', 0, 'path'],
				msg: `Could not download ${url}`,
				type: 'file_download_error',
				ctx: { url },
				input: url,
			},
		];
		const outcome = { status: 422, body: { detail }, billableUnits: '0' };
		const loras = { lora: [{ path: url }] };
		for (const onError of [
			'stopWorkflow',
			'continueRegularOutput',
			'continueErrorOutput',
		] as const) {
			scene.fal.script('a fox', { job: { outcome } });
			const { error, outputs, hints } = await generate({ loras }, { onError });
			const seen = JSON.stringify([{ ...error, node: undefined }, outputs, hints]);
			expect(seen).toContain('https://civitai.example/download?…');
			expect(seen).not.toContain('SECRET');
			expect(seen).not.toContain(scene.fal.apiKey);
		}
	});
});

describe('one submit per video', () => {
	test('an account at its limit is waited for: 429 proves that nothing was taken', async () => {
		const busy = {
			kind: 'status',
			status: 429,
			headers: { 'retry-after': '0' },
			accepted: false,
		} as const;
		scene.fal.script('a fox', { submit: [busy] });
		const { error } = await generate();
		expect(error).toBeUndefined();
		expect(scene.fal.requests).toHaveLength(1);
	});

	test('an acceptance without an id says that it may be billed', async () => {
		scene.fal.script('a fox', {
			submit: [{ kind: 'status', status: 200, json: { status: 'IN_QUEUE' } }],
		});
		const { error } = await generate({ options: { timeoutSeconds: 1 } });
		expect(error!.message).toContain('fal may have accepted the request all the same');
		expect(error!.description).toContain('was not sent again');
	});

	const refusals: Array<[string, RequestScript['submit']]> = [
		['reset before it was taken', [{ kind: 'resetBefore' }]],
		['a gateway page', [{ kind: 'status', status: 502, html: '<h1>Bad Gateway</h1>' }]],
		['503', [{ kind: 'status', status: 503 }]],
		['504', [{ kind: 'status', status: 504 }]],
		['a redirect to another host', [{ kind: 'redirect', status: 307 }]],
	];

	test.each(refusals)('%s is not followed by a second one', async (_case, submit) => {
		scene.fal.script('a fox', { submit });
		// Shortens the search for what was lost, too.
		const { error } = await generate({ options: { timeoutSeconds: 1 } });
		expect(error!.message).toMatch(/^Submitting the request failed/);
		expect(calls(scene.fal, 'submit')).toHaveLength(1);
	});
});

describe('following survives the network', () => {
	const slow = { runSeconds: 0.5 };
	const cases: Array<[string, RequestScript]> = [
		['stream refused', { stream: [{ kind: 'refuse' }] }],
		[
			'stream with a page as its response',
			{ stream: [{ kind: 'status', status: 502, html: '<p>' }] },
		],
		['stream not found', { stream: [{ kind: 'status', status: 404 }] }],
		['stream cut after an event', { stream: [{ kind: 'cutStream', afterEvents: 1 }] }],
		['stream reset', { stream: [{ kind: 'resetAfter' }] }],
		['stream with an unknown event', { stream: [{ kind: 'unknownEvent' }] }],
		[
			'polling through everything that passes',
			{
				stream: [{ kind: 'refuse' }],
				status: [
					{ kind: 'status', status: 500 },
					{ kind: 'status', status: 429, headers: { 'retry-after': '0' } },
					{ kind: 'status', status: 502, html: '<h1>Bad Gateway</h1>' },
					{ kind: 'resetBefore' },
					{ kind: 'truncatedJson' },
					{ kind: 'status', status: 403, json: { detail: 'User is locked' } },
				],
			},
		],
	];

	test.each(cases)(
		'%s',
		async (_case, script) => {
			scene.fal.script('a fox', { job: slow, ...script });
			const { outputs, error } = await generate();
			expect(error).toBeUndefined();
			const item = only(outputs);
			expect(await engine.bytes(item, 'data')).toEqual(await servedBytes(videoOf(item).url));
			expect(calls(scene.fal, 'submit')).toHaveLength(1);
		},
		30_000,
	);

	test('a request that is not known at once is asked for again', async () => {
		const status = { kind: 'status', status: 404, json: { status: 'NOT_FOUND' } } as const;
		scene.fal.script('a fox', { stream: [{ kind: 'refuse' }], status: [status] });
		const { error } = await generate();
		expect(error).toBeUndefined();
	});

	test('a key that is refused ends the waiting, and the request is named', async () => {
		const status = { kind: 'status', status: 401, json: { detail: 'revoked' } } as const;
		scene.fal.script('a fox', { stream: [{ kind: 'refuse' }], status: [status] });
		const { error } = await generate();
		expect(error!.message).toContain('401: revoked');
		expect(error!.description).toContain(scene.fal.requests[0]!.request_id);
	});
});

describe('collecting survives the network', () => {
	test.each<[string, RequestScript['result']]>([
		['502 page', [{ kind: 'status', status: 502, html: '<h1>Bad Gateway</h1>' }]],
		['reset', [{ kind: 'resetBefore' }]],
		['cut JSON', [{ kind: 'truncatedJson' }]],
		['too many requests', [{ kind: 'status', status: 429 }]],
		[
			'too early',
			[{ kind: 'status', status: 400, json: { detail: 'Request is still in progress' } }],
		],
	])('%s', async (_case, result) => {
		scene.fal.script('a fox', { result });
		const { outputs, error } = await generate();
		expect(error).toBeUndefined();
		expect(only(outputs).binary).toBeDefined();
		expect(calls(scene.fal, 'submit')).toHaveLength(1);
	});

	test('a redirect of the file to another host is followed, without the key', async () => {
		scene.fal.script('a fox', { download: [{ kind: 'redirect' }] });
		const { outputs, error } = await generate();
		expect(error).toBeUndefined();
		const item = only(outputs);
		expect(await engine.bytes(item, 'data')).toEqual(await servedBytes(videoOf(item).url));
	});

	test.each<[string, RequestScript['download']]>([
		[
			'breaks off twice',
			[
				{ kind: 'cutDownload', afterBytes: 500 },
				{ kind: 'cutDownload', afterBytes: 900 },
			],
		],
		['is refused and reset first', [{ kind: 'refuse' }, { kind: 'resetBefore' }]],
		[
			'meets a busy CDN',
			[
				{ kind: 'status', status: 503 },
				{ kind: 'status', status: 429 },
			],
		],
		['changes on the way', [{ kind: 'cutDownload', afterBytes: 500 }, { kind: 'changedFile' }]],
	])('a download that %s arrives whole', async (_case, download) => {
		scene.fal.script('a fox', { download });
		const { outputs, error } = await generate();
		expect(error).toBeUndefined();
		const item = only(outputs);
		expect(await engine.bytes(item, 'data')).toEqual(await servedBytes(videoOf(item).url));
	});

	test('what broke off is asked for from there on', async () => {
		scene.fal.script('a fox', { download: [{ kind: 'cutDownload', afterBytes: 150_000 }] });
		await generate({ width: 512, height: 512, numFrames: 49 });
		const ranges = scene.fal.calls
			.filter(({ listener }) => listener === 'cdn')
			.map(({ headers }) => [headers.range, typeof headers['if-range']]);
		expect(ranges).toEqual([
			[undefined, 'undefined'],
			[expect.stringMatching(/^bytes=[1-9]\d*-$/), 'string'],
		]);
	});

	test('a file that can not be downloaded names the request and where the video is', async () => {
		scene.fal.script('a fox', { download: [{ kind: 'status', status: 403 }] });
		const { outputs, error } = await generate();
		expect(outputs).toEqual([]);
		expect(error!.message).toBe(
			`The video is made and paid for, but did not arrive. Downloading the video failed: fal answered 403: the file was refused (request ${scene.fal.requests[0]!.request_id}) [item 0]`,
		);
		expect(error!.description).toContain(`it is at ${scene.fal.hosts.cdn}/files/`);
	});
});

describe('nothing waits any longer', () => {
	test('Stop submits nothing more', async () => {
		const items = ['one', 'two', 'three'].map((prompt) => ({ prompt }));
		scene.fal.script('one', { job: { runSeconds: 60 } });
		const stop = new AbortController();
		const options = { maxConcurrency: 1 };
		const running = generate({ options }, { items, stop: stop.signal });
		await until(() => scene.fal.requests[0]?.state === 'IN_PROGRESS');
		stop.abort();
		await running;
		await until(() => scene.fal.requests[0]!.cancelledAt !== undefined);
		expect(calls(scene.fal, 'submit')).toHaveLength(1);
	});

	test('Stop while a submit is under way cancels the request', async () => {
		const submit = [{ kind: 'slow', milliseconds: 300 }] as const;
		scene.fal.script('a fox', { submit: [...submit], job: { runSeconds: 60 } });
		const stop = new AbortController();
		const running = generate({}, { stop: stop.signal });
		await until(() => calls(scene.fal, 'submit').length === 1);
		stop.abort();
		await running;
		await until(() => scene.fal.requests[0]?.cancelledAt !== undefined);
	});

	test('a cancel that fal does not hear is sent again', async () => {
		scene.fal.script('a fox', {
			job: { runSeconds: 60 },
			cancel: [{ kind: 'status', status: 502, html: '<h1>' }, { kind: 'resetBefore' }],
		});
		const { error } = await generate({ options: { timeoutSeconds: 1 } });
		expect(scene.fal.requests[0]!.cancelledAt).toBeDefined();
		expect(error!.message).toContain('was cancelled on fal');
	});

	test('a timeout in the middle of the download says that the video is paid for', async () => {
		scene.fal.script('a fox', { download: [{ kind: 'hang' }] });
		const { error } = await generate({ options: { timeoutSeconds: 1 } });
		expect(error!.message).toMatch(
			/^The video is made and paid for, but did not arrive\. There was no video within 1 s/,
		);
		expect(error!.message).toContain(scene.fal.requests[0]!.request_id);
	});

	test('Stop cancels on fal', async () => {
		scene.fal.script('a fox', { job: { runSeconds: 60 } });
		const stop = new AbortController();
		const running = generate({}, { stop: stop.signal });
		await until(() => scene.fal.requests[0]?.state === 'IN_PROGRESS');
		stop.abort();
		await running;
		await until(() => scene.fal.requests[0]!.cancelledAt !== undefined);
	});

	test('the timeout cancels on fal and says so', async () => {
		scene.fal.script('a fox', { job: { runSeconds: 60 } });
		const { error } = await generate({ options: { timeoutSeconds: 1 } });
		const { request_id, cancelledAt } = scene.fal.requests[0]!;
		expect(cancelledAt).toBeDefined();
		expect(error!.message).toBe(
			`There was no video within 1 s. Request ${request_id} was cancelled on fal [item 0]`,
		);
	});
});

test('frames and sides that the model does not make are hinted at, not refused', async () => {
	const { hints, error } = await generate({ width: 70, numFrames: 10 });
	expect(error).toBeUndefined();
	expect(hints).toEqual([
		"Frames: The model can't make exactly 10 frames, so fal may change them: 9 and 17 fit.",
		'Video Size: The model makes sides that are multiples of 32: 70 × 64 may be changed by fal, 64 × 64 fits.',
		'1 video: estimated $0.0001, actual $0.0001.',
	]);
});
