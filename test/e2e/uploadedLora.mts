import type { Emulator } from '../../emulator/index.mts';
import type { Execution } from '../../scripts/n8n/execution.mts';
import type { N8nClient } from '../../scripts/n8n/rest.mts';
import { readWorkflow, withFields, withNode } from './exampleWorkflow.mts';
import { connected } from './harness.mts';
import { startHost } from './otherHost.mts';

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
