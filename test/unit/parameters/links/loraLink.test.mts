import {
	checkFileName,
	isLink,
	resolveLoraLink,
} from '../../../../nodes/FalLtxVideo/parameters/links/loraLink';

const resolve = (path: string) => resolveLoraLink(path, true);

const HF = 'https://huggingface.co';
const CIVITAI = 'https://civitai.com/api/download/models/';
const DRIVE = 'https://drive.usercontent.google.com/download?id=1a-B_c&export=download&confirm=t';
const DROPBOX = 'https://www.dropbox.com';
const TOKEN = 'need your API key';

describe('what is certain is used, and the person is told', () => {
	test.each<[string, string, string?]>([
		// Hugging Face: the page of a file
		[`${HF}/o/r/blob/main/a/x.safetensors`, `${HF}/o/r/resolve/main/a/x.safetensors`],
		[`${HF}/o/r/raw/main/x.safetensors?download=true`, `${HF}/o/r/resolve/main/x.safetensors`],
		[
			'https://hf.co/datasets/o/r/blob/main/x.safetensors',
			`${HF}/datasets/o/r/resolve/main/x.safetensors`,
		],
		['huggingface.co/o/r/blob/main/x.safetensors', `${HF}/o/r/resolve/main/x.safetensors`],
		['//huggingface.co/o/r/blob/v2/x.safetensors#L1', `${HF}/o/r/resolve/v2/x.safetensors`],
		['https://hf-mirror.com/o/r/blob/main/x.safetensors', `${HF}/o/r/resolve/main/x.safetensors`],
		// Hugging Face: a file without its branch, a link without its scheme
		[`${HF}/o/r/x.safetensors`, `${HF}/o/r/resolve/main/x.safetensors`],
		['huggingface.co/o/r/a/x.safetensors', `${HF}/o/r/resolve/main/a/x.safetensors`],
		['HuggingFace.co/spaces/o/r/x.safetensors', `${HF}/spaces/o/r/resolve/main/x.safetensors`],
		[
			'huggingface.co/o/r/resolve/main/x.safetensors',
			`${HF}/o/r/resolve/main/x.safetensors`,
			'a link without https:// at its start',
		],
		// Hugging Face: the page of a repository
		[`${HF}/o/r`, 'o/r', 'the page of a repository'],
		['https://www.huggingface.co/o/r/', 'o/r'],
		[`${HF}/o/r?not-for-all-audiences=true`, 'o/r'],
		['huggingface.co/o/r', 'o/r'],
		// Civitai
		['https://civitai.com/models/12?modelVersionId=345', `${CIVITAI}345`, TOKEN],
		[
			'https://civitai.com/models/12/a-style?type=Model&modelVersionId=345#x',
			`${CIVITAI}345`,
			TOKEN,
		],
		['civitai.com/models/12?modelVersionId=345', `${CIVITAI}345`, TOKEN],
		['https://civitai.com/api/v1/model-versions/345', `${CIVITAI}345`, TOKEN],
		['civitai.com/api/download/models/345?token=SECRET', `${CIVITAI}345?token=SECRET`],
		// GitHub, GitLab
		[
			'https://github.com/o/r/blob/main/x.safetensors',
			'https://github.com/o/r/raw/main/x.safetensors',
		],
		['github.com/o/r/blob/main/x.safetensors', 'https://github.com/o/r/raw/main/x.safetensors'],
		[
			'https://github.com/o/r/blob/main/x.safetensors?raw=trueish',
			'https://github.com/o/r/raw/main/x.safetensors',
		],
		[
			'https://gitlab.com/g/s/r/-/blob/main/x.safetensors',
			'https://gitlab.com/g/s/r/-/raw/main/x.safetensors',
		],
		// Google Drive
		['https://drive.google.com/file/d/1a-B_c/view?usp=sharing', DRIVE, 'shared with everybody'],
		['https://drive.google.com/file/u/1/d/1a-B_c/edit', DRIVE],
		['https://drive.google.com/open?usp=x&id=1a-B_c', DRIVE],
		['https://drive.google.com/uc?export=download&id=1a-B_c', DRIVE],
		['drive.google.com/file/d/1a-B_c/view?resourcekey=0-SECRET', `${DRIVE}&resourcekey=0-SECRET`],
		// Dropbox
		[
			`${DROPBOX}/scl/fi/1/x.safetensors?rlkey=SECRET&st=2&dl=0`,
			`${DROPBOX}/scl/fi/1/x.safetensors?dl=1&rlkey=SECRET&st=2`,
			'dl=1',
		],
		[
			'dropbox.com/scl/fi/1/x.safetensors?rlkey=SECRET',
			`${DROPBOX}/scl/fi/1/x.safetensors?dl=1&rlkey=SECRET`,
		],
		[`${DROPBOX}/s/1/x.safetensors`, `${DROPBOX}/s/1/x.safetensors?dl=1`],
		[`${DROPBOX}/s/1/x.safetensors?dl=10`, `${DROPBOX}/s/1/x.safetensors?dl=1`],
	])('%s', (path, link, words = 'is used in its place') => {
		const resolved = resolve(path);
		expect(resolved).toEqual({ link, hint: expect.stringContaining(words) });
		expect(resolved.hint).toMatch(/ is .*, so .* is used in its place/);
		expect(resolved.hint).not.toContain('SECRET');
		// What is sent is not changed again.
		expect(resolve(link)).toEqual({ link });
	});

	test('the hint names both', () => {
		expect(resolve(`${HF}/o/r/blob/main/x.safetensors`).hint).toBe(
			`${HF}/o/r/blob/main/x.safetensors is a page about the file, so ${HF}/o/r/resolve/main/x.safetensors is used in its place`,
		);
	});

	test('a token on a page of Civitai goes along, and is not asked for', () => {
		const { link, hint } = resolve('https://civitai.com/models/1?modelVersionId=2&token=SECRET');
		expect(link).toBe(`${CIVITAI}2?token=SECRET`);
		expect(hint).not.toContain(TOKEN);
		expect(hint).not.toContain('SECRET');
	});

	test('a hint about a long link is short', () => {
		const { hint } = resolve(`${HF}/o/r/blob/main/${'a'.repeat(7_000)}.safetensors`);
		expect(hint!.length).toBeLessThan(600);
	});
});

