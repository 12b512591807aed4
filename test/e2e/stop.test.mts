import { startEmulator } from '../../emulator/index.mts';
import {
	connected,
	loggedIn,
	SMALL_VIDEO,
	TRIGGER,
	videoWorkflow,
	type Emulator,
} from './harness.mts';
import { until } from './poll.mts';

describe('the stop button', () => {
	let emulator: Emulator;

	beforeAll(async () => {
		emulator = await startEmulator({ runSeconds: 60 });
	});

	afterAll(async () => await emulator.close());

	test('ends the execution, and the request on fal with it', async () => {
		const n8n = loggedIn();
		const workflow = await connected(n8n, emulator, videoWorkflow('Stopped', SMALL_VIDEO));
		const { id } = await n8n.createWorkflow(workflow);
		const execution = await n8n.startWorkflow(id, workflow, TRIGGER);
		const running = () => emulator.requests[0]?.state === 'IN_PROGRESS';
		await until('the request runs on fal', running);
		await n8n.stopExecution(execution);
		expect(await n8n.untilOver(execution)).toMatchObject({ status: 'canceled' });
		await until('fal has the cancellation', () => emulator.requests[0]?.cancelledAt !== undefined);
		expect(emulator.requests).toHaveLength(1);
	});
});
