import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallFault, DownloadFault, OutputChanges } from '../../emulator/index.mts';
import { useEngine } from './engine.mts';
import { servedBytes, until, useScene, videoParameters } from './scene.mts';

/* What is handed on is the whole file, byte for byte, or an error. */

const engine = useEngine();
const scene = useScene();

type Fault = CallFault | DownloadFault | null;

const generate = async (download: Fault[], output: OutputChanges = {}) => {
	scene.fal.script('a fox', { download, output });
	return await engine.run({
		parameters: videoParameters({ options: { timeoutSeconds: 50 } }),
		credential: scene.credential,
	});
};

const downloads = () => scene.fal.calls.filter(({ listener }) => listener === 'cdn');
const ranges = () => downloads().map(({ headers }) => headers.range);

async function expectWhole(download: Fault[], output?: OutputChanges): Promise<void> {
	const { outputs, error } = await generate(download, output);
	expect(error).toBeUndefined();
	const item = outputs[0]![0]!;
	const { url } = item.json.video as { url: string };
	const arrived = await engine.bytes(item, 'data');
	// Comparing as Jest does takes seconds for a megabyte.
	expect(arrived.equals(await servedBytes(url))).toBe(true);
}

const MIB = 1024 * 1024;
const cutUnseen: Fault = { kind: 'noLength', afterBytes: 500 };
const page: Fault = { kind: 'status', status: 200, html: '<!doctype html><title>Sorry</title>' };
const TYPED = { 'content-type': 'video/mp4' };
const often = (fault: Fault) => Array<Fault>(100).fill(fault);

test('no packing is asked for', async () => {
	await expectWhole([]);
	expect(downloads()[0]!.headers['accept-encoding']).toBe('identity');
});

describe('a response without a length', () => {
	test('is whole when it is', async () => {
		await expectWhole([{ kind: 'noLength' }]);
		expect(downloads()).toHaveLength(2);
	});

	test('begins again when fal gives no size either', async () => {
		await expectWhole([cutUnseen], { without: ['file_size'] });
	});

	test('begins again when fal says that it was cut', async () => {
		await expectWhole([cutUnseen]);
		expect(ranges()).toEqual([undefined, undefined, undefined]);
	});
});

describe("fal's size of the file", () => {
	test.each(['1234', null, -5, 0, 1e300, 1.5, NaN])('of %p is none', async (file_size) => {
		await expectWhole([], { video: { file_size } });
	});
});

describe('what is no file', () => {
	test.each<[string, Fault]>([
		['an empty response', { kind: 'emptyFile' }],
		["a gateway's page", page],
		['JSON', { kind: 'status', status: 200, json: { detail: 'soon' } }],
		[
			'a page that is said to be a video',
			{ kind: 'status', status: 200, html: '\n <HTML>', headers: TYPED },
		],
		[
			'a page whose beginning is blank',
			{ kind: 'status', status: 200, html: ' '.repeat(70_000) + '<html>', headers: TYPED },
		],
		[
			'a kind of JSON',
			{
				kind: 'status',
				status: 200,
				html: '{}',
				headers: { 'content-type': 'application/vnd.api+json' },
			},
		],
		[
			'a file in an unknown encoding',
			{
				kind: 'status',
				status: 200,
				html: 'packed',
				headers: { ...TYPED, 'content-encoding': 'zstd' },
			},
		],
		[
			'XML without a type',
			{
				kind: 'status',
				status: 200,
				html: '<?xml version="1.0"?><Error/>',
				headers: { 'content-type': '' },
			},
		],
	])('is asked for again: %s', async (_what, fault) => {
		await expectWhole([fault]);
		await expect(downloads().length).toBeGreaterThan(2);
	});
});

describe('text where fal gives no size', () => {
	test.each(['text/plain', 'video/mp4'])('of the type %s is asked for again', async (type) => {
		const headers = { 'content-type': type };
		const text: Fault = { kind: 'status', status: 200, html: 'Not found', headers };
		await expectWhole([text], { without: ['file_size'] });
	});
});

