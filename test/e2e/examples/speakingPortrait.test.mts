import { itemsOf } from '../../../scripts/n8n/execution.mts';
import { colorsOf, frequencyOf, makeImage, makeTone } from '../../material.mts';
import { sha256 } from '../../integration/loraFile.mts';
import { useSharedEmulator } from '../../useEmulator.mts';
import { readWorkflow, withFields } from '../exampleWorkflow.mts';
import { connected, loggedIn } from '../harness.mts';
import { startHost } from '../otherHost.mts';
import { binaryOf, probeBytes } from '../savedBinary.mts';

/* The example "A portrait that speaks", with two files of a host on this machine. */

const FREQUENCY = 440;
const SECONDS = 1;

const emulator = useSharedEmulator({ runSeconds: 0.1 });
const n8n = loggedIn();

test('makes a video of the size of the portrait, with the sound and its length', async () => {
	const portrait = await makeImage('blue', '64x96');
	const sound = await makeTone(FREQUENCY, SECONDS);
	const host = await startHost((path) => (path.endsWith('.png') ? portrait : sound));
	try {
		const example = await readWorkflow('speaking-portrait.json');
		const fields = {
			image_url: `${host.origin}/portrait.png`,
			audio_url: `${host.origin}/speech.wav`,
		};
		const ready = withFields(example, 'The portrait', fields);
		const execution = await n8n.runWorkflow(await connected(n8n, emulator, ready), 'Start');
		expect({ status: execution.status, error: execution.error }).toEqual({ status: 'success' });

		const together = itemsOf(execution, 'Both in one item');
		expect(together.map(({ binary }) => Object.keys(binary ?? {}).sort())).toEqual([
			['audio', 'image'],
		]);
		const [request, ...others] = emulator.requests;
		expect(others).toEqual([]);
		expect(request).toMatchObject({
			endpointId: 'fal-ai/ltx-2.3-22b/distilled/audio-to-video',
			input: { video_size: 'auto', match_audio_length: true },
			media: {
				image_url: { sha256: sha256(portrait) },
				audio_url: { sha256: sha256(sound) },
			},
		});
		expect(request!.input).not.toHaveProperty('num_frames');

		const [made] = itemsOf(execution, 'Let it speak');
		// Of 64 × 96 and 25 frames, read from the two files.
		expect(made?.json).toMatchObject({ cost: { estimated: 0.0002 } });
		const { bytes } = await binaryOf(n8n, made);
		const facts = await probeBytes(bytes);
		expect(facts).toMatchObject({ width: 64, height: 96 });
		expect(Math.abs(facts.durationSeconds - SECONDS)).toBeLessThan(0.1);
		expect((await colorsOf(bytes))[0]).toEqual(['blue', 1]);
		expect(Math.abs((await frequencyOf(bytes, 0.2, 0.8)) - FREQUENCY)).toBeLessThan(10);
	} finally {
		await host.close();
	}
});
