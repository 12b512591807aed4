import { checkPath, isLink } from '../../../../nodes/FalLtxVideo/parameters/links/loraLink';

const CIVITAI = 'https://civitai.com/api/download/models/';

describe('what leads to no file is refused, with what to give instead', () => {
	test.each([
		[
			'https://huggingface.co/o/r/blob/main/a/x.safetensors',
			'https://huggingface.co/o/r/resolve/main/a/x.safetensors',
		],
		[
			'https://huggingface.co/o/r/raw/main/x.safetensors?download=true',
			'https://huggingface.co/o/r/resolve/main/x.safetensors',
		],
		[
			'https://hf.co/datasets/o/r/blob/main/x.safetensors',
			'https://huggingface.co/datasets/o/r/resolve/main/x.safetensors',
		],
		['https://huggingface.co/o/r', 'the name of the repository, o/r, or'],
		['https://www.huggingface.co/o/r/', 'the name of the repository, o/r, or'],
		['https://huggingface.co/o/r/tree/main/loras', 'the name of the repository, o/r, or'],
		[
			'https://huggingface.co/o/r?not-for-all-audiences=true',
			'the name of the repository, o/r, or',
		],
		['https://huggingface.co/spaces/o/r', 'a file, not a page'],
		[
			'huggingface.co/o/r/blob/main/x.safetensors',
			'https://huggingface.co/o/r/resolve/main/x.safetensors',
		],
		['https://civitai.com/models/12?modelVersionId=345', `${CIVITAI}345`],
		['https://civitai.com/models/12/a-style?type=Model&modelVersionId=345#x', `${CIVITAI}345`],
		['https://civitai.com/models/12/a-style', `${CIVITAI}ID`],
		['civitai.com/models/12', `${CIVITAI}ID`],
		['https://civitai.com/api/v1/model-versions/345', `${CIVITAI}345`],
		[
			'https://github.com/o/r/blob/main/x.safetensors',
			'https://github.com/o/r/raw/main/x.safetensors',
		],
		[
			'https://github.com/o/r/blob/main/x.safetensors?raw=trueish',
			'https://github.com/o/r/raw/main/x.safetensors',
		],
		['https://github.com/o/r', 'https://github.com/o/r/raw/main/NAME.safetensors'],
		['https://github.com/o/r/releases/tag/v1', 'the link of a file in a release'],
		[
			'https://drive.google.com/file/d/1a-B_c/view?usp=sharing',
			'https://drive.usercontent.google.com/download?id=1a-B_c&export=download&confirm=t',
		],
		['https://drive.google.com/open?id=1a-B_c', 'download?id=1a-B_c&'],
		['https://drive.google.com/drive/u/0/folders/1a', 'a single file'],
		['https://www.dropbox.com/scl/fi/1/x.safetensors?rlkey=SECRET&dl=0', 'dl=1 in place of dl=0'],
		['https://www.dropbox.com/s/1/x.safetensors', 'dl=1 in place of dl=0'],
		['https://www.dropbox.com/scl/fo/1/x?dl=1', 'a single file'],
		['https://example.com/a/x.ckpt?token=SECRET', 'look for one of the same LoRA'],
		['https://example.com/x.PT', 'look for one of the same LoRA'],
		['https://github.com/o/r/archive/main.zip', 'unpack the archive'],
		['/home/me/x.safetensors', 'set Source (source) to Binary File'],
		['C:\\loras\\x.safetensors', 'set Source (source) to Binary File'],
		['file:///x.safetensors', 'set Source (source) to Binary File'],
	])('%s', (path, instead) => {
		const remark = checkPath(path);
		expect(remark.instead).toContain(instead);
		expect(remark.instead).not.toContain('SECRET');
	});
});

describe('what fal may take is left alone', () => {
	test.each([
		'owner/repo',
		'Owner-1/a_b.c-d',
		'https://huggingface.co/o/r/resolve/main/x.safetensors',
		'https://huggingface.co/o/r/resolve/main/x.safetensors?download=true',
		'https://civitai.com/api/download/models/345?type=Model&format=SafeTensor&token=abc',
		'https://github.com/o/r/raw/main/x.safetensors',
		'https://github.com/o/r/blob/main/x.safetensors?raw=true',
		'https://github.com/o/r/blob/main/x.safetensors?a=1&raw=1#L1',
		'https://github.com/o/r/releases/download/v1/x.safetensors',
		'https://raw.githubusercontent.com/o/r/main/x.safetensors',
		'https://www.dropbox.com/scl/fi/1/x.safetensors?rlkey=1&dl=1',
		'https://drive.google.com/uc?export=download&id=1',
		'https://v3.fal.media/files/b/1/x.safetensors',
		'https://example.com/download?id=1',
		'https://example.com/',
		'http://127.0.0.1:1/files/b/x.safetensors',
	])('%s', (path) => {
		expect(checkPath(path)).toEqual({});
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
		['civitai.com/api/download/models/1?token=SECRET', 'without https:// at its start'],
		['s3://bucket/x.safetensors', 'start with https'],
		['https://', 'not a valid URL'],
	])('%s', (path, hint) => {
		const remark = checkPath(path);
		expect(remark.instead).toBeUndefined();
		expect(remark.hint).toContain(hint);
	});
});

test('a link is distinguished from a name', () => {
	expect(isLink('HTTPS://example.com/x')).toBe(true);
	expect(isLink('owner/repo')).toBe(false);
});
