import { itemsOf } from '../../../scripts/n8n/execution.mts';
import { colorsOf, makeImage } from '../../material.mts';
import { sha256 } from '../../integration/loraFile.mts';
import { useEmulator } from '../../useEmulator.mts';
import { readWorkflow, withFields, withNode } from '../exampleWorkflow.mts';
import { connected, loggedIn } from '../harness.mts';
import { type OtherHost, startHost } from '../otherHost.mts';
import { binaryOf, probeBytes } from '../savedBinary.mts';
import { SMALL } from '../uploadedLora.mts';

/* The example "Animate a product photo", with a photo of a host on this machine. */

const ANIMATE = 'Animate it';
const prompt = 'The camera moves slowly in.';

const emulator = useEmulator({ runSeconds: 0.1 });
const n8n = loggedIn();
let photo: Buffer;
let host: OtherHost;

beforeAll(async () => {
	photo = await makeImage('red', '96x64');
	host = await startHost(() => photo);
});

afterAll(async () => await host.close());

async function run(parameters: Record<string, unknown>) {
	const example = await readWorkflow('animate-product-photo.json');
	const fields = { photo_url: `${host.origin}/product.png`, prompt };
	const ready = withNode(withFields(example, 'The photo', fields), ANIMATE, { parameters });
	return await n8n.runWorkflow(await connected(n8n, emulator, ready), 'Start');
}

test('makes a video that begins with the photo', async () => {
	const execution = await run(SMALL);
	expect({ status: execution.status, error: execution.error }).toEqual({ status: 'success' });
	const [request, ...others] = emulator.requests;
	expect(others).toEqual([]);
	expect(request).toMatchObject({
		endpointId: 'fal-ai/ltx-2.3-22b/distilled/image-to-video',
		input: { prompt, num_frames: 9, video_size: { width: 64, height: 64 } },
		media: { image_url: { sha256: sha256(photo), size: photo.length } },
	});
	expect(request!.input).not.toHaveProperty('end_image_url');
	expect(emulator.calls.filter(({ method }) => method === 'PUT')).toHaveLength(1);
	const [made] = itemsOf(execution, ANIMATE);
	expect(made?.json).toMatchObject({ cost: { estimated: 0.0001, actual: 0.0001 } });
	const { reference, bytes } = await binaryOf(n8n, made);
	expect(reference).toMatchObject({ mimeType: 'video/mp4', fileExtension: 'mp4' });
	expect(await probeBytes(bytes)).toMatchObject({ width: 64, height: 64, frames: 9 });
	const [first] = await colorsOf(bytes);
	expect(first).toEqual(['red', 1]);
});

test('sends nothing to fal when the video would cost more than its limit', async () => {
	const execution = await run({ durationSeconds: 20 });
	expect(execution).toMatchObject({ status: 'error', lastNodeExecuted: ANIMATE });
	expect(execution.error?.message).toContain('Max Cost per Item (maxCostPerItem) is $0.25');
	expect(emulator.calls).toEqual([]);
});
