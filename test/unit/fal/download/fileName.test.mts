import fc from 'fast-check';
import { inputs } from '../../../../nodes/FalLtxVideo/endpoints/inputs';
import {
	describeFile,
	extensionOfBytes,
	type FalFile,
	saidExtension,
} from '../../../../nodes/FalLtxVideo/fal/download/fileName';

/** As a file is described of which nothing but MP4 is known. */
const described = (file: FalFile, fileName?: string) =>
	describeFile(file, { fallbackName: 'id', fileName }, saidExtension(file) ?? 'mp4');

const url = 'https://v3b.fal.media/files/b/x/clip_one.mp4?token=1';

test.each([
	['all given', { url, file_name: 'a.mp4', content_type: 'video/mp4' }, 'a.mp4', 'video/mp4'],
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
		'a_ZZ.mp4',
		'video/mp4',
	],
	['a path', { url, file_name: '../../etc/passwd' }, '_.._etc_passwd.mp4', 'video/mp4'],
	['a Windows path', { url, file_name: 'C:\\x\\a.mov' }, 'C__x_a.mov', 'video/quicktime'],
	['a hidden file', { url, file_name: '.htaccess' }, 'htaccess.mp4', 'video/mp4'],
	['an option', { url, file_name: '--help.mp4' }, 'help.mp4', 'video/mp4'],
	['nothing but dots', { url, file_name: '....' }, 'id.mp4', 'video/mp4'],
	['HTML', { url, file_name: '<img src=x>.gif' }, '_img_src_x_.gif', 'image/gif'],
	['a header', { url, file_name: 'a"\r\nx: y.mp4' }, 'a___x__y.mp4', 'video/mp4'],
	['not a text', { url, file_name: { a: 1 }, content_type: ['x'] }, 'clip_one.mp4', 'video/mp4'],
	['a page', { url, file_name: 'a.html', content_type: 'text/html' }, 'a.mp4', 'video/mp4'],
	['a program', { url, file_name: 'a.mp4.exe', content_type: 'x/y' }, 'a.mp4.mp4', 'video/mp4'],
	[
		'a name and a type that differ',
		{ url, file_name: 'a.gif', content_type: 'Video/WebM; codecs="vp9"' },
		'a.webm',
		'video/webm',
	],
	['a name of Object', { url, file_name: 'a.constructor' }, 'a.constructor.mp4', 'video/mp4'],
	['a data URI of a page', { url: 'data:text/html;base64,AAAA' }, 'id.mp4', 'video/mp4'],
	[
		'a long name',
		{ url, file_name: `${'a'.repeat(300)}.webm` },
		`${'a'.repeat(95)}.webm`,
		'video/webm',
	],
])('%s', (_case, file, name, mime) => {
	expect(described(file)).toEqual({ name, mime });
});

test('every format that fal makes has its extension and type', () => {
	const formats = inputs.video_output_type.schema.options;
	for (const format of formats) {
		const extension = /\.(\w+)\)$/.exec(format)![1];
		const { name } = described({ url: `https://x.example/a.${extension}` });
		expect(name).toBe(`a.${extension}`);
	}
});

test('a name is plain and short, whatever is said', () => {
	fc.assert(
		fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.string(), (name, type) => {
			const file = described({ url, file_name: name, content_type: type });
			expect(file.name).toMatch(/^\w[\w.-]{0,94}\.(mp4|webm|mov|gif)$/);
			expect(file.mime).toMatch(/^(video\/(mp4|webm|quicktime)|image\/gif)$/);
		}),
	);
});

describe('a name that was chosen', () => {
	test.each([
		['fox', 'fox.mp4'],
		['fox.mp4', 'fox.mp4'],
		['fox.MP4', 'fox.mp4'],
		['fox.webm', 'fox.mp4'],
		['take 2.5', 'take 2.5.mp4'],
		['Ein Fuchs im Schnee – für Änne', 'Ein Fuchs im Schnee – für Änne.mp4'],
		['雪の中の狐🦊', '雪の中の狐🦊.mp4'],
		['a/b\\c:d*e?f"g<h>i|j', 'a_b_c_d_e_f_g_h_i_j.mp4'],
		['a\nb\tc\0d', 'a_b_c_d.mp4'],
		['../../etc/passwd', '_.._etc_passwd.mp4'],
		['.hidden', 'hidden.mp4'],
		['--help', 'help.mp4'],
		['  fox .mp4 ', 'fox.mp4'],
		['cut \ud83e', 'cut _.mp4'],
		['\u202efox', '_fox.mp4'],
		['...', 'clip_one.mp4'],
		['.mp4', 'clip_one.mp4'],
	])('%j becomes %s', (chosen, name) => {
		expect(described({ url }, chosen)).toEqual({ name, mime: 'video/mp4' });
	});

	test('has the extension of the file, whatever it is', () => {
		const file = { url, content_type: 'video/webm', file_name: 'x.webm' };
		expect(described(file, 'fox.mp4')).toEqual({ name: 'fox.webm', mime: 'video/webm' });
	});

	test('can be stored everywhere, whatever it is', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (chosen) => {
				const { name } = described({ url }, chosen);
				expect(Buffer.byteLength(name)).toBeLessThanOrEqual(245);
				expect(name).toMatch(/^[^.\s-].*\.mp4$/su);
				expect(name).not.toMatch(/[\\/:*?"<>|\p{Cc}\p{Cs}]/u);
				expect(() => encodeURIComponent(name)).not.toThrow();
			}),
		);
	});
});

describe('what fal says nothing of', () => {
	test.each([
		['gif', 'GIF89a\0\0\0\0\0\0'],
		['webm', '\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81'],
		['mov', '\0\0\0\x14ftypqt  '],
		['mov', '\0\0\0\x08wide\0\0\0\0'],
		['mp4', '\0\0\0\x20ftypisom'],
		['mp4', '\0'],
	])('is a %s when it begins with %j', (extension, start) => {
		expect(extensionOfBytes(Buffer.from(start, 'latin1'))).toBe(extension);
	});

	test.each([
		[{ url: 'https://x.example/' }, undefined],
		[{ url: 'https://x.example/clip', content_type: 'application/octet-stream' }, undefined],
		[{ url: 'data:;base64,AAAA' }, undefined],
		[{ url: 'https://x.example/clip.webm' }, 'webm'],
	])('%j: %s', (file, extension) => {
		expect(saidExtension(file)).toBe(extension);
	});
});
