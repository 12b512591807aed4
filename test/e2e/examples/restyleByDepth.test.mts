import { itemsOf } from '../../../scripts/n8n/execution.mts';
import { colorsOf, makeShot } from '../../material.mts';
import { sha256 } from '../../integration/loraFile.mts';
import { useEmulator } from '../../useEmulator.mts';
import { readWorkflow, withFields, withNode } from '../exampleWorkflow.mts';
import { connected, loggedIn } from '../harness.mts';
import { binaryOf, probeBytes } from '../savedBinary.mts';
import { storedAtFal } from '../storedAtFal.mts';

/* The example "Restyle a video by its depth", with a video in the local fal's own storage. */

const RESTYLE = 'Restyle it';
const SMALL = { videoSize: 'custom', width: 64, height: 64, durationSeconds: 0.4 };

const emulator = useEmulator({ runSeconds: 0.1 });
const n8n = loggedIn();

async function run(video_url: string, parameters: Record<string, unknown>) {
	const example = await readWorkflow('restyle-by-depth.json');
	const fields = { video_url, prompt: 'made of paper' };
	const ready = withNode(withFields(example, 'The restyle', fields), RESTYLE, { parameters });
	return await n8n.runWorkflow(await connected(n8n, emulator, ready), 'Start');
}

test('lets fal follow the depth of the video behind the link', async () => {
	const video = await makeShot({ color: 'yellow', frames: 24, fps: 24 });
	const link = await storedAtFal(emulator, video, 'street.mp4');
	const before = emulator.calls.length;
	const execution = await run(link, SMALL);
	expect({ status: execution.status, error: execution.error }).toEqual({ status: 'success' });
	expect(emulator.requests).toMatchObject([
		{
			endpointId: 'fal-ai/ltx-2.3-22b/distilled/reference-video-to-video',
			input: {
				...{ prompt: 'made of paper', video_url: link, preprocessor: 'depth' },
				...{ match_video_length: false, num_frames: 9 },
			},
			media: { video_url: { sha256: sha256(video) } },
		},
	]);
	expect(emulator.calls.slice(before).filter(({ method }) => method === 'PUT')).toEqual([]);
	const [made] = itemsOf(execution, RESTYLE);
	expect(made?.json).toMatchObject({ cost: { estimated: 0.0001, actual: 0.0001 } });
	const { bytes } = await binaryOf(n8n, made);
	expect(await probeBytes(bytes)).toMatchObject({ width: 64, height: 64, frames: 9 });
	// The local fal shows depth as grey: of yellow a light one.
	expect((await colorsOf(bytes)).map(([color]) => color)).toEqual(['white']);
});

test('lets nothing through whose price is not known', async () => {
	const execution = await run('https://example.com/street.mp4', { matchVideoLength: true });
	expect(execution).toMatchObject({ status: 'error', lastNodeExecuted: RESTYLE });
	expect(execution.error?.message).toContain("can't be known beforehand");
	expect(emulator.calls).toEqual([]);
});
