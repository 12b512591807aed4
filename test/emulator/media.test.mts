import { createHash } from 'node:crypto';

import { makeImage, makeShot, makeTone, upload } from '../material.mts';
import { createFal, TINY, type Fal } from './support.mts';

const FAMILY = 'fal-ai/ltx-2.3-22b';
const REFERENCE = { endpoint: `${FAMILY}/distilled/reference-video-to-video` };
const VIDEO = 'https://example.com/video.mp4';

let fal: Fal;
beforeAll(async () => (fal = await createFal({ preparedBytes: 64 })));
afterAll(() => fal.close());

interface Refusal {
	detail: Array<{ loc: string[]; type: string; input: string }>;
}

async function refusal(input: Record<string, unknown>, endpoint = REFERENCE.endpoint) {
	const response = await fal.generate({ prompt: 'fox', ...input }, { endpoint });
	expect(response.status).toBe(422);
	expect(response.headers.get('x-fal-billable-units')).toBe('0');
	const { detail } = (await response.json()) as Refusal;
	return detail.map(({ loc, type, input: given }) => [loc.join('.'), type, given]);
}

test('what the model has got is known', async () => {
	const shot = await makeShot({ color: 'green', frames: 9, fps: 24 });
	const [image, tone] = [await makeImage('red'), await makeTone(880, 0.5)];
	const urls = {
		video_url: await upload(fal, shot, 'video/mp4'),
		image_url: await upload(fal, image, 'image/png'),
		end_image_url: `data:image/png;base64,${image.toString('base64')}`,
		audio_url: await upload(fal, tone, 'audio/wav'),
	};
	expect((await fal.generate({ prompt: 'fox', ...urls }, REFERENCE)).status).toBe(200);
	const facts = (url: string, bytes: Buffer, contentType: string) => ({
		...{ url, size: bytes.length, contentType },
		sha256: createHash('sha256').update(bytes).digest('hex'),
	});
	expect(fal.requests.at(-1)!.media).toEqual({
		video_url: facts(urls.video_url, shot, 'video/mp4'),
		image_url: facts(urls.image_url, image, 'image/png'),
		end_image_url: facts(urls.end_image_url, image, 'image/png'),
		audio_url: facts(urls.audio_url, tone, 'audio/wav'),
	});
});

test('another host is not asked: a placeholder has the size and the length', async () => {
	const input = { prompt: 'fox', video_url: VIDEO, video_size: 'auto', image_url: null };
	const response = await fal.generate(input, REFERENCE);
	expect(await response.json()).toMatchObject({
		video: { width: 1024, height: 576, fps: 24, num_frames: 121 },
	});
	expect(response.headers.get('x-fal-billable-units')).toBe('71.368704');
	expect(fal.requests.at(-1)!.media).toEqual({});
});

test('an endpoint without an input for it does not fetch a file', async () => {
	const image_url = `${fal.hosts.cdn}/files/b/00000000/none.png`;
	const endpoint = `${FAMILY}/text-to-video`;
	expect((await fal.generate({ prompt: 'fox', image_url }, { endpoint })).status).toBe(200);
	expect(fal.requests.at(-1)!.media).toEqual({});
});

test.each([
	'https://drive.google.com/file/d/1/view',
	'https://huggingface.co/owner/repo/blob/main/a.mp4',
	'owner/file.mp4',
	'file:///etc/passwd',
	'data:video/mp4;base64',
	'',
])('%p is no file to download', async (url) => {
	expect(await refusal({ video_url: url })).toEqual([
		['body.video_url', 'file_download_error', url],
	]);
});

test('every file that can not be downloaded is named', async () => {
	const gone = `${fal.hosts.cdn}/files/b/00000000/none`;
	const found = await refusal({ video_url: gone, image_url: gone, audio_url: VIDEO });
	expect(found).toEqual([
		['body.image_url', 'file_download_error', gone],
		['body.video_url', 'file_download_error', gone],
	]);
});

describe('a file of another kind', () => {
	const material = {
		text: () => Promise.resolve(Buffer.from('<!doctype html><title>Not found</title>')),
		image: () => makeImage('red'),
		audio: () => makeTone(880, 0.2),
		video: () => makeShot({ color: 'green', frames: 9, fps: 24 }),
	};
	const ERRORS: Record<string, string> = {
		image_url: 'image_load_error',
		end_image_url: 'image_load_error',
		audio_url: 'unsupported_audio_format',
		video_url: 'unsupported_video_format',
	};
	test.each([
		['text', ['image_url', 'end_image_url', 'audio_url', 'video_url']],
		['image', ['audio_url', 'video_url']],
		['audio', ['image_url', 'end_image_url', 'video_url']],
		// A silent video has no sound to take.
		['video', ['image_url', 'end_image_url', 'audio_url']],
	] as const)('%s', async (kind, inputs) => {
		const url = await upload(fal, await material[kind](), 'application/octet-stream');
		const given = Object.fromEntries(inputs.map((name) => [name, url]));
		expect((await refusal({ video_url: VIDEO, ...given })).sort()).toEqual(
			inputs.map((name) => [`body.${name}`, ERRORS[name], url]).sort(),
		);
	});
});

test('a list of addresses leads to no further call', async () => {
	const piece = `${fal.hosts.cdn}/files/b/00000000/piece.ts`;
	const list = `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${piece}\n#EXT-X-ENDLIST\n`;
	const video_url = await upload(fal, Buffer.from(list), 'application/vnd.apple.mpegurl');
	expect(await refusal({ video_url })).toHaveLength(1);
	expect(fal.calls.some(({ path }) => path.endsWith('/piece.ts'))).toBe(false);
});

test('a job that is cancelled while it fetches ends as cancelled', async () => {
	fal.script('slow', { download: [{ kind: 'slow', milliseconds: 3_600_000 }] });
	const made = await fal.generate({ ...TINY, prompt: 'slow' });
	const { video } = (await made.json()) as { video: { url: string } };
	const request = await fal.submit({ prompt: 'fox', video_url: video.url }, REFERENCE);
	await fal.until(request, 'IN_PROGRESS');
	await fal.cancel(request);
	await fal.until(request, 'COMPLETED');
	expect(fal.requests.at(-1)).toMatchObject({ resultStatus: 499 });
});
