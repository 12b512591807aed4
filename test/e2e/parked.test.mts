import { startEmulator } from '../../emulator/index.mts';
import { itemsOf } from '../../scripts/n8n/execution.mts';
import type { N8nClient } from '../../scripts/n8n/rest.mts';
import type { Workflow } from '../../scripts/n8n/workflow.mts';
import {
	connected,
	loggedIn,
	SMALL_VIDEO,
	TRIGGER,
	VIDEO_NODE,
	videoWorkflow,
	type Emulator,
} from './harness.mts';
import { until } from './poll.mts';
import { binaryOf, probeBytes } from './savedBinary.mts';

let emulator: Emulator;
let n8n: N8nClient;

beforeEach(async () => {
	emulator = await startEmulator({
		runSeconds: 1,
		readings: { webhookRetryMs: [300, 300, 300, 1000, 1000] },
	});
	n8n = loggedIn();
});

afterEach(async () => await emulator.close());

async function start(workflow: Workflow): Promise<string> {
	const ready = await connected(n8n, emulator, workflow);
	const { id } = await n8n.createWorkflow(ready);
	return await n8n.startWorkflow(id, ready, TRIGGER);
}

test('a parked execution goes on when fal calls back', async () => {
	const id = await start(
		videoWorkflow('Parked', { ...SMALL_VIDEO, options: { waitMode: 'webhook' } }),
	);
	expect(await n8n.untilOver(id)).toMatchObject({ status: 'waiting' });
	await until('it has gone on', async () => (await n8n.untilOver(id)).status !== 'waiting');
	const execution = await n8n.untilOver(id);
	expect(execution).toMatchObject({ status: 'success' });
	const [item] = itemsOf(execution, VIDEO_NODE);
	const { bytes } = await binaryOf(n8n, item);
	expect(await probeBytes(bytes)).toMatchObject({ width: 320, height: 192, frames: 25 });
});
