import { useEngine } from './engine.mts';
import { safetensors, sha256 } from './loraFile.mts';
import { servedBytes, startScene, videoParameters } from './scene.mts';

const MIB = 1024 * 1024;

/** n8n makes one string of a file, and this one's is longer than V8 lets a string be. */
const TOO_LARGE = 400 * MIB;

const engine = useEngine('default');

async function generate(preparedBytes?: number) {
	const { fal, credential } = await startScene({ preparedBytes });
	try {
		const outcome = await engine.run({ parameters: videoParameters(), credential });
		const item = outcome.outputs[0]?.[0];
		const video = item?.json.video as { url: string } | undefined;
		return { ...outcome, item, served: video && (await servedBytes(video.url)) };
	} finally {
		await fal.close();
	}
}

test.each([undefined, 64 * MIB])(
	'the file arrives in the memory mode of n8n, too (bytes: %s)',
	async (bytes) => {
		const { item, served, error } = await generate(bytes);
		expect(error).toBeUndefined();
		expect(item!.binary!.data!.id).toBeUndefined();
		const stored = await engine.bytes(item!, 'data');
		expect(stored.equals(served!)).toBe(true);
	},
);

test('a file that is too large for it is an error with the setting that helps', async () => {
	const { error, outputs } = await generate(TOO_LARGE);
	expect(outputs).toEqual([]);
	expect(error!.message).toContain(
		'The video is made and paid for, but did not arrive. The file is too large for this n8n, which keeps files in memory. Set N8N_DEFAULT_BINARY_DATA_MODE to filesystem',
	);
});

test('a LoRA from the memory of n8n goes up in parts, every byte of it', async () => {
	const { fal, credential } = await startScene({ preparedBytes: 1 });
	const bytes = safetensors(91 * MIB);
	const { error } = await engine.run({
		parameters: videoParameters({ loras: { lora: [{ source: 'binary' }] } }),
		files: [{ data: { bytes, name: 'style.safetensors' } }],
		credential,
	});
	expect(error).toBeUndefined();
	expect(fal.calls.filter(({ method }) => method === 'PUT')).toHaveLength(10);
	expect(fal.requests[0]!.loras).toMatchObject([{ sha256: sha256(bytes) }]);
	await fal.close();
});
