import { FalError } from '../../../nodes/FalLtxVideo/fal/FalError';
import { masked, maskedDeep } from '../../../nodes/FalLtxVideo/fal/mask';

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
	['https://huggingface.co/owner/repo', 'https://huggingface.co/owner/repo'],
])('%s', (text, expected) => {
	expect(masked(text)).toBe(expected);
});

test('texts are masked wherever they are', () => {
	const value = {
		a: ['https://h.example/?k=SECRET', 1, null],
		b: { c: 'https://h.example/?k=SECRET' },
	};
	expect(JSON.stringify(maskedDeep(value))).not.toContain('SECRET');
	expect(maskedDeep(value)).toMatchObject({ a: ['https://h.example/?…', 1, null] });
});

test('what the network or its guard says is masked in every failure', () => {
	const reason = 'blocked: https://n8n.example/webhook-waiting/1/fal-ltx?signature=SECRET';
	const { fault, message } = new FalError({ kind: 'network', doing: 'Submitting', reason });
	expect(JSON.stringify({ fault, message })).not.toContain('SECRET');
	expect(fault.reason).toBe('blocked: https://n8n.example/webhook-waiting/1/fal-ltx?…');
});
