import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BinaryReference, Item } from '../../scripts/n8n/execution.mts';
import type { N8nClient } from '../../scripts/n8n/rest.mts';
import { probeVideo, type VideoFacts } from '../../scripts/video/ffprobe.mts';

/** The file of an item, as n8n has it in its binary store. */
export async function binaryOf(
	n8n: N8nClient,
	item: Item | undefined,
): Promise<{ reference: BinaryReference; bytes: Buffer }> {
	const reference = item?.binary?.['data'];
	if (reference?.id === undefined) throw new Error('The item holds no file.');
	return { reference, bytes: await n8n.downloadBinary(reference.id) };
}

/** What ffprobe reads from the bytes of a video. */
export async function probeBytes(bytes: Buffer): Promise<VideoFacts> {
	const folder = await mkdtemp(join(tmpdir(), 'n8n-nodes-fal-ltx-probe-'));
	try {
		const file = join(folder, 'video');
		await writeFile(file, bytes);
		return await probeVideo(file);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
