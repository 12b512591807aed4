import type { Item } from '../../scripts/n8n/execution.mts';
import type { N8nClient } from '../../scripts/n8n/rest.mts';
import { binaryOf, probeBytes } from '../e2e/savedBinary.mts';
import { runningCluster } from './harness.mts';

/** How n8n names a binary of each mode. */
const ID_OF_MODE = { database: /^database:/, filesystem: /^filesystem-v2:/ };

/**
 * Each item's file is in the cluster's binary store and, read through the main process, the one that
 * fal made.
 */
export async function expectFiles(n8n: N8nClient, items: Item[]): Promise<void> {
	const { binaryMode } = runningCluster();
	for (const item of items) {
		const { reference, bytes } = await binaryOf(n8n, item);
		expect(reference).toMatchObject({
			id: expect.stringMatching(ID_OF_MODE[binaryMode]) as string,
			mimeType: 'video/mp4',
		});
		const { url } = item.json['video'] as { url: string };
		expect(bytes.equals(Buffer.from(await (await fetch(url)).arrayBuffer()))).toBe(true);
	}
	const { bytes } = await binaryOf(n8n, items[0]);
	expect(await probeBytes(bytes)).toMatchObject({ width: 64, height: 64, frames: 9 });
}
