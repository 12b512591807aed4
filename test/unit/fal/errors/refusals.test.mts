import type { FalFault } from '../../../../nodes/FalLtxVideo/fal/errors/FalFault';
import {
	isEndWithoutResult,
	isLastingRefusal,
} from '../../../../nodes/FalLtxVideo/fal/errors/refusals';

const fault = (changes: Partial<FalFault>): FalFault => ({
	kind: 'response',
	doing: 'Fetching the result',
	...changes,
});
const typed = (type: string) => [{ msg: 'No', type }];

/* What an error of the result means for the next submit of the same input. */

test.each<[string, Partial<FalFault>]>([
	['a 422', { status: 422, detail: typed('content_policy_violation') }],
	['a 422 as text', { status: 422, detail: 'Flagged' }],
	['a 400 with a typed list', { status: 400, detail: typed('value_error') }],
	[
		'a billed one, whatever it is',
		{ status: 422, detail: typed('file_download_error'), billableUnits: '3' },
	],
])('%s is a lasting refusal', (_what, changes) => {
	expect(isLastingRefusal(fault(changes))).toBe(true);
	expect(isEndWithoutResult(fault(changes))).toBe(false);
});

test.each<[string, Partial<FalFault>]>([
	['a file that fal could not download', { status: 422, detail: typed('file_download_error') }],
	['one that fal marks as retryable', { status: 422, detail: typed('x'), retryable: true }],
	["the model's own 500", { status: 500, detail: typed('downstream_service_error') }],
	["fal's own 504", { status: 504, detail: 'Timed out', errorType: 'generation_timeout' }],
	['a cancelled one', { status: 499, detail: 'Cancelled' }],
	[
		'a 404 whose history shows the end',
		{ status: 404, detail: 'Request not found', history: 'ended' },
	],
])('%s is an end after which it may be submitted again', (_what, changes) => {
	expect(isLastingRefusal(fault(changes))).toBe(false);
	expect(isEndWithoutResult(fault(changes))).toBe(true);
});

test.each<[string, Partial<FalFault>]>([
	['a 404 alone', { status: 404, detail: 'Request not found' }],
	['a 404 that the history does not list', { status: 404, history: 'not listed' }],
	['a history that was not read', { status: 404, history: 'not read' }],
	[
		"fal's own 500 whose history shows a good end",
		{ status: 500, errorType: 'internal_error', history: 'not kept' },
	],
	['an untyped 500', { status: 500, detail: 'Internal' }],
	['a locked account', { status: 403, detail: 'User is locked' }],
	['no response', { kind: 'network' }],
	["a gateway's page", { kind: 'unreadable', status: 500 }],
	...[404, 405, 422, 500].map((status): [string, Partial<FalFault>] => [
		`a typed ${status} of the status call`,
		{ status, detail: typed('x'), errorType: 'x', ofStatusCall: true },
	]),
])('%s proves nothing', (_what, changes) => {
	expect(isLastingRefusal(fault(changes))).toBe(false);
	expect(isEndWithoutResult(fault(changes))).toBe(false);
});
