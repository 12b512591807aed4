import type { EmulatorOptions, VideoFile } from '../../emulator/index.mts';
import { colorsOf, frequencyOf, makeImage, makeShot, makeTone } from '../material.mts';
import { probe } from './probe.mts';
import { withFal } from './support.mts';

interface Made {
	video: VideoFile;
	billed: string | null;
	bytes: Buffer;
}

/** Makes one video as fast as it goes; files are given as they are. */
async function make(
	task: string,
	input: Record<string, unknown>,
	options: EmulatorOptions = {},
): Promise<Made> {
	let made!: Made;
	await withFal(async (fal) => {
		const inline = Object.entries(input).map(([name, value]) => [
			name,
			Buffer.isBuffer(value) ? `data:;base64,${value.toString('base64')}` : value,
		]);
		const given = { prompt: 'fox', video_write_mode: 'fast', ...Object.fromEntries(inline) };
		const response = await fal.generate(given, { endpoint: `fal-ai/ltx-2.3-22b/${task}` });
		const body = (await response.json()) as { video: VideoFile };
		expect({ status: response.status, body }).toMatchObject({ status: 200 });
		const file = await fetch(body.video.url);
		made = {
			video: body.video,
			billed: response.headers.get('x-fal-billable-units'),
			bytes: Buffer.from(await file.arrayBuffer()),
		};
	}, options);
	return made;
}

/** The file is what the result says, and has these frames. */
async function expectFile({ video, bytes }: Made, expected: Partial<VideoFile>): Promise<void> {
	expect(video).toMatchObject(expected);
	const { width, height, fps, num_frames } = video;
	expect(await probe(bytes)).toMatchObject({ width, height, fps, frames: num_frames });
}

const megapixels = ({ width, height }: VideoFile, frames: number) =>
	(width * height * frames) / 1_000_000;

const EXACT: EmulatorOptions = { variants: { matchedLength: 'exact' } };

describe('images', () => {
	test('are the first and the last frame', async () => {
		const images = { image_url: await makeImage('red'), end_image_url: await makeImage('blue') };
		const colors = await colorsOf((await make('image-to-video', images)).bytes);
		expect([colors[0], colors.at(-1)]).toEqual([
			['red', 1],
			['blue', 1],
		]);
		const back = { ...images, interpolation_direction: 'backward' };
		const backward = await colorsOf((await make('distilled/image-to-video', back)).bytes);
		expect([backward[0], backward.at(-1)]).toEqual([
			['blue', 1],
			['red', 1],
		]);
	});

	test('give the size, to the next even one', async () => {
		const image_url = await makeImage('red', '95x63');
		const made = await make('image-to-video', { image_url, video_size: 'auto' });
		await expectFile(made, { width: 96, height: 64, num_frames: 9 });
		const asked = await make('image-to-video', { image_url });
		await expectFile(asked, { width: 64, height: 64 });
		const audio_url = await makeTone(880, 0.1);
		const sounding = { audio_url, video_size: 'auto', num_frames: 9 };
		expect((await make('audio-to-video', { ...sounding, image_url })).video).toMatchObject({
			...{ width: 96, height: 64 },
		});
		const plain = await make('audio-to-video', sounding, { preparedBytes: 64 });
		expect(plain.video).toMatchObject({ width: 1024, height: 576 });
	});
});

describe('sound', () => {
	test('is the given one, and gives the length', async () => {
		const audio_url = await makeTone(880, 0.5);
		const made = await make('audio-to-video', { audio_url }, EXACT);
		await expectFile(made, { num_frames: 12, duration: 0.5 });
		expect(await frequencyOf(made.bytes, 0.1, 0.4)).toBeCloseTo(880, -1);
		const onGrid = await make('audio-to-video', { audio_url, fps: 30 });
		await expectFile(onGrid, { num_frames: 17 });
	});

	test('is cut, or silence follows, when the length is another one', async () => {
		const audio_url = await makeTone(880, 0.5);
		const unmatched = { audio_url, match_audio_length: false };
		await expectFile(await make('audio-to-video', unmatched), { num_frames: 9 });
		const longer = await make('audio-to-video', { ...unmatched, num_frames: 25 });
		expect((await probe(longer.bytes)).duration).toBeCloseTo(25 / 24, 1);
		expect(await frequencyOf(longer.bytes, 0.1, 0.4)).toBeCloseTo(880, -1);
		expect(await frequencyOf(longer.bytes, 0.7, 0.9)).toBeLessThan(400);
	});
});

