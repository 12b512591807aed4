import {
	connected,
	loggedIn,
	SMALL_VIDEO,
	TRIGGER,
	VIDEO_NODE,
	videoWorkflow,
} from './harness.mts';
import { useSharedEmulator } from '../useEmulator.mts';

describe('a field that fal would not take', () => {
	const emulator = useSharedEmulator();
	const n8n = loggedIn();

	test('is named in the execution, and nothing was submitted', async () => {
		const parameters = { ...SMALL_VIDEO, generation: { numFrames: '={{ 2 + 3 }}' } };
		const workflow = await connected(n8n, emulator, videoWorkflow('Too short', parameters));
		const execution = await n8n.runWorkflow(workflow, TRIGGER);
		expect(execution).toMatchObject({ status: 'error', lastNodeExecuted: VIDEO_NODE });
		const { message, description } = execution.error ?? { message: '' };
		expect(`${message} ${description ?? ''}`).toMatch(/num[ _]?frames/i);
		expect(emulator.requests).toHaveLength(0);

		const retried = await n8n.retryExecution(execution.id);
		expect(retried).toMatchObject({ status: 'error', error: { message } });
		expect(emulator.requests).toHaveLength(0);
	});
});