describe('what fal can never take is refused, with what to give instead', () => {
	test.each([
		// Hugging Face
		[`${HF}/o/r/tree/main/loras`, 'the name of the repository, o/r, or'],
		['https://hf-mirror.com/o/r/tree/main', 'the name of the repository, o/r, or'],
		['huggingface.co/o/r/tree/main', 'the name of the repository, o/r, or'],
		[`${HF}/o/r/commits/main/x.safetensors`, 'the name of the repository, o/r, or'],
		[`${HF}/o/r/blob/main`, 'the name of the repository, o/r, or'],
		[`${HF}/o/r/discussions`, 'the name of the repository, o/r, or'],
		[`${HF}/spaces/o/r`, 'a file, not a page'],
		[
			`${HF}/datasets/o/r/tree/main`,
			'a file, not a page: https://huggingface.co/datasets/o/r/resolve/main/NAME.safetensors',
		],
		[`${HF}/datasets/squad`, 'a file, not a page'],
		[`${HF}/owner`, 'a file, not a page'],
		[`${HF}/models?search=ltx`, 'a file, not a page'],
		[`${HF}/collections/o/r`, 'a file, not a page'],
		[`${HF}/o/r/blob/main/x.gguf`, 'a .safetensors file: look for one of the same LoRA'],
		[`${HF}/o/r/blob/main/README.md`, 'a .safetensors file: this is a text'],
		// Civitai
		['https://civitai.com/models/12/a-style', `${CIVITAI}ID`],
		['https://civitai.com/models/12?modelVersionId=', `${CIVITAI}ID`],
		['civitai.com/models/12', `${CIVITAI}ID`],
		['https://civitai.com/images/12', `${CIVITAI}ID`],
		['https://civitai.com/api/v1/model-versions/by-hash/ab', `${CIVITAI}ID`],
		// GitHub, GitLab
		['https://github.com/o/r', 'https://github.com/o/r/raw/main/NAME.safetensors'],
		['https://github.com/o/r/tree/main/loras', 'https://github.com/o/r/raw/main/NAME.safetensors'],
		['https://github.com/o/r/releases/tag/v1', 'the link of a file in a release'],
		['https://gist.github.com/o/0123456789abcdef0123', 'the Raw button'],
		['https://gitlab.com/g/r/-/tree/main', 'https://gitlab.com/g/r/-/raw/main/NAME.safetensors'],
		// Google Drive, Dropbox, others
		['https://drive.google.com/drive/u/0/folders/1a', 'a single file'],
		['drive.google.com/drive/folders/1a?usp=sharing', 'a single file'],
		['https://docs.google.com/document/d/1a/edit', 'not of a document'],
		[`${DROPBOX}/scl/fo/1/x?dl=1`, 'a single file'],
		[`${DROPBOX}/sh/1/x?dl=0`, 'a single file'],
		[`${DROPBOX}/home/x?preview=a.safetensors`, 'that Share gives'],
		['https://mega.nz/file/abc#SECRET', 'set Source (source) to Binary File'],
		['https://www.mediafire.com/file/1/x.safetensors/file', 'set Source (source) to Binary File'],
		['https://we.tl/t-abc', 'set Source (source) to Binary File'],
		// Files of other kinds
		['https://example.com/a/x.ckpt?token=SECRET', 'look for one of the same LoRA'],
		['https://example.com/x.PT', 'look for one of the same LoRA'],
		['https://example.com/x.pth', 'look for one of the same LoRA'],
		['https://example.com/x.gguf?download=true', 'look for one of the same LoRA'],
		['https://example.com/x.json', 'a .safetensors file: this is a text'],
		['https://example.com/x.html', 'a .safetensors file: this is a web page'],
		['https://example.com/x.png', 'a .safetensors file: this is an image'],
		['https://github.com/o/r/archive/main.zip', 'unpack the archive'],
		['https://github.com/o/r/blob/main/x.zip?raw=true', 'unpack the archive'],
		[`${DROPBOX}/scl/fi/1/x.7z?rlkey=SECRET&dl=0`, 'unpack the archive'],
		// Files of a machine
		['/home/me/x.safetensors', 'set Source (source) to Binary File'],
		['C:\\loras\\x.safetensors', 'set Source (source) to Binary File'],
		['c:/loras/x', 'set Source (source) to Binary File'],
		['\\\\server\\share\\x.safetensors', 'set Source (source) to Binary File'],
		['~/x.safetensors', 'set Source (source) to Binary File'],
		['./x.safetensors', 'set Source (source) to Binary File'],
		['%USERPROFILE%\\x.safetensors', 'set Source (source) to Binary File'],
		['file:///x.safetensors', 'set Source (source) to Binary File'],
		['file:///home/me/a b.safetensors', 'set Source (source) to Binary File'],
		['blob:https://civitai.com/1', 'a single browser'],
		// Several
		[
			'https://a.example/x.safetensors https://b.example/y.safetensors',
			'a single link; each further LoRA',
		],
		['https://a.example/x?token=SECRET,https://b.example/y', 'a single link'],
		['https://a.example/x\nhttps://a.example/x', 'a single link'],
		['https://a.example/x,\r\n https://b.example/y', 'a single link'],
		['owner/repo, owner/other', 'a single link'],
		['owner/repo\nhttps://b.example/y', 'a single link'],
	])('%s', (path, instead) => {
		const resolved = resolve(path);
		expect(resolved).toEqual({ link: path, instead: expect.stringContaining(instead) });
		expect(resolved.instead).not.toContain('SECRET');
		expect(resolved.instead).not.toMatch(/\$|undefined/);
	});
});

