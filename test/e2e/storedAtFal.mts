import type { Emulator } from '../../emulator/index.mts';

/** Puts a file into fal's storage, as another client of fal does; gives its link. */
export async function storedAtFal(
	{ hosts, apiKey }: Pick<Emulator, 'hosts' | 'apiKey'>,
	file: Buffer,
	file_name: string,
): Promise<string> {
	const response = await fetch(`${hosts.rest}/storage/upload/initiate`, {
		method: 'POST',
		headers: { authorization: `Key ${apiKey}`, 'content-type': 'application/json' },
		body: JSON.stringify({ content_type: 'application/octet-stream', file_name }),
	});
	const place = (await response.json()) as { upload_url: string; file_url: string };
	await fetch(place.upload_url, { method: 'PUT', body: new Uint8Array(file) });
	return place.file_url;
}
