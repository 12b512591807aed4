import type { Medium } from '../../../../nodes/FalLtxVideo/endpoints/inputs';
import { resolveMediaLink } from '../../../../nodes/FalLtxVideo/parameters/links/mediaLink';

const MEDIA: Medium[] = ['image', 'audio', 'video'];
const EXTENSION = { image: 'png', audio: 'wav', video: 'mp4' };

const DRIVE = 'https://drive.usercontent.google.com/download?id=1a-B_c&export=download&confirm=t';

describe.each(MEDIA)('%s', (medium) => {
	const x = `x.${EXTENSION[medium]}`;
	const resolve = (link: string) => resolveMediaLink(medium, link, true);

	test.each([
		[`https://huggingface.co/o/r/blob/main/${x}`, `https://huggingface.co/o/r/resolve/main/${x}`],
		[
			`https://huggingface.co/datasets/o/r/blob/main/a/${x}`,
			`https://huggingface.co/datasets/o/r/resolve/main/a/${x}`,
		],
		[`huggingface.co/spaces/o/r/${x}`, `https://huggingface.co/spaces/o/r/resolve/main/${x}`],
		[`https://github.com/o/r/blob/main/${x}`, `https://github.com/o/r/raw/main/${x}`],
		[`https://gitlab.com/o/r/-/blob/main/${x}`, `https://gitlab.com/o/r/-/raw/main/${x}`],
		['https://drive.google.com/file/d/1a-B_c/view', DRIVE],
		[
			`https://www.dropbox.com/scl/fi/1/${x}?rlkey=SECRET&dl=0`,
			`https://www.dropbox.com/scl/fi/1/${x}?dl=1&rlkey=SECRET`,
		],
		[
			`https://commons.wikimedia.org/wiki/File:${x}`,
			`https://commons.wikimedia.org/wiki/Special:FilePath/${x}`,
		],
		[`github.com/o/r/raw/main/${x}`, `https://github.com/o/r/raw/main/${x}`],
	])('%s is used as the file', (link, file) => {
		const resolved = resolve(link);
		expect(resolved).toEqual({
			link: file,
			hint: expect.stringMatching(/ is .*, so .* is used in its place/),
		});
		expect(resolved.hint).not.toContain('SECRET');
		expect(resolve(file)).toEqual({ link: file });
	});

	test.each([
		['https://www.youtube.com/watch?v=1', 'read the file into the workflow and choose Binary File'],
		['youtu.be/1', 'choose Binary File'],
		['https://m.youtube.com/shorts/1', 'choose Binary File'],
		['https://vimeo.com/123', 'choose Binary File'],
		['https://player.vimeo.com/video/123', 'choose Binary File'],
		['https://www.tiktok.com/@a/video/1', 'choose Binary File'],
		['https://vm.tiktok.com/ZM1/', 'choose Binary File'],
		['https://www.instagram.com/reel/1/', 'choose Binary File'],
		['https://x.com/a/status/1', 'choose Binary File'],
		['https://www.facebook.com/watch?v=1', 'choose Binary File'],
		['https://open.spotify.com/track/1', 'choose Binary File'],
		['https://soundcloud.com/a/b', 'choose Binary File'],
		['https://a.bandcamp.com/track/b', 'choose Binary File'],
		['https://photos.google.com/share/1', 'choose Binary File'],
		['https://photos.app.goo.gl/1', 'choose Binary File'],
		['https://www.icloud.com/photos/#1', 'choose Binary File'],
		['https://share.icloud.com/photos/1', 'choose Binary File'],
		['https://unsplash.com/photos/a-fox-1', 'the file itself, not of the page about it'],
		['https://www.pexels.com/photo/a-fox-1/', 'the file itself, not of the page about it'],
		['https://www.pexels.com/de-de/video/a-fox-1/', 'the file itself, not of the page about it'],
		['https://pixabay.com/photos/fox-1/', 'the file itself, not of the page about it'],
		['https://civitai.com/images/1', 'the file itself, not of the page about it'],
		['https://civitai.com/models/1?modelVersionId=2', 'the file itself, not of the page about it'],
		['https://imgur.com/a/1', 'the file itself, not of the page about it'],
		['https://drive.google.com/drive/folders/1', 'a single file'],
		['https://www.dropbox.com/scl/fo/1/x', 'a single file'],
		['https://huggingface.co/o/r', 'https://huggingface.co/o/r/resolve/main/NAME.'],
		[
			'https://huggingface.co/datasets/o/r/tree/main',
			'huggingface.co/datasets/o/r/resolve/main/NAME.',
		],
		['https://huggingface.co/o/r/tree/main/a', 'https://huggingface.co/o/r/resolve/main/NAME.'],
		['https://github.com/o/r', 'https://github.com/o/r/raw/main/NAME.'],
		['https://example.com/x.pdf?token=SECRET', 'file, such as'],
		['https://example.com/x.docx', 'this is a text or a document'],
		['https://example.com/x.zip', 'unpack the archive'],
		['https://example.com/x.m3u8', 'this is a playlist'],
		['https://example.com/x.safetensors', 'this is a file of weights'],
		['https://example.com/x.html', 'this is a web page'],
		['https://github.com/o/r/blob/main/README.md', 'this is a text'],
		['example.com/x', 'that starts with https://: this one lacks it'],
		['//example.com/x', 'that starts with https://: this one lacks it'],
		['a fox', 'that starts with https://'],
		['owner/repo', 'that starts with https://'],
		['https://', 'is a valid URL'],
		['https:/example.com/x', 'that starts with https://'],
		['ftp://example.com/x', 'fal fetches nothing by ftp:'],
		['s3://bucket/x', 'fal fetches nothing by s3:'],
		['blob:https://example.com/1', 'a single browser'],
		['/home/me/x', 'choose Binary File'],
		['C:\\x', 'choose Binary File'],
		['file:///x', 'choose Binary File'],
		['~/x', 'choose Binary File'],
		['http://localhost/x', 'an address that fal can reach'],
		['http://192.168.1.2/x', 'an address that fal can reach'],
		['https://a.example/x https://b.example/y', 'a single link'],
		['https://a.example/x,https://b.example/y?token=SECRET', 'a single link'],
		['data:text/html,x', 'file, such as'],
		['data:,x', 'this is a data URI of text/plain'],
		['data:application/pdf;base64,AAAA', 'this is a data URI of application/pdf'],
		['data:image/png', 'with its type and a comma'],
	])('%s is refused', (link, instead) => {
		const resolved = resolve(link);
		expect(resolved).toEqual({ link, instead: expect.stringContaining(instead) });
		expect(resolved.instead).not.toContain('SECRET');
		expect(resolved.instead).not.toMatch(/\$|undefined/);
	});

	test.each([
		'https://example.com/x',
		'https://example.com/download?file=x.pdf',
		`https://example.com/${x}?token=1`,
		`https://example.com/w_1,h_2/${x}`,
		`https://example.com/a b, c/${x}`,
		'https://example.com/x.bin',
		'https://v3.fal.media/files/b/1/x',
		'https://raw.githubusercontent.com/o/r/main/x',
		'https://images.unsplash.com/photo-1?w=100',
		'https://unsplash.com/photos/1/download?force=true',
		'https://images.pexels.com/photos/1/x',
		'https://www.pexels.com/download/video/1/',
		'https://i.imgur.com/1',
		'https://lh3.googleusercontent.com/d/1',
		'https://player.vimeo.com/external/1.hd?s=2',
		'https://docs.google.com/presentation/d/1/export/png',
	])('%s is left alone', (link) => {
		expect(resolve(link)).toEqual({ link });
	});

	test('a fal in the same network reaches its addresses', () => {
		const link = `http://10.0.0.1/${x}`;
		expect(resolveMediaLink(medium, link, false)).toEqual({ link });
	});

	test('a data URI whose type says nothing gets a hint', () => {
		const link = 'data:application/octet-stream;base64,AAAA';
		expect(resolve(link)).toEqual({ link, hint: expect.stringContaining('octet-stream') });
	});

	test('blanks at the ends are cut off', () => {
		expect(resolve(`\n https://example.com/${x} `)).toEqual({ link: `https://example.com/${x}` });
	});
});

test.each<[Medium, string, string, boolean]>([
	['image', 'png', 'image/png', true],
	['image', 'JPEG', 'image/jpeg', true],
	['image', 'gif', 'image/gif', true],
	['image', 'mp3', 'audio/mpeg', false],
	['image', 'mp4', 'video/mp4', false],
	['audio', 'mp3', 'audio/mpeg', true],
	['audio', 'ogg', 'application/ogg', true],
	['audio', 'mp4', 'video/mp4', true],
	['audio', 'mov', 'video/quicktime', true],
	['audio', 'webm', 'video/webm', true],
	['audio', 'png', 'image/png', false],
	['audio', 'gif', 'image/gif', false],
	['video', 'mp4', 'video/mp4;codecs=avc1', true],
	['video', 'gif', 'image/gif', true],
	['video', 'png', 'image/png', false],
	['video', 'mp3', 'audio/mpeg', false],
])('as %s, a .%s file and a data URI of %s: %s', (medium, extension, type, isTaken) => {
	for (const link of [`https://example.com/x.${extension}?a=b.c`, `data:${type};base64,AA`]) {
		const { instead } = resolveMediaLink(medium, link, true);
		expect({ link, isTaken: instead === undefined }).toEqual({ link, isTaken });
	}
});