describe('what fal may take is left alone', () => {
	test.each([
		'owner/repo',
		'Owner-1/a_b.c-d',
		`${HF}/o/r/resolve/main/x.safetensors`,
		`${HF}/o/r/resolve/main/x.safetensors?download=true`,
		'https://hf-mirror.com/o/r/resolve/main/x.safetensors',
		'https://civitai.com/api/download/models/345?type=Model&format=SafeTensor&token=abc',
		'https://github.com/o/r/raw/main/x.safetensors',
		'https://github.com/o/r/blob/main/x.safetensors?raw=true',
		'https://github.com/o/r/blob/main/x.safetensors?a=1&raw=1#L1',
		'https://github.com/o/r/releases/download/v1/x.safetensors',
		'https://raw.githubusercontent.com/o/r/main/x.safetensors',
		'https://www.dropbox.com/scl/fi/1/x.safetensors?rlkey=1&dl=1',
		'https://www.dropbox.com/s/1/x.safetensors?raw=1',
		'https://dl.dropboxusercontent.com/s/1/x.safetensors',
		'https://v3.fal.media/files/b/1/x.safetensors',
		'https://example.com/download?id=1',
		'https://example.com/a, b/x.safetensors',
		'https://proxy.example/?urls=https://a.example/x,https://b.example/y',
		'https://example.com/x.php',
		'https://example.com/',
	])('%s', (path) => {
		expect(resolve(path)).toEqual({ link: path });
	});
});

