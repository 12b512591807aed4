import { Readable } from 'node:stream';
import fc from 'fast-check';
import { mediaFacts, type MediaFacts } from '../../../../nodes/FalLtxVideo/files/media/mediaFacts';
import { contentTypeOf } from '../../../../nodes/FalLtxVideo/files/media/mediaKind';
import type { ReadableFile } from '../../../../nodes/FalLtxVideo/files/media/facts/ForwardReader';
import { image, made, picture, tone } from './madeFiles.mts';

const HEAD_BYTES = 512;

/** A file as n8n's binary store gives it, in pieces. */
function stored(bytes: Buffer, pieceBytes = 1000): ReadableFile {
	const open = async () => await Promise.resolve(Readable.from(piecesOf(bytes, pieceBytes)));
	return { size: bytes.length, head: bytes.subarray(0, HEAD_BYTES), open };
}

function* piecesOf(bytes: Buffer, pieceBytes: number): Generator<Buffer> {
	for (let i = 0; i < bytes.length; i += pieceBytes) yield bytes.subarray(i, i + pieceBytes);
}

const never = new AbortController().signal;

const factsOf = async (bytes: Buffer, pieceBytes?: number) =>
	await mediaFacts(stored(bytes, pieceBytes), contentTypeOf(bytes)!, never);

describe('the size of an image', () => {
	const PNG = ['a.png', 'a.jpg', 'a.webp', 'a.gif', 'a.bmp', 'a.tiff'];

	test.each(PNG)('%s', async (name) => {
		expect(await factsOf(image(name, '322x182'))).toEqual({ width: 322, height: 182 });
	});

	test('of one pixel', async () => {
		const bytes = image('a.png', '32x18', '-vf', 'format=rgb24,crop=1:1');
		expect(await factsOf(bytes)).toEqual({ width: 1, height: 1 });
	});

	test.each([
		[1, { width: 322, height: 182 }],
		[3, { width: 322, height: 182 }],
		[6, { width: 182, height: 322 }],
		[8, { width: 182, height: 322 }],
	])('of a JPEG that is turned as %i', async (orientation, size) => {
		expect(await factsOf(turned(image('a.jpg', '322x182'), orientation))).toEqual(size);
	});

	test('of a JPEG with a large preview before its size', async () => {
		const jpeg = image('a.jpg', '322x182');
		const segment = Buffer.alloc(65_537);
		segment.writeUInt32BE(0xffe2ffff);
		const segments = Array.from({ length: 12 }, () => segment);
		const start = 4 + jpeg.readUInt16BE(4);
		const large = Buffer.concat([jpeg.subarray(0, start), ...segments, jpeg.subarray(start)]);
		expect(await factsOf(large)).toEqual({ width: 322, height: 182 });
	});

	test.each(['avif', 'heic'])('of an image of the kind %s', async (brand) => {
		expect(
			await factsOf(
				heif(brand, [
					[64, 64],
					[640, 360],
				]),
			),
		).toEqual({ width: 640, height: 360 });
	});
});

/** A JPEG with an orientation in EXIF's notes. */
function turned(jpeg: Buffer, orientation: number): Buffer {
	const exif = Buffer.from(
		'ffe1 0022 457869660000 4d4d002a00000008 0001 0112 0003 00000001 0000 0000 00000000'.replaceAll(
			' ',
			'',
		),
		'hex',
	);
	exif.writeUInt16BE(orientation, 28);
	const start = 4 + jpeg.readUInt16BE(4);
	return Buffer.concat([jpeg.subarray(0, start), exif, jpeg.subarray(start)]);
}

const box = (type: string, ...contents: Buffer[]) => {
	const content = Buffer.concat(contents);
	const header = Buffer.alloc(8);
	header.writeUInt32BE(content.length + 8);
	header.write(type, 4, 'latin1');
	return Buffer.concat([header, content]);
};

const words = (...values: number[]) => {
	const bytes = Buffer.alloc(values.length * 4);
	values.forEach((value, i) => bytes.writeUInt32BE(value, i * 4));
	return bytes;
};

/** What an AVIF or a HEIC says of its pictures, without them. */
const heif = (brand: string, sizes: Array<[number, number]>) =>
	Buffer.concat([
		box('ftyp', Buffer.from(brand), words(0), Buffer.from('mif1')),
		box(
			'meta',
			words(0),
			box('iprp', box('ipco', ...sizes.map((size) => box('ispe', words(0, ...size))))),
		),
	]);

