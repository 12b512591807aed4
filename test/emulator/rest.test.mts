import { createHash } from 'node:crypto';

import { createFalClient } from '@fal-ai/client';

import { TINY, withFal, type Fal } from './support.mts';

interface Places {
	upload_url: string;
	file_url: string;
}

async function initiate(fal: Fal, multipart = ''): Promise<Places> {
	const url = `${fal.hosts.rest}/storage/upload/initiate${multipart}?storage_type=fal-cdn-v3`;
	const body = JSON.stringify({ content_type: 'text/x-lora', file_name: 'my lora.safetensors' });
	const response = await fetch(url, {
		...{ method: 'POST', body },
		headers: { authorization: `Key ${fal.apiKey}`, 'content-type': 'application/json' },
	});
	expect(response.status).toBe(200);
	return (await response.json()) as Places;
}

const put = (url: string, body: string) => fetch(url, { method: 'PUT', body });
const complete = (url: string, parts: unknown) =>
	fetch(`${url}/complete`, { method: 'POST', body: JSON.stringify({ parts }) });

test('a file is there as soon as it was put', () =>
	withFal(async (fal) => {
		const { upload_url, file_url } = await initiate(fal);
		expect((await fetch(file_url)).status).toBe(404);
		expect((await put(upload_url, 'weights')).status).toBe(200);
		const file = await fetch(file_url);
		expect(file.headers.get('content-type')).toBe('text/x-lora');
		expect(await file.text()).toBe('weights');
		expect(file_url).toMatch(/\/my%20lora\.safetensors$/);
	}));

test('parts become one file in the order that complete names', () =>
	withFal(async (fal) => {
		const { upload_url, file_url } = await initiate(fal, '-multipart');
		const two = (await (await put(`${upload_url}/2`, 'ights')).json()) as object;
		const one = (await (await put(`${upload_url}/1`, 'we')).json()) as object;
		expect(one).toEqual({ partNumber: 1, etag: expect.stringMatching(/^"\w{32}"$/) });
		expect((await complete(upload_url, [one])).status).toBe(400);
		expect((await complete(upload_url, [one, { ...two, etag: '"x"' }])).status).toBe(400);
		expect((await fetch(file_url)).status).toBe(404);
		expect((await complete(upload_url, [one, two])).status).toBe(200);
		expect(await (await fetch(file_url)).text()).toBe('weights');
	}));

test('fal’s own client can upload, small and large', () =>
	withFal(async (fal) => {
		const client = createFalClient({
			credentials: fal.apiKey,
			requestMiddleware: (request) =>
				Promise.resolve({
					...request,
					url: request.url.replace('https://rest.fal.ai', fal.hosts.rest),
				}),
		});
		const small = await client.storage.upload(new Blob(['weights']));
		expect(await (await fetch(small)).text()).toBe('weights');
		const bytes = Buffer.alloc(91 * 1024 * 1024, 'fal');
		const large = await client.storage.upload(new Blob([bytes]));
		expect((await fetch(large, { method: 'HEAD' })).headers.get('content-length')).toBe(
			String(bytes.length),
		);
		expect(fal.calls.filter(({ method }) => method === 'PUT')).toHaveLength(1 + 10);
	}));

test('an uploaded LoRA can be used, one that was never uploaded can’t', () =>
	withFal(async (fal) => {
		const { upload_url, file_url } = await initiate(fal);
		const input = { ...TINY, prompt: 'fox', loras: [{ path: file_url }] };
		expect((await fal.generate(input)).status).toBe(422);
		await put(upload_url, 'weights');
		expect((await fal.generate(input)).status).toBe(200);
		const sha256 = createHash('sha256').update('weights').digest('hex');
		expect(fal.requests[1]!.loras).toEqual([{ path: file_url, size: 7, sha256 }]);
	}));

test('only a right key may initiate', () =>
	withFal(async (fal) => {
		const url = `${fal.hosts.rest}/storage/upload/initiate`;
		expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(401);
	}));

test('faults come one per call of an upload', () =>
	withFal(async (fal) => {
		fal.fault('upload', [null, { kind: 'status', status: 503 }]);
		const { upload_url, file_url } = await initiate(fal);
		expect((await put(upload_url, 'weights')).status).toBe(503);
		expect((await fetch(file_url)).status).toBe(404);
		expect((await put(upload_url, 'weights')).status).toBe(200);
	}));