describe('what is doubtful is hinted at', () => {
	test.each([
		['https://example.com/x.bin', 'mostly no .safetensors file'],
		['a-style', 'neither a link nor owner/repo'],
		[
			'owner/repo/x.safetensors',
			'the repository seems to be owner/repo; x.safetensors belongs into Weight Name',
		],
		['owner/x.safetensors', 'it looks like a file'],
		['example.com/files/x.safetensors', 'without https:// at its start'],
		['s3://bucket/x.safetensors', 'start with https'],
		['https://', 'not a valid URL'],
	])('%s', (path, hint) => {
		expect(resolve(path)).toEqual({ link: path, hint: expect.stringContaining(hint) });
	});

	test('both are said of a file that was found and is doubtful', () => {
		const { link, hint } = resolve(`${HF}/o/r/blob/main/x.bin`);
		expect(link).toBe(`${HF}/o/r/resolve/main/x.bin`);
		expect(hint).toMatch(/is used in its place; a \.bin file is mostly/);
	});
});

describe('an address in a private network', () => {
	const PRIVATE = [
		'http://localhost/x.safetensors',
		'http://127.0.0.1:1/files/b/x.safetensors',
		'http://10.1.2.3/x.safetensors',
		'https://192.168.1.2/x.safetensors',
		'http://[fc00::1]/x.safetensors',
		'http://nas.local/x.safetensors',
		'http://n8n:5678/x.safetensors',
	];

	test.each(PRIVATE)('%s is refused where fal is on the internet', (path) => {
		expect(resolveLoraLink(path, true)).toEqual({
			link: path,
			instead: expect.stringMatching(/an address that fal can reach.*set Source \(source\)/),
		});
	});

	test.each(PRIVATE)('%s is fine for a fal in the same network', (path) => {
		expect(resolveLoraLink(path, false)).toEqual({ link: path });
	});

	test.each(['localhost:8080/x.safetensors', '192.168.1.2/x.safetensors', '//10.0.0.1/a/x'])(
		'%s is one also without its scheme',
		(path) => {
			expect(resolveLoraLink(path, true).instead).toContain('an address that fal can reach');
			expect(resolveLoraLink(path, false).instead).toBeUndefined();
		},
	);

	test('the kind of its file counts all the same', () => {
		expect(resolveLoraLink('http://10.1.2.3/x.ckpt', false).instead).toContain('look for one');
	});
});

test('a link is distinguished from a name', () => {
	expect(isLink('HTTPS://example.com/x')).toBe(true);
	expect(isLink('owner/repo')).toBe(false);
});

test.each([
	['style.ckpt', 'look for one of the same LoRA'],
	['style.gguf', 'look for one of the same LoRA'],
	['style.zip', 'unpack the archive'],
	['page.html', 'this is a web page'],
])('the file %s is refused by its name', (name, words) => {
	expect(checkFileName(name).instead).toContain(words);
});

test.each(['style.safetensors', 'style', '', 'x.bin', 'x.json', 'x.png'])(
	'the content decides about the file %j',
	(name) => expect(checkFileName(name)).toEqual({}),
);
