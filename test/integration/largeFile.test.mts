import { useEngine } from './engine.mts';
import { calls, servedBytes, useScene, videoParameters } from './scene.mts';

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

test('large files inside results arrive one after the other, of two executions, and in the trigger', async () => {
	await scene.restart({ preparedBytes: 24 * MIB });
	const { fal, credential } = scene;
	const run = async () =>
		await engine.run({
			...{ credential, items: Array.from({ length: 4 }, () => ({ prompt: 'a fox' })) },
			parameters: videoParameters({
				...{ outputFile: { syncMode: true }, options: { maxConcurrency: 4 } },
			}),
		});
	const outcomes = await Promise.all([run(), run()]);
	expect(outcomes.map(({ error }) => error)).toEqual([undefined, undefined]);
	const items = outcomes.flatMap(({ outputs }) => outputs[0]!);
	expect(items).toHaveLength(8);
	for (const item of items) expect(await engine.bytes(item, 'data')).toHaveLength(24 * MIB);
	// One that has to wait is dropped and read again; nothing is read more often.
	const read = calls(fal, 'result').length;
	expect(read).toBeGreaterThan(8);
	expect(read).toBeLessThanOrEqual(16);
	const call = fal.webhookOf(fal.requests[0]!.request_id);
	const { started } = await engine.webhook({ nodeId: 'large', credential, ...call });
	expect(await engine.bytes(started![0]!, 'data')).toHaveLength(24 * MIB);
});