describe('how long sound is', () => {
	const FILES: Array<[name: string, args: string[]]> = [
		['a.mp3', []],
		['a.mp3', ['-write_xing', '0']],
		['a.mp3', ['-write_xing', '0', '-id3v2_version', '0', '-q:a', '4']],
		['a.mp3', ['-ar', '22050']],
		['a.wav', []],
		['a.wav', ['-rf64', 'always']],
		['a.wav', ['-c:a', 'pcm_f32le', '-ac', '2']],
		['a.ogg', ['-c:a', 'libvorbis']],
		['a.opus', []],
		['a.oga', ['-c:a', 'flac']],
		['a.flac', []],
		['a.aac', []],
		['a.m4a', []],
		['a.m4a', ['-movflags', '+faststart']],
		['a.mp4', []],
		['a.mka', ['-f', 'matroska']],
		['a.webm', []],
	];

	test.each(FILES)('%s %j', async (name, args) => {
		for (const seconds of [1, 7.3]) {
			const { soundSeconds, ...facts } = (await factsOf(made(name, ...tone(seconds), ...args)))!;
			expect(Math.abs(soundSeconds! - seconds)).toBeLessThan(0.05);
			expect(facts).toEqual({ seconds: soundSeconds });
		}
	});

	test('of a WAV whose length was not known when it was begun', async () => {
		const wav = made('a.wav', ...tone(2));
		wav.writeUInt32LE(0xffffffff, wav.indexOf('data') + 4);
		expect((await factsOf(wav))!.seconds).toBeCloseTo(2, 2);
	});

	test('of an MP3 with a large picture', async () => {
		const tag = Buffer.alloc(10 + 3 * 2 ** 20);
		tag.write('ID3\x04\0\0', 'latin1');
		[0x01, 0x40, 0, 0].forEach((byte, i) => (tag[6 + i] = byte));
		const bytes = Buffer.concat([tag, made('a.mp3', ...tone(2))]);
		expect((await factsOf(bytes, 2 ** 16))!.seconds).toBeCloseTo(2, 1);
	});
});

/** Size, length and frames of the picture; the sound is as long. */
async function expectVideo(bytes: Buffer, wanted: Required<Omit<MediaFacts, 'soundSeconds'>>) {
	const { seconds, fps, soundSeconds, ...facts } = (await factsOf(bytes))!;
	const { width, height, frames } = wanted;
	expect(facts).toEqual({ width, height, frames });
	expect(Math.abs(seconds! - wanted.seconds)).toBeLessThan(0.005);
	expect(Math.abs(fps! - wanted.fps)).toBeLessThan(0.01);
	if (soundSeconds !== undefined) {
		// In fragments ffmpeg makes the last piece of sound longer than it is.
		expect(Math.abs(soundSeconds - wanted.seconds)).toBeLessThan(0.1);
	}
}

const RATES: Array<[rate: string, fps: number]> = [
	['24', 24],
	['30000/1001', 30_000 / 1001],
	['60', 60],
];

const KINDS: Array<[what: string, name: string, args: string[]]> = [
	['an MP4 with its tables at the end', 'a.mp4', ['-c:v', 'libx264', '-bf', '2']],
	['an MP4 with its tables at the start', 'a.mp4', ['-movflags', '+faststart']],
	['an MP4 in fragments', 'a.mp4', ['-movflags', 'frag_keyframe+empty_moov', '-g', '5']],
	['an MP4 for DASH', 'a.mp4', ['-movflags', 'dash', '-g', '5']],
	['a MOV', 'a.mov', ['-c:v', 'prores', '-c:a', 'pcm_s16le']],
	['a WebM', 'a.webm', ['-c:v', 'libvpx']],
	['an MKV', 'a.mkv', ['-c:v', 'libx264', '-bf', '2']],
	['an AVI', 'a.avi', ['-c:v', 'mpeg4', '-an']],
];

describe.each(KINDS)('%s', (_what, name, args) => {
	test.each(RATES)('at %s frames per second', async (rate, fps) => {
		const frames = 48;
		const bytes = made(
			name,
			...picture('320x180', rate, frames / fps),
			...tone(frames / fps),
			...args,
		);
		await expectVideo(bytes, { width: 320, height: 180, seconds: frames / fps, fps, frames });
	});

	test('without sound', async () => {
		const bytes = made(name, ...picture('320x180'), ...args);
		expect(await factsOf(bytes)).not.toHaveProperty('soundSeconds');
		await expectVideo(bytes, { width: 320, height: 180, seconds: 1, fps: 24, frames: 24 });
	});
});

test('a WebM as browsers record it, without any length', async () => {
	const webm = made('a.webm', ...picture('320x180'), '-c:v', 'libvpx', '-live', '1');
	await expectVideo(webm, { width: 320, height: 180, seconds: 1, fps: 24, frames: 24 });
});