test.each([
	['an empty one', 'data:video/mp4;base64,', null, 'an empty file came in its place'],
	['a text', 'data:text/plain,Not%20found', null, 'a web page or text came in its place'],
	['a part of it', 'data:video/mp4;base64,AAAAIGZ0eXA=', 5000, '5000 bytes, but 8 arrived'],
	[
		'an end in its middle',
		'data:video/mp4;base64,AAAAIGZ0eXA=AAAAIGZ0',
		null,
		'not all of it is base64',
	],
	['what is no base64', 'data:video/mp4;base64,AAAA IGZ0<br>eXA=', null, 'not all of it is base64'],
	['a part of a byte', 'data:video/mp4;base64,AAAAIGZ0e', null, 'not all of it is base64'],
])('a data: URI with %s is no video', async (_case, url, file_size, words) => {
	scene.fal.script('a fox', { output: { video: { url, file_size } } });
	const { error } = await engine.run({
		parameters: videoParameters(),
		credential: scene.credential,
	});
	expect(error!.message).toContain(words);
});

describe('what stays wrong', () => {
	/** It is tried for half a minute, so all are tried side by side. */
	const WRONG: Array<[string, Fault[], OutputChanges, string]> = [
		['cut', often(cutUnseen), { validator: 'none' }, 'bytes, but 500 arrived'],
		['sized', [], { video: { file_size: 7 } }, 'fal says that the file has 7 bytes'],
		['page', often(page), {}, 'a response of the type text/html came in its place'],
		['empty', often({ kind: 'emptyFile' }), {}, 'an empty file came in its place'],
	];

	test('is an error that says what came, and how to get the video', async () => {
		for (const [prompt, download, output] of WRONG) {
			scene.fal.script(prompt, { download, output });
		}
		const { outputs } = await engine.run({
			parameters: videoParameters({ options: { timeoutSeconds: 50 } }),
			items: WRONG.map(([prompt]) => ({ prompt })),
			credential: scene.credential,
			onError: 'continueErrorOutput',
		});
		expect(outputs[0] ?? []).toEqual([]);
		const errors = outputs[1]!.map(({ json }) => String(json.error));
		for (const [i, [, , , words]] of WRONG.entries()) {
			expect(errors[i]).toContain('The video is made and paid for, but did not arrive');
			expect(errors[i]).toContain(words);
		}
	});
});

describe("n8n's binary store", () => {
	test('that fails before it reads leaves no connection open', async () => {
		await scene.restart({ preparedBytes: 64 * MIB });
		const open = () =>
			process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
		const before = open();
		// Where its folder should be is a file.
		const folder = join(process.env.N8N_USER_FOLDER!, '.n8n', 'storage');
		await rename(folder, `${folder}.away`);
		await writeFile(folder, '');
		const { error } = await generate([]);
		await rm(folder);
		await rename(`${folder}.away`, folder);
		expect(error!.message).toContain('The video is made and paid for, but did not arrive');
		await until(() => open() <= before);
	});
});

describe('a download that breaks off', () => {
	/** So much that its beginning has been read when it breaks. */
	const cut: Fault = { kind: 'cutDownload', afterBytes: 6 * MIB };
	const resumed = expect.stringMatching(/^bytes=[1-9]\d+-$/);

	beforeEach(async () => {
		await scene.restart({ preparedBytes: 8 * MIB });
	});

	test('is resumed with a strong ETag', async () => {
		await expectWhole([cut]);
		expect(ranges()).toEqual([undefined, resumed, undefined]);
		expect(downloads()[1]!.headers['if-range']).toMatch(/^"/);
	});

	test.each(['weak', 'none'] as const)(
		'begins again with a validator that is %s',
		async (validator) => {
			await expectWhole([cut, cut], { validator });
			expect(ranges()).toEqual([undefined, undefined, undefined, undefined]);
		},
	);

	test.each<Fault>([
		{ kind: 'otherVersion', etag: 'other' },
		{ kind: 'otherVersion', etag: 'none' },
		{ kind: 'otherTotal' },
	])('is never joined with what is not its rest: %j', async (fault) => {
		await expectWhole([cut, fault]);
		expect(ranges().slice(0, 3)).toEqual([undefined, resumed, undefined]);
	});
});

describe('a file that is packed on its way', () => {
	const packed = { kind: 'encoded' } as const;

	test.each(['gzip', 'br'] as const)('with %s arrives as it was', async (encoding) => {
		await expectWhole([{ ...packed, encoding }]);
		expect(downloads()).toHaveLength(2);
	});

	test.each(['gzip', 'br'] as const)(
		'with %s arrives without a size of fal, too',
		async (encoding) => {
			await expectWhole([{ ...packed, encoding }], { without: ['file_size'] });
		},
	);

	test.each(['gzip', 'br'] as const)(
		'with %s begins again when it breaks off',
		async (encoding) => {
			await expectWhole([{ ...packed, encoding, afterBytes: 700 }]);
			expect(ranges()).toEqual([undefined, undefined, undefined]);
		},
	);
});
