import type { Emulator } from '../../emulator/index.mts';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Execution } from '../../scripts/n8n/execution.mts';
import type { N8nClient } from '../../scripts/n8n/rest.mts';
import { readWorkflow, withFields, withNode } from './exampleWorkflow.mts';
import { connected } from './harness.mts';

/** What a host that is not fal's was asked, and what it gives. */
export interface OtherHost {
	origin: string;
	close(): Promise<void>;
}

/** A host on this machine that responds as the test says. */
export async function startHost(
	answer: (path: string, method: string, headers: Record<string, unknown>) => Buffer | object,
): Promise<OtherHost> {
	const server = createServer((request, response) => {
		request.resume();
		const given = answer(request.url ?? '', request.method ?? '', request.headers);
		const isFile = Buffer.isBuffer(given);
		const body = isFile ? given : Buffer.from(JSON.stringify(given));
		response.writeHead(200, {
			'content-type': isFile ? 'application/octet-stream' : 'application/json',
			'content-length': body.length,
		});
		response.end(body);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		origin: `http://127.0.0.1:${port}`,
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

/** A small video, whatever LoRA makes it. */
export const SMALL = { videoSize: 'custom', width: 64, height: 64, generation: { numFrames: 9 } };

/** Runs the example that downloads a LoRA and uploads it to fal, with this file. */
export async function runUploadExample(
	n8n: N8nClient,
	emulator: Emulator,
	file: Buffer,
): Promise<Execution> {
	const host = await startHost(() => file);
	try {
		const example = await connected(n8n, emulator, await readWorkflow('upload-lora.json'));
		const lora_url = `${host.origin}/private/my-style.safetensors`;
		const ready = withFields(example, 'The LoRA', { lora_url, prompt: 'a paper boat' });
		const workflow = withNode(ready, 'fal LTX Video', { parameters: SMALL });
		return await n8n.runWorkflow(workflow, 'Start');
	} finally {
		await host.close();
	}
}
