import { LIMITS } from '../../../../nodes/FalLtxVideo/fal/http/limits';
import { isOpen } from '../../../../nodes/FalLtxVideo/request/status/waitUntilCompleted';

test('a status that is not documented ends the waiting, if it is no longer than any status', () => {
	expect(isOpen({ status: 'F'.repeat(LIMITS.statusCharacters) })).toBe(false);
	// Each would be kept until the request ends: megabytes with every poll.
	expect(isOpen({ status: 'F'.repeat(LIMITS.statusCharacters + 1) })).toBe(true);
});
