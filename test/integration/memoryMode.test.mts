import { startEngine } from './engine.mts';
import { servedBytes, startScene, videoParameters } from './scene.mts';

test('the file arrives in the memory mode of n8n, too', async () => {
	const engine = await startEngine('default');
	const { fal, credential } = await startScene();
	const { outputs, error } = await engine.run({ parameters: videoParameters(), credential });
	expect(error).toBeUndefined();
	const item = outputs[0]![0]!;
	const { url } = item.json.video as { url: string };
	expect(item.binary!.data!.id).toBeUndefined();
	expect(await engine.bytes(item, 'data')).toEqual(await servedBytes(url));
	await fal.close();
});
