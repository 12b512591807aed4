import { spawnSync } from 'node:child_process';

import ffmpeg from '@ffmpeg-installer/ffmpeg';

import type { EmulatorOptions, VideoFile } from '../../emulator/index.mts';
import { probe } from './probe.mts';
import { withFal } from './support.mts';

interface Result {
	video: VideoFile;
	seed: number;
	prompt: string;
}

/** Makes one video and gives what the result says, what is billed, and the bytes. */
async function make(input: Record<string, unknown>, options?: EmulatorOptions) {
	let made!: { result: Result; billed: string | null; bytes: Buffer };
	await withFal(async (fal) => {
		const response = await fal.generate({ prompt: 'A fox in the snow', ...input });
		const result = (await response.json()) as Result;
		expect({ status: response.status, result }).toMatchObject({ status: 200 });
		const file = await fetch(result.video.url);
		const bytes = Buffer.from(await file.arrayBuffer());
		made = { result, billed: response.headers.get('x-fal-billable-units'), bytes };
	}, options);
	return made;
}

/** The loudest sample of a file in decibels; silence is about -91. */
function loudness(bytes: Buffer): number {
	const args = ['-i', 'pipe:0', '-af', 'volumedetect', '-f', 'null', '-'];
	const { stderr } = spawnSync(ffmpeg.path, args, { input: bytes, encoding: 'utf8' });
	return Number(/max_volume: (-?[\d.]+) dB/.exec(stderr)?.[1]);
}

/** The nth frame as raw pixels. */
function frame(bytes: Buffer, n: number): Buffer {
	const args = ['-v', 'error', '-i', 'pipe:0', '-vf', `select=eq(n\\,${n})`, '-frames:v', '1'];
	const output = ['-pix_fmt', 'gray', '-f', 'rawvideo', '-'];
	return spawnSync(ffmpeg.path, [...args, ...output], { input: bytes }).stdout;
}

describe('a video of each output type', () => {
	test.each([
		['X264 (.mp4)', 'h264', 'aac', 'mp4', 'video/mp4'],
		['VP9 (.webm)', 'vp9', 'opus', 'webm', 'video/webm'],
		['PRORES4444 (.mov)', 'prores', 'pcm_s16le', 'mov', 'video/quicktime'],
		['GIF (.gif)', 'gif', undefined, 'gif', 'image/gif'],
	])('%s is what the result says', async (type, codec, audioCodec, extension, contentType) => {
		const size = { width: 192, height: 108 };
		const { result, bytes } = await make({
			...{ video_output_type: type, num_frames: 33, fps: 25, video_size: size },
		});
		const probed = await probe(bytes);
		expect(probed).toMatchObject({ codec, ...size, frames: 33, fps: 25 });
		expect(probed.audioCodec).toBe(audioCodec);
		expect(Math.abs(probed.duration - result.video.duration)).toBeLessThan(1 / 25);
		expect(result.video).toMatchObject({
			...{ ...size, num_frames: 33, fps: 25, duration: 1.32 },
			...{ content_type: contentType, file_size: bytes.length },
		});
		expect(result.video.file_name).toMatch(new RegExp(`^[\\w-]+\\.${extension}$`));
		expect(result.video.url.endsWith(`/${result.video.file_name}`)).toBe(true);
	});

	test.each(['low', 'maximum'])('%s quality and each write mode can be made', async (quality) => {
		const sizes: number[] = [];
		for (const mode of ['fast', 'balanced', 'small'])
			sizes.push((await make({ video_quality: quality, video_write_mode: mode })).bytes.length);
		expect(new Set(sizes).size).toBe(3);
	});
});

test('a higher quality is a larger file', async () => {
	const sizes: number[] = [];
	for (const quality of ['low', 'medium', 'high', 'maximum'])
		sizes.push((await make({ video_quality: quality })).bytes.length);
	expect(sizes).toEqual([...sizes].sort((one, other) => one - other));
	expect(new Set(sizes).size).toBe(4);
});