test('an MP4 of a phone that was held upright', async () => {
	const mp4 = made('a.mp4', ...picture('320x180'));
	// The matrix of a quarter turn.
	const matrix = mp4.indexOf('tkhd') + 4 + 40;
	words(0, 0x10000, 0, 0xffff0000, 0).copy(mp4, matrix);
	await expectVideo(mp4, { width: 180, height: 320, seconds: 1, fps: 24, frames: 24 });
});

test('an MP4 of which only a part is presented', async () => {
	const mp4 = made('a.mp4', ...picture('320x180', '24', 2));
	const edit = mp4.indexOf('elst') + 4 + 8;
	expect(mp4.readUInt32BE(edit)).toBe(2000);
	mp4.writeUInt32BE(1500, edit);
	await expectVideo(mp4, { width: 320, height: 180, seconds: 1.5, fps: 24, frames: 36 });
});

const SOME: Array<[name: string, bytes: () => Buffer]> = [
	['a.png', () => image('a.png')],
	['a.jpg', () => turned(image('a.jpg'), 6)],
	['a.webp', () => image('a.webp')],
	['a.gif', () => image('a.gif')],
	['a.bmp', () => image('a.bmp')],
	['a.tiff', () => image('a.tiff')],
	['a.avif', () => heif('avif', [[640, 360]])],
	...['a.mp3', 'a.wav', 'a.ogg', 'a.flac', 'a.aac', 'a.m4a'].map((name): [string, () => Buffer] => [
		name,
		() => made(name, ...tone(0.5)),
	]),
	...KINDS.map(([what, name, args]): [string, () => Buffer] => [
		what,
		() => made(name, ...picture('64x36', '24', 0.5), ...tone(0.5), ...args),
	]),
];

/** Within what a file may be at all, whatever it says. */
function expectPlausible(facts: MediaFacts | undefined): void {
	for (const value of Object.values(facts ?? {})) {
		expect(value).toBeGreaterThan(0);
		expect(value).toBeLessThanOrEqual(10_000_000);
	}
	expect(facts?.width === undefined).toBe(facts?.height === undefined);
}

/** More than enough for what is tried here, far too little for what a file can claim. */
const LONGEST_MS = 1_000;

describe.each(SOME)('%s, damaged', (_name, make) => {
	let whole: Buffer;
	let contentType: string;

	beforeAll(() => {
		whole = make();
		contentType = contentTypeOf(whole)!;
	});

	async function expectAnswer(bytes: Buffer): Promise<void> {
		const startedAt = process.cpuUsage();
		expectPlausible(await mediaFacts(stored(bytes), contentType, never));
		const { user } = process.cpuUsage(startedAt);
		expect(user / 1000).toBeLessThan(LONGEST_MS);
	}

	test('is cut off', async () => {
		for (let i = 0; i <= 40; i++) {
			await expectAnswer(whole.subarray(0, Math.floor((whole.length * i) / 41)));
		}
	});

	test('has other bytes in some places', async () => {
		const change = fc.tuple(fc.nat(), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff));
		const places = fc.oneof(fc.constant(HEAD_BYTES), fc.constant(whole.length));
		await fc.assert(
			fc.asyncProperty(places, fc.array(change, { minLength: 1 }), async (within, changes) => {
				const bytes = Buffer.from(whole);
				for (const [place, byte] of changes) {
					bytes[place % Math.min(within, bytes.length)] = byte;
				}
				await expectAnswer(bytes);
			}),
			{ numRuns: 150 },
		);
	});

	test('claims that whatever it has is as much as can be', async () => {
		const step = Math.max(4, Math.ceil(whole.length / 60));
		for (const claim of [words(0xffffffff), words(0x7fffffff), words(0)]) {
			for (let place = 0; place + 4 <= whole.length; place += step) {
				const bytes = Buffer.from(whole);
				claim.copy(bytes, place);
				await expectAnswer(bytes);
			}
		}
	}, 60_000);
});

test.each([
	'image/png',
	'image/jpeg',
	'image/webp',
	'image/gif',
	'image/bmp',
	'image/tiff',
	'image/avif',
	'audio/mpeg',
	'audio/wav',
	'audio/ogg',
	'audio/flac',
	'audio/aac',
	'audio/mp4',
	'video/mp4',
	'video/webm',
	'video/x-msvideo',
])('whatever is taken for %s is answered', async (contentType) => {
	await fc.assert(
		fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (bytes) => {
			expectPlausible(await mediaFacts(stored(Buffer.from(bytes)), contentType, never));
		}),
	);
});

test.each(['', 'application/pdf', 'constructor'])('nothing is known of %j', async (contentType) => {
	expect(await mediaFacts(stored(image('a.png')), contentType, never)).toBeUndefined();
});
