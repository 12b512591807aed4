import { describeFile } from '../../../nodes/FalLtxVideo/fal/download/storeFile';

const url = 'https://v3b.fal.media/files/b/x/clip_one.mp4?token=1';

test.each([
	['all told', { url, file_name: 'a.mp4', content_type: 'video/mp4' }, 'a.mp4', 'video/mp4'],
	['only an address', { url }, 'clip_one.mp4', 'video/mp4'],
	['nulls', { url, file_name: null, content_type: null }, 'clip_one.mp4', 'video/mp4'],
	['webm', { url: 'https://x.example/a.webm' }, 'a.webm', 'video/webm'],
	['mov', { url: 'https://x.example/a.mov' }, 'a.mov', 'video/quicktime'],
	['gif', { url: 'https://x.example/a.gif' }, 'a.gif', 'image/gif'],
	[
		'a type, no name',
		{ url: 'https://x.example/', content_type: 'video/webm' },
		'id.webm',
		'video/webm',
	],
	[
		'a name without extension',
		{ url, file_name: 'clip', content_type: 'image/gif' },
		'clip.gif',
		'image/gif',
	],
	[
		'a type that says nothing',
		{ url, content_type: 'application/octet-stream' },
		'clip_one.mp4',
		'video/mp4',
	],
	['nothing at all', { url: 'https://x.example/' }, 'id.mp4', 'video/mp4'],
	['a data URI', { url: 'data:video/webm;base64,AAAA' }, 'id.webm', 'video/webm'],
	[
		'a name that is not well encoded',
		{ url: 'https://x.example/a%ZZ.mp4' },
		'a%ZZ.mp4',
		'video/mp4',
	],
])('%s', (_case, file, name, mime) => {
	expect(describeFile(file, 'id')).toEqual({ name, mime });
});