test('the tone is audible, and missing when no audio is asked', async () => {
	const loud = await make({ num_frames: 25 });
	expect(loudness(loud.bytes)).toBeGreaterThan(-30);
	const { bytes } = await make({ generate_audio: false });
	expect((await probe(bytes)).audioCodec).toBeUndefined();
});

test('the picture moves and shows the prompt', async () => {
	const size = { video_size: { width: 320, height: 180 }, num_frames: 25, seed: 1 };
	const [one, other] = [
		await make({ ...size, prompt: 'A fox' }),
		await make({ ...size, prompt: 'An owl' }),
	];
	expect(frame(one.bytes, 0)).toHaveLength(320 * 180);
	expect(frame(one.bytes, 0).equals(frame(one.bytes, 24))).toBe(false);
	expect(frame(one.bytes, 0).equals(frame(other.bytes, 0))).toBe(false);
});

test.each([
	['empty', ''],
	['of a filter language', `%{pts} 'quoted' \\: [v];,=100%`],
	['not Latin', '雪の中の狐 🦊 ثعلب في الثلج'],
	['of control characters', 'a\u0000b\tc\r\nd\u{1b}[0m'],
	['without a space', 'x'.repeat(3000)],
])('a prompt %s makes a video', async (_, prompt) => {
	const { result, bytes } = await make({ prompt });
	expect(result.prompt).toBe(prompt);
	expect((await probe(bytes)).frames).toBe(9);
});

test.each([
	['odd sides become even', { width: 65, height: 99 }, { width: 66, height: 100 }],
	[
		'the smallest sides are those that can be encoded',
		{ width: 1, height: 1 },
		{ width: 16, height: 16 },
	],
])('%s, and the result says so truly', async (_, asked, delivered) => {
	const { result, billed, bytes } = await make({ video_size: asked });
	expect(await probe(bytes)).toMatchObject(delivered);
	expect(result.video).toMatchObject(delivered);
	expect(Number(billed)).toBe((delivered.width * delivered.height * 9) / 1e6);
});

test.each([1, 23.976, 60])('%d frames per second are kept', async (fps) => {
	const { result, bytes } = await make({ fps, num_frames: 17 });
	const probed = await probe(bytes);
	expect(probed.frames).toBe(17);
	expect(probed.fps).toBeCloseTo(fps, 2);
	expect(result.video).toMatchObject({ fps, duration: 17 / fps });
});

test('multi-scale may deliver more than asked, and bills it', async () => {
	const enlarged: EmulatorOptions = { delivered: 'enlarged' };
	const more = await make({}, enlarged);
	expect(await probe(more.bytes)).toMatchObject({ width: 128, height: 128 });
	expect(more.billed).toBe('0.147456');
	const asked = await make({ use_multiscale: false }, enlarged);
	expect(asked.result.video).toMatchObject({ width: 64, height: 64 });
	expect(asked.billed).toBe('0.036864');
});

test('sync_mode gives a data: URI with the video in it', async () => {
	const { result, bytes } = await make({ sync_mode: true });
	expect(result.video.url.startsWith('data:video/mp4;base64,')).toBe(true);
	expect((await probe(bytes)).frames).toBe(9);
});

test('the default size is 1024 × 576 and 121 frames, billed by its exact megapixels', async () => {
	const { billed, result } = await make({ video_size: undefined, num_frames: undefined });
	expect(billed).toBe('71.368704');
	expect(result.video).toMatchObject({ width: 1024, height: 576, num_frames: 121, fps: 24 });
});

test('preparedBytes gives files of that length instead, no two alike', async () => {
	const options = { preparedBytes: 700_001 };
	const [one, other] = [await make({}, options), await make({}, options)];
	expect(one.bytes).toHaveLength(700_001);
	expect(one.result.video).toMatchObject({ file_size: 700_001, content_type: 'video/mp4' });
	expect(one.billed).toBe(other.billed);
	expect(one.bytes.equals(other.bytes)).toBe(false);
	// Marks all along: 256 KiB without one would be a place where a mistake does not show.
	for (const at of [0, 262_144, 524_288]) {
		const [mark, another] = [one, other].map(({ bytes }) => bytes.subarray(at, at + 16));
		expect(mark!.equals(another!)).toBe(false);
	}
});
