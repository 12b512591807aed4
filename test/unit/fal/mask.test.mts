import { FalError } from '../../../nodes/FalLtxVideo/fal/errors/FalError';
import { masked, maskedDeep, maskedLink } from '../../../nodes/FalLtxVideo/fal/mask';

test.each([
	[
		'https://civitai.com/api/download/models/1?token=SECRET',
		'https://civitai.com/api/download/models/1?…',
	],
	[
		'Could not download https://u:SECRET@h.example/x.safetensors.',
		'Could not download https://…@h.example/x.safetensors.',
	],
	[
		'two: http://a.example/?a=SECRET and "https://b.example/c#SECRET"',
		'two: http://a.example/?… and "https://b.example/c?…"',
	],
	['no address: token=1', 'no address: token=1'],
	['civitai.com/api/download/models/1?token=SECRET', 'civitai.com/api/download/models/1?…'],
	['at host.example?SECRET now', 'at host.example?… now'],
	['"//host.example/x?k=SECRET"', '"//host.example/x?…"'],
	["path='/api/x?SECRET'", "path='/api/x?…'"],
	["https://h.example/x?a=it's&k=SECRET", 'https://h.example/x?…'],
	['{"u":"h.example/x?a=1\\u0026k=SECRET"}', '{"u":"h.example/x?…"}'],
	['https:\\/\\/h.example\\/x?k=SECRET', 'https:\\/\\/h.example\\/x?…'],
	['h.example/c#SECRET', 'h.example/c?…'],
	['s3://bucket/x?sig=SECRET', 's3://bucket/x?…'],
	['u:SECRET@h.example/x', '…@h.example/x'],
	['u:SECRET@h.example', '…@h.example'],
	['s3://u:SECRET@bucket', 's3://…@bucket'],
	['{"u":"https:\\/\\/u:SECRET@h\\/x"}', '{"u":"https:\\/\\/…@h\\/x"}'],
	['https://h/x?token="SECRET"', 'https://h/x?…"'],
	['https://h/x?a=\\"SECRET\\" and', 'https://h/x?…\\" and'],
	["https://h/x?a='&token=SECRET", 'https://h/x?…'],
	['https://h/x?a=<SECRET>', 'https://h/x?…>'],
	['https://h/x%3Ftoken%3DSECRET', 'https://h/x?…'],
	['{"u":"https://h/x\\u003ftoken=SECRET"}', '{"u":"https://h/x?…"}'],
	['https://h/x;token=SECRET/y', 'https://h/x?…'],
	['h.example#token=SECRET', 'h.example?…'],
	['/path#token=SECRET', '/path?…'],
	['text/html;charset=utf-8', 'text/html;charset=utf-8'],
	['mailto:a@b.example', 'mailto:a@b.example'],
	['localhost:5678/x', 'localhost:5678/x'],
	['what? yes', 'what? yes'],
	['a/b? (or c/d?), "e.f?"', 'a/b? (or c/d?), "e.f?"'],
	['really?!yes, e.g. owner/repo#12', 'really?!yes, e.g. owner/repo#12'],
	['mail a@b.example, https://h.example/@user/x', 'mail a@b.example, https://h.example/@user/x'],
	['masked once: https://h.example/x?…', 'masked once: https://h.example/x?…'],
	['https://huggingface.co/owner/repo', 'https://huggingface.co/owner/repo'],
])('%s', (text, expected) => {
	expect(masked(text)).toBe(expected);
});

test('of what is known to be an address, all behind its question mark is cut', () => {
	expect(maskedLink('a-style?my SECRET')).toBe('a-style?…');
	expect(maskedLink('owner/repo')).toBe('owner/repo');
});

test.each([
	'%3f',
	'#a',
	';a',
	'?a="',
	'/\\/',
	'?',
	'/',
	"a'",
	'a.',
	'//a@',
	'\\u',
	'a:',
	'a/?!',
	'//x?',
	'?a=',
	'a#',
	'-.',
])('200 kB of %j take linear time', (piece) => {
	const long = piece.repeat(200_000 / piece.length);
	const started = performance.now();
	masked(`${long} ${long}`);
	maskedLink(long);
	// Quadratic time would be minutes.
	expect(performance.now() - started).toBeLessThan(1_000);
});

test('texts are masked wherever they are', () => {
	const value = {
		a: ['https://h.example/?k=SECRET', 1, null],
		b: { c: 'https://h.example/?k=SECRET' },
		'https://h.example/?k=SECRET': 1,
	};
	expect(JSON.stringify(maskedDeep(value))).not.toContain('SECRET');
	expect(maskedDeep(value)).toMatchObject({ a: ['https://h.example/?…', 1, null] });
});

test('so are the places of faults', () => {
	const loc = ['body', 'https://h.example/?k=SECRET', 0];
	const { fault, message } = new FalError({
		...{ kind: 'response', doing: 'Submitting', status: 422 },
		detail: [{ loc, msg: 'is wrong' }],
	});
	expect(JSON.stringify({ fault, message })).not.toContain('SECRET');
	expect(fault.detail).toMatchObject([{ loc: ['body', 'https://h.example/?…', 0] }]);
});

test('what the network or its guard says is masked in every failure', () => {
	const reason = 'blocked: https://n8n.example/webhook-waiting/1/fal-ltx?signature=SECRET';
	const { fault, message } = new FalError({ kind: 'network', doing: 'Submitting', reason });
	expect(JSON.stringify({ fault, message })).not.toContain('SECRET');
	expect(fault.reason).toBe('blocked: https://n8n.example/webhook-waiting/1/fal-ltx?…');
});
