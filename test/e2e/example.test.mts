import { createHash } from 'node:crypto';
import { itemsOf, type Execution, type Item } from '../../scripts/n8n/execution.mts';
import { EXAMPLE_NODES, readExample } from '../../scripts/start/example.mts';
import { connected, loggedIn } from './harness.mts';
import { binaryOf, probeBytes } from './savedBinary.mts';
import { useSharedEmulator } from '../useEmulator.mts';

describe("the example 'generate-video.json'", () => {
	const emulator = useSharedEmulator({ runSeconds: 0.5 });
	const n8n = loggedIn();
	let execution: Execution;
	let made: Item | undefined;

	beforeAll(async () => {
		const workflow = await connected(n8n, emulator, await readExample());
		execution = await n8n.runWorkflow(workflow, EXAMPLE_NODES.trigger);
		made = itemsOf(execution, EXAMPLE_NODES.video)[0];
	});

	test('ends well, with one request and nothing that fal would not take', () => {
		expect({ status: execution.status, error: execution.error }).toEqual({ status: 'success' });
		expect(emulator.requests).toHaveLength(1);
		expect(emulator.violations).toEqual([]);
	});

	test("gives fal's response, the price and the times", () => {
		expect(made?.json).toMatchObject({
			video: { url: expect.stringMatching(/^http/) },
			prompt: expect.any(String),
			request_id: expect.any(String),
			cost: {
				estimated: expect.anything(),
				actual: expect.anything(),
				billable_units: expect.anything(),
				unit_price: expect.anything(),
				currency: 'USD',
			},
			timings: expect.any(Object),
		});
		expect(made?.json).toHaveProperty('seed');
	});

	test('hands the MP4 to the next node', async () => {
		const [next] = itemsOf(execution, EXAMPLE_NODES.next);
		const { reference, bytes } = await binaryOf(n8n, next);
		expect(reference).toMatchObject({ mimeType: 'video/mp4', fileExtension: 'mp4' });
		expect(next?.json).toMatchObject({ file: reference.fileName, file_type: 'video/mp4' });
		expect(await probeBytes(bytes)).toMatchObject({
			container: expect.stringContaining('mp4'),
			width: 1024,
			height: 576,
			frames: 121,
			fps: 24,
		});
	});

	test('keeps every byte of the file that fal made', async () => {
		const { url } = made?.json['video'] as { url: string };
		const onCdn = Buffer.from(await (await fetch(url)).arrayBuffer());
		const { bytes } = await binaryOf(n8n, made);
		expect(bytes.equals(onCdn)).toBe(true);
		const [last] = itemsOf(execution, EXAMPLE_NODES.last);
		expect(last?.json['sha256']).toBe(createHash('sha256').update(onCdn).digest('hex'));
	});
});
