import { FalError } from '../../../../nodes/FalLtxVideo/fal/errors/FalError';
import { requestIdIn } from '../../../../nodes/FalLtxVideo/fal/queue/requestId';

const LONG = 'a b '.repeat(1024 * 1024);

test.each(['errorType', 'reason', 'detail'])('a %s of megabytes is cut', (name) => {
	const { fault, message } = new FalError({ kind: 'response', doing: 'Asking', [name]: LONG });
	expect(JSON.stringify([fault, message]).length).toBeLessThan(10_000);
});

test('a header with something else in place of a request ID names no request', () => {
	expect(requestIdIn({ 'x-fal-request-id': 'r-1' })).toBe('r-1');
	for (const id of ['../../admin', LONG, '', '<b>']) {
		expect(requestIdIn({ 'x-fal-request-id': id })).toBeUndefined();
	}
});
