import { connected, loggedIn, TRIGGER, videoWorkflow } from './harness.mts';
import { useSharedEmulator } from '../useEmulator.mts';

/* Expressions run apart from the node in a real n8n, so their times come over from another realm. */

const emulator = useSharedEmulator();
const n8n = loggedIn();

const NOON_IN_TOKYO = '2026-07-01T03:00:00.000Z';

test.each([
	'2026-07-01T12:00:00',
	'={{ "2026-07-01 12:00" }}',
	'={{ DateTime.fromISO("2026-07-01T12:00:00") }}',
	`={{ new Date("${NOON_IN_TOKYO}") }}`,
	`={{ ${Date.parse(NOON_IN_TOKYO)} }}`,
])('Started After: %s, in a workflow of Tokyo', async (startedAfter) => {
	const parameters = { resource: 'request', operation: 'getMany', startedAfter };
	const workflow = await connected(n8n, emulator, videoWorkflow('List', parameters));
	const settings = { timezone: 'Asia/Tokyo' };
	const execution = await n8n.runWorkflow({ ...workflow, settings }, TRIGGER);
	expect({ status: execution.status, error: execution.error }).toEqual({ status: 'success' });
	const { path } = emulator.calls.at(-1)!;
	expect(new URL(path, 'http://fal').searchParams.get('start')).toBe(NOON_IN_TOKYO);
});