describe('a video', () => {
	const shot = () => makeShot({ color: 'lime', frames: 10, fps: 12, size: '80x48', tone: 660 });

	test.each(['video-to-video', 'distilled/reference-video-to-video'])(
		'%s gives frames, sound, size, rate and length',
		async (task) => {
			const input = { video_url: await shot(), video_size: 'auto' };
			const made = await make(task, input, EXACT);
			await expectFile(made, { width: 80, height: 48, fps: 12, num_frames: 10 });
			expect(await colorsOf(made.bytes)).toEqual([['green', 10]]);
			expect(await frequencyOf(made.bytes, 0.1, 0.7)).toBeCloseTo(660, -1);
			expect(made.billed).toBe(String(megapixels(made.video, 10)));
			await expectFile(await make(task, input), { num_frames: 9 });
		},
	);

	test('gives none of them when it shall not', async () => {
		const own = { match_video_length: false, match_input_fps: false, generate_audio: false };
		const made = await make('video-to-video', { video_url: await shot(), ...own, num_frames: 33 });
		await expectFile(made, { width: 64, height: 64, fps: 24, num_frames: 33 });
		expect((await probe(made.bytes)).audioCodec).toBeUndefined();
		expect(await colorsOf(made.bytes)).toEqual([['green', 33]]);
	});

	test('has another look by each preprocessor', async () => {
		const video_url = await shot();
		const looks = ['none', 'depth', 'canny', 'pose'].map(async (preprocessor) => {
			const input = { video_url, preprocessor };
			return (await colorsOf((await make('reference-video-to-video', input)).bytes))[0]![0];
		});
		expect(await Promise.all(looks)).toEqual(['green', 'white', 'black', 'magenta']);
	});

	test('as a reference takes another sound, and images', async () => {
		const made = await make('reference-video-to-video', {
			video_url: await shot(),
			audio_url: await makeTone(1320, 1),
			image_url: await makeImage('red'),
			end_image_url: await makeImage('blue'),
		});
		expect(await frequencyOf(made.bytes, 0.1, 0.6)).toBeCloseTo(1320, -2);
		expect(await colorsOf(made.bytes)).toEqual([
			['red', 1],
			['green', 7],
			['blue', 1],
		]);
	});
});

describe('an extended video', () => {
	const shot = () => makeShot({ color: 'lime', frames: 24, fps: 24, tone: 880 });

	test('begins with the input', async () => {
		const end_image_url = await makeImage('blue');
		const input = { video_url: await shot(), end_image_url, num_frames: 17 };
		const made = await make('extend-video', input);
		await expectFile(made, { num_frames: 41, fps: 24 });
		expect(made.billed).toBe(String(megapixels(made.video, 17)));
		const colors = await colorsOf(made.bytes);
		expect([colors[0], colors.at(-1)]).toEqual([
			['green', 24],
			['blue', 1],
		]);
		expect(await frequencyOf(made.bytes, 0.1, 0.9)).toBeCloseTo(880, -1);
		expect(await frequencyOf(made.bytes, 1.1, 1.6)).toBeCloseTo(440, -1);
	});

	test('ends with it when it is extended backward, and may be billed as a whole', async () => {
		const input = { video_url: await shot(), extend_direction: 'backward', num_frames: 17 };
		const delivered: EmulatorOptions = { variants: { extendedBilling: 'delivered' } };
		const made = await make('extend-video', input, delivered);
		await expectFile(made, { num_frames: 41 });
		expect(made.billed).toBe(String(megapixels(made.video, 41)));
		expect((await colorsOf(made.bytes)).at(-1)).toEqual(['green', 24]);
		expect(await frequencyOf(made.bytes, 0.1, 0.6)).toBeCloseTo(440, -1);
		expect(await frequencyOf(made.bytes, 0.8, 1.6)).toBeCloseTo(880, -1);
	});

	test('may have a rate and a size of its own, and no sound', async () => {
		const own = { match_input_fps: false, fps: 12, generate_audio: false };
		const size = { video_size: { width: 32, height: 32 } };
		const made = await make('extend-video', { video_url: await shot(), ...own, ...size });
		await expectFile(made, { width: 32, height: 32, fps: 12, num_frames: 12 + 9 });
		expect((await probe(made.bytes)).audioCodec).toBeUndefined();
		expect((await colorsOf(made.bytes))[0]).toEqual(['green', 12]);
	});
});

test.each(['VP9 (.webm)', 'PRORES4444 (.mov)', 'GIF (.gif)'])('%s too', async (type) => {
	const video_url = await makeShot({ color: 'lime', frames: 24, fps: 25, tone: 880 });
	const end_image_url = await makeImage('blue');
	const made = await make('extend-video', { video_url, end_image_url, video_output_type: type });
	const colors = await colorsOf(made.bytes);
	expect([colors[0], colors.at(-1)]).toEqual([
		['green', 24],
		['blue', 1],
	]);
});
