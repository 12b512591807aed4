import { nextStep } from '../../../../nodes/FalLtxVideo/output/errors/nextStep';
import type { FalFault } from '../../../../nodes/FalLtxVideo/fal/errors/FalFault';

const stepFor = (fault: Partial<FalFault>) =>
	nextStep({ kind: 'response', doing: 'Asking', ...fault });

test.each<[string, Partial<FalFault>, string]>([
	[
		'content policy',
		{ status: 422, detail: [{ type: 'content_policy_violation' }] },
		'Change the prompt',
	],
	[
		'the link of a LoRA, with its row',
		{ status: 422, detail: [{ loc: ['body', 'loras', 1, 'path'], type: 'file_download_error' }] },
		'The LoRA in row 2: fal could not download it. A link must open without a login',
	],
	[
		'a repository that needs a weight name',
		{ status: 422, detail: [{ loc: ['body', 'loras', 0, 'weight_name'], type: 'value_error' }] },
		'The LoRA in row 1: fal can not use it. It must be a .safetensors file made for LTX-2.3; of a repository with several of them, Weight Name says which',
	],
	[
		'any other input',
		{ status: 422, detail: [{ type: 'less_than_equal' }] },
		'Change what is named',
	],
	['bad key', { status: 401 }, 'Check the API key'],
	['exhausted balance', { status: 403 }, 'balance is used up'],
	['unknown application', { status: 404 }, 'does not know'],
	['concurrency', { status: 429 }, 'Max Concurrency'],
	['start timeout', { status: 504, errorType: 'request_timeout' }, 'Start Timeout'],
	['generation timeout', { status: 504, errorType: 'generation_timeout' }, 'fewer frames'],
	['cancelled', { status: 499, errorType: 'client_cancelled' }, 'was cancelled'],
	['a broken runner', { status: 503, errorType: 'runner_disconnected' }, 'an internal error'],
])('%s', (_case, fault, words) => {
	expect(stepFor(fault)).toContain(words);
});

test('a gateway page and a dead network have a next step, too', () => {
	expect(nextStep({ kind: 'unreadable', doing: 'Asking', status: 502 })).toContain('in its place');
	expect(nextStep({ kind: 'network', doing: 'Asking' })).toContain('proxy');
});

test("fal's opinion decides whether a retry is suggested", () => {
	expect(stepFor({ status: 422, retryable: false })).toContain('will not help');
	expect(stepFor({ status: 503, retryable: true })).toContain('may help');
	expect(stepFor({ status: 422 })).not.toContain('trying again');
});

test('more specific details count more than a status code', () => {
	expect(stepFor({ status: 403, next: 'Do this.' })).toBe('Do this.');
});
