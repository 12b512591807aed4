import { everyEndpoint, everyInput, type MediaInput } from '../everyInput.mts';
import { makeImage, makeShot, makeTone } from '../material.mts';
import { type InputFile, useEngine } from './engine.mts';
import { sha256 } from './loraFile.mts';
import { useScene } from './scene.mts';

/* All endpoints, with every input set. */

const engine = useEngine();
const scene = useScene({ runSeconds: 0 });

let files: Record<MediaInput, InputFile>;

beforeAll(async () => {
	files = {
		image_url: { bytes: await makeImage('red'), name: 'first.png' },
		end_image_url: { bytes: await makeImage('blue'), name: 'last.jpeg' },
		audio_url: { bytes: await makeTone(880, 1), name: 'speech.wav' },
		video_url: {
			bytes: await makeShot({ color: 'green', frames: 25, fps: 12.5, tone: 660 }),
			name: 'clip.mp4',
		},
	};
});

const run = async (
	parameters: Parameters<typeof engine.run>[0]['parameters'],
	given: Record<string, InputFile> = {},
) => await engine.run({ parameters, credential: scene.credential, files: [given] });

describe.each(everyEndpoint)('$id', (endpoint) => {
	test('takes every input as it was set, with files by link', async () => {
		const { parameters, body } = everyInput(endpoint, 'link');
		const { error } = await run(parameters);
		expect(error).toBeUndefined();
		const [request] = scene.fal.requests;
		expect(scene.fal.requests).toHaveLength(1);
		expect(request).toMatchObject({ endpointId: endpoint.id, resultStatus: 200 });
		expect(request!.input).toEqual(body);
	});

	test('takes every file of the item at its own input', async () => {
		const { parameters, body, media } = everyInput(endpoint, 'binary');
		const { error } = await run(parameters, files);
		expect(error).toBeUndefined();
		const [request] = scene.fal.requests;
		const fetched = request!.media!;
		expect(Object.keys(fetched).sort()).toEqual([...media].sort());
		for (const input of media) {
			expect(fetched[input]!.sha256).toBe(sha256(files[input].bytes));
			expect(fetched[input]!.url).toBe(request!.input[input]);
		}
		const urls = Object.fromEntries(media.map((input) => [input, fetched[input]!.url] as const));
		expect(request!.input).toEqual({ ...body, ...urls });
	});
});
