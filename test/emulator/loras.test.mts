import { TINY, withFal } from './support.mts';

interface Refusal {
	detail: Array<{ loc: Array<string | number>; type: string }>;
}

test.each([
	'https://huggingface.co/owner/repo/blob/main/a.safetensors',
	'https://huggingface.co/owner/repo/tree/main',
	'https://huggingface.co/owner/repo',
	'https://civitai.com/models/1?modelVersionId=2',
	'https://github.com/owner/repo/blob/main/a.safetensors',
	'https://drive.google.com/file/d/1/view',
	'https://www.dropbox.com/scl/fi/1/a.safetensors?dl=0',
])('a page is no file: %s', (path) =>
	withFal(async (fal) => {
		const loras = [{ path: 'owner/repo' }, { path }];
		const response = await fal.generate({ ...TINY, prompt: 'fox', loras });
		expect(response.status).toBe(422);
		expect(response.headers.get('x-fal-billable-units')).toBe('0');
		expect(((await response.json()) as Refusal).detail).toEqual([
			expect.objectContaining({ loc: ['body', 'loras', 1, 'path'], type: 'file_download_error' }),
		]);
	}),
);

test('a repository with several weight files wants the name of one', () =>
	withFal(
		async (fal) => {
			const withName = async (weight_name?: string) => {
				const loras = [{ path: 'owner/two', weight_name }];
				return await fal.generate({ ...TINY, prompt: 'fox', loras });
			};
			expect((await withName('b.safetensors')).status).toBe(200);
			for (const name of [undefined, 'c.safetensors']) {
				const response = await withName(name);
				expect(response.status).toBe(422);
				expect(((await response.json()) as Refusal).detail[0]!.loc).toEqual([
					...['body', 'loras', 0, 'weight_name'],
				]);
			}
		},
		{ repositories: { 'owner/two': ['a.safetensors', 'b.safetensors'] } },
	));
