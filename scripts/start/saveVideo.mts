import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Item } from '../n8n/execution.mts';
import type { N8nClient } from '../n8n/rest.mts';

const VIDEOS = fileURLToPath(new URL('../../.cache/videos', import.meta.url));

/** Saves the file that an item holds, and gives its path. It stays when n8n's folder goes. */
export async function saveVideo(n8n: N8nClient, item: Item): Promise<string> {
	const binary = item.binary?.['data'];
	if (binary?.id === undefined) throw new Error('The item holds no file.');
	const name = `${String(item.json['request_id'])}.${binary.fileExtension ?? 'mp4'}`;
	await mkdir(VIDEOS, { recursive: true });
	const file = join(VIDEOS, name);
	await writeFile(file, await n8n.downloadBinary(binary.id));
	return file;
}
