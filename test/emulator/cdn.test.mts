import type { Emulator, RequestScript } from '../../emulator/index.mts';
import { expectViolations, withFal, type Fal } from './support.mts';

/** Makes a video and gives its URL; no download fault is used up. */
async function video(fal: Fal, script: RequestScript = {}): Promise<string> {
	fal.script('fox', script);
	const result = await fal.generate({ prompt: 'fox' });
	return ((await result.json()) as { video: { url: string } }).video.url;
}

async function bytesOf(response: Response): Promise<Buffer> {
	return Buffer.from(await response.arrayBuffer());
}

const ranged = (url: string, range: string, ifRange?: string) =>
	fetch(url, { headers: { range, ...(ifRange && { 'if-range': ifRange }) } });

test('serves a file whole, with what a client needs to resume', () =>
	withFal(async (fal) => {
		const url = await video(fal);
		const response = await fetch(url);
		const bytes = await bytesOf(response);
		expect(Object.fromEntries(response.headers)).toMatchObject({
			'content-type': 'video/mp4',
			'content-length': String(bytes.length),
			'accept-ranges': 'bytes',
			etag: expect.stringMatching(/^"\w+"$/),
		});
		const head = await fetch(url, { method: 'HEAD' });
		expect(head.headers.get('content-length')).toBe(String(bytes.length));
		expect((await bytesOf(head)).length).toBe(0);
	}));

test.each<[string, (size: number) => [number, number]]>([
	['bytes=0-9', () => [0, 9]],
	['bytes=100-', (size) => [100, size - 1]],
	['bytes=-7', (size) => [size - 7, size - 1]],
	['bytes=5-99999999', (size) => [5, size - 1]],
])('gives the range %s', (range, expected) =>
	withFal(async (fal) => {
		const url = await video(fal);
		const whole = await bytesOf(await fetch(url));
		const [first, last] = expected(whole.length);
		const part = await ranged(url, range);
		expect(part.status).toBe(206);
		expect(part.headers.get('content-range')).toBe(`bytes ${first}-${last}/${whole.length}`);
		expect(await bytesOf(part)).toEqual(whole.subarray(first, last + 1));
	}),
);

test('a range outside of the file can’t be given, and a strange one is not understood', () =>
	withFal(async (fal) => {
		const url = await video(fal);
		const size = (await bytesOf(await fetch(url))).length;
		const outside = await ranged(url, `bytes=${size}-`);
		expect(outside.status).toBe(416);
		expect(outside.headers.get('content-range')).toBe(`bytes */${size}`);
		expect((await ranged(url, 'bytes=0-1,4-5')).status).toBe(200);
	}));

test('If-Range gives the rest of the same version, and the whole of another', () =>
	withFal(async (fal) => {
		const url = await video(fal);
		const whole = await fetch(url);
		const same = await ranged(url, 'bytes=10-', whole.headers.get('etag')!);
		expect(same.status).toBe(206);
		const dated = await ranged(url, 'bytes=10-', whole.headers.get('last-modified')!);
		expect(dated.status).toBe(206);
		const other = await ranged(url, 'bytes=10-', '"another"');
		expect(other.status).toBe(200);
		expect(await bytesOf(other)).toEqual(await bytesOf(whole));
	}));

test('cutDownload breaks after its bytes, and the rest can be fetched', () =>
	withFal(async (fal) => {
		const url = await video(fal, { download: [{ kind: 'cutDownload', afterBytes: 1000 }] });
		const cut = await fetch(url);
		const got: Uint8Array[] = [];
		const reading = (async () => {
			for await (const chunk of cut.body!) got.push(chunk);
		})();
		await expect(reading).rejects.toThrow('terminated');
		expect(Buffer.concat(got)).toHaveLength(1000);
		const rest = await ranged(url, 'bytes=1000-', cut.headers.get('etag')!);
		expect(rest.status).toBe(206);
		const whole = await bytesOf(await fetch(url));
		expect(Buffer.concat([...got, await bytesOf(rest)])).toEqual(whole);
		expect(cut.headers.get('content-length')).toBe(String(whole.length));
	}));

test('changedFile has other bytes of the same length and another ETag from then on', () =>
	withFal(async (fal) => {
		const url = await video(fal, { download: [null, { kind: 'changedFile' }] });
		const before = await fetch(url);
		const resumed = await ranged(url, 'bytes=10-', before.headers.get('etag')!);
		expect(resumed.status).toBe(200);
		expect(resumed.headers.get('etag')).not.toBe(before.headers.get('etag'));
		const [old, changed] = [await bytesOf(before), await bytesOf(resumed)];
		expect(changed).toHaveLength(old.length);
		expect(changed.equals(old)).toBe(false);
		expect(await bytesOf(await fetch(url))).toEqual(changed);
	}));

test('a file may be served with another content type', () =>
	withFal(async (fal) => {
		const url = await video(fal, { output: { servedType: 'application/octet-stream' } });
		expect((await fetch(url)).headers.get('content-type')).toBe('application/octet-stream');
	}));

test('an unknown file is not found', () =>
	withFal(async (fal) => {
		expect((await fetch(`${fal.hosts.cdn}/files/b/1/a.mp4`)).status).toBe(404);
	}));

test.each<[string, (emulator: Emulator, url: string) => Promise<Response>]>([
	['in a header', ({ apiKey }, url) => fetch(url, { headers: { authorization: `Key ${apiKey}` } })],
	['in the URL', ({ apiKey }, url) => fetch(`${url}?key=${apiKey}`)],
])('a key %s is refused loudly', (_, send) =>
	withFal(async (fal) => {
		expectViolations(fal);
		const url = await video(fal);
		const written = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
		try {
			const response = await send(fal, url);
			expect(response.status).toBe(400);
			expect(await response.text()).toContain('never send it here');
			expect(written).toHaveBeenCalledTimes(1);
			expect(written.mock.calls[0]![0]).not.toContain(fal.apiKey);
		} finally {
			written.mockRestore();
		}
		expect(fal.violations).toEqual([
			expect.stringContaining('a key was sent to the CDN: GET /files/'),
		]);
		await expect(fal.close()).rejects.toThrow('a key was sent to the CDN');
	}),
);
