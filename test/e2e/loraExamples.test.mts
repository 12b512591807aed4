import { itemsOf } from '../../scripts/n8n/execution.mts';
import { safetensors, sha256 } from '../integration/loraFile.mts';
import { readWorkflow, withFields, withNode } from './exampleWorkflow.mts';
import { connected, credentialData, loggedIn, saveCredential } from './harness.mts';
import { startHost } from './otherHost.mts';
import { binaryOf } from './savedBinary.mts';
import { storedAtFal } from './storedAtFal.mts';
import { runUploadExample, SMALL } from './uploadedLora.mts';
import { useEmulator } from '../useEmulator.mts';

const MEBIBYTE = 1024 * 1024;

const emulator = useEmulator({ runSeconds: 0.1 });

// Fails the test when the key was sent to anything but fal's APIs.

describe('the example "upload a LoRA, then generate with it"', () => {
	test.each([
		['in one piece', 1000, 1],
		['in parts', 100 * MEBIBYTE, 10],
	])('takes a file through n8n to fal, %s', async (_case, size, pieces) => {
		const n8n = loggedIn();
		const file = safetensors(size);
		const execution = await runUploadExample(n8n, emulator, file);
		expect({ status: execution.status, error: execution.error }).toEqual({ status: 'success' });
		const [made] = itemsOf(execution, 'fal LTX Video');
		expect((await binaryOf(n8n, made)).reference).toMatchObject({ mimeType: 'video/mp4' });
		const [request] = emulator.requests;
		expect(request!.loras).toEqual([
			{
				path: expect.stringMatching(/\/my-style\.safetensors$/),
				size: file.length,
				sha256: sha256(file),
			},
		]);
		expect(emulator.calls.filter(({ method }) => method === 'PUT')).toHaveLength(pieces);
	});

	test('distinguishes a page from a file before anything is submitted', async () => {
		const page = Buffer.from('<!DOCTYPE html><title>Log in</title>');
		const execution = await runUploadExample(loggedIn(), emulator, page);
		expect(execution.error?.message).toBe(
			'Input Binary Field (loras[0].binaryPropertyName) is "my-style.safetensors", but must be a .safetensors file, but this is a web page: the download before may have needed a login, or its link leads to a page [item 0]',
		);
		expect(emulator.calls).toEqual([]);
	});
});

describe('the example "train a LoRA on fal, then generate with it"', () => {
	/** A file on fal's CDN, as a trainer leaves one. */
	async function trainedLora(): Promise<{ url: string; file: Buffer }> {
		const file = safetensors();
		return { url: await storedAtFal(emulator, file, 'lora.safetensors'), file };
	}

	test('starts one training, waits for it and puts its LoRA into the video', async () => {
		const n8n = loggedIn();
		const { url, file } = await trainedLora();
		const asked: string[] = [];
		const trainer = await startHost((path, method, { authorization }) => {
			asked.push(`${method} ${path}`);
			if (authorization !== `Key ${emulator.apiKey}`) return { detail: 'invalid key credentials' };
			if (method === 'POST') return { request_id: 'training-1', status: 'IN_QUEUE' };
			if (!path.endsWith('/status')) return { lora_file: { url }, config_file: { url } };
			const times = asked.filter((call) => call.endsWith('/status')).length;
			return { status: times < 2 ? 'IN_PROGRESS' : 'COMPLETED' };
		});
		try {
			const data = { ...credentialData(emulator), allowedDomains: '127.0.0.1' };
			const credential = await saveCredential(n8n, data);
			const credentials = { falLtxApi: { id: credential.id, name: credential.name } };
			const example = await connected(
				n8n,
				emulator,
				await readWorkflow('train-lora-then-generate.json'),
			);
			const http = ['Start the training', 'How far is it', 'Get the LoRA'];
			const signed = http.reduce((all, name) => withNode(all, name, { credentials }), example);
			const ready = withFields(signed, 'The training', {
				trainer: `${trainer.origin}/fal-ai/ltx23-video-trainer`,
				check_every_seconds: 1,
			});
			const workflow = withNode(ready, 'fal LTX Video', { parameters: SMALL });
			const execution = await n8n.runWorkflow(workflow, 'Start');
			expect({ status: execution.status, error: execution.error }).toEqual({ status: 'success' });
			expect(asked.filter((call) => call.startsWith('POST'))).toHaveLength(1);
			expect(emulator.requests.map(({ loras }) => loras)).toEqual([
				[{ path: url, size: file.length, sha256: sha256(file) }],
			]);
			expect(itemsOf(execution, 'fal LTX Video')).toHaveLength(1);
		} finally {
			await trainer.close();
		}
	});
});
