import { useEngine } from './engine.mts';
import { servedBytes, useScene, videoParameters } from './scene.mts';

const MIB = 1024 * 1024;
const LARGE = 64 * MIB;

const engine = useEngine();
const scene = useScene({ preparedBytes: LARGE });

test.each([
	['in one piece', []],
	['over three connections', [20 * MIB, 33 * MIB + 1]],
	['beginning again where it has become another file', [20 * MIB, undefined]],
])('a large file arrives whole, %s', async (_how, cuts) => {
	const { fal, credential } = scene;
	fal.script('a fox', {
		download: cuts.map((afterBytes) =>
			afterBytes === undefined ? { kind: 'changedFile' } : { kind: 'cutDownload', afterBytes },
		),
	});
	const { outputs, error } = await engine.run({ parameters: videoParameters(), credential });
	expect(error).toBeUndefined();
	const item = outputs[0]![0]!;
	const stored = await engine.bytes(item, 'data');
	const { url } = item.json.video as { url: string };
	expect(stored).toHaveLength(LARGE);
	expect(stored.equals(await servedBytes(url))).toBe(true);
	expect(item.binary!.data).toMatchObject({ id: expect.any(String), bytes: LARGE });
});
