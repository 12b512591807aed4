import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { LIMITS } from '../../../../nodes/FalLtxVideo/fal/http/limits';
import type { ReadableFile } from '../../../../nodes/FalLtxVideo/files/media/facts/ForwardReader';
import { mediaFacts } from '../../../../nodes/FalLtxVideo/files/media/mediaFacts';
import { made, picture, tone } from './madeFiles.mts';

/* Files far larger than what may be in memory, made while they are read. */

const MIB = 2 ** 20;

const never = new AbortController().signal;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

interface Watched extends ReadableFile {
	/** How often it was opened, and how many bytes were taken, in all. */
	opened: number;
	taken: number;
	/** The most bytes that were still in use while more of it was read. */
	held: number;
	isClosed(): boolean;
}

/** A file of such parts: bytes, or as many zeros. */
function watched(...parts: Array<Buffer | number>): Watched {
	const streams: Readable[] = [];
	const size = parts.reduce<number>((sum, p) => sum + (Buffer.isBuffer(p) ? p.length : p), 0);
	const given: Array<WeakRef<Buffer>> = [];
	const file: Watched = {
		...{ size, head: Buffer.concat(parts.filter(Buffer.isBuffer)).subarray(0, 512) },
		...{ opened: 0, taken: 0, held: 0 },
		isClosed: () => streams.every(({ destroyed }) => destroyed),
		async open() {
			file.opened++;
			const stream = Readable.from(pieces(), { highWaterMark: 1 });
			streams.push(stream);
			return await Promise.resolve(stream);
		},
	};
	async function* pieces(): AsyncGenerator<Buffer> {
		for (const part of parts) {
			const length = Buffer.isBuffer(part) ? part.length : part;
			for (let start = 0; start < length; start += MIB) {
				yield pieceOf(part, start, Math.min(length, start + MIB));
				if (given.length % 32 === 0) await look();
			}
		}
	}
	function pieceOf(part: Buffer | number, start: number, end: number): Buffer {
		// A copy of its own, so that it can be seen whether it is still in use.
		const piece = Buffer.from(new ArrayBuffer(end - start));
		if (Buffer.isBuffer(part)) part.copy(piece, 0, start, end);
		given.push(new WeakRef(piece));
		file.taken += piece.length;
		return piece;
	}
	async function look(): Promise<void> {
		await setImmediate();
		collectGarbage();
		const inUse = given.map((piece) => piece.deref()?.length ?? 0);
		file.held = Math.max(
			file.held,
			inUse.reduce((a, b) => a + b, 0),
		);
	}
	return file;
}

/** An MP4 whose tables are behind `bytes` bytes of pictures. */
function largeMp4(bytes: number): Watched {
	const mp4 = made('a.mp4', ...picture('320x180'), ...tone(1));
	const data = mp4.indexOf('mdat') - 4;
	const end = data + mp4.readUInt32BE(data);
	const header = Buffer.from(mp4.subarray(0, data + 8));
	header.writeUInt32BE(8 + bytes, data);
	return watched(header, bytes, mp4.subarray(end));
}

const FACTS = { width: 320, height: 180, fps: 24, frames: 24, seconds: 1 };

test('an MP4 of 300 MiB with its tables at the end', async () => {
	const file = largeMp4(300 * MIB);
	expect(await mediaFacts(file, 'video/mp4', never)).toMatchObject(FACTS);
	expect(file.opened).toBe(1);
	expect(file.isClosed()).toBe(true);
	expect(file.held).toBeGreaterThan(0);
	expect(file.held).toBeLessThan(8 * MIB);
});

test('of an MP4 with its tables at the start nothing more is read', async () => {
	const mp4 = made('a.mp4', ...picture('320x180'), '-movflags', '+faststart');
	const file = watched(mp4, 300 * MIB);
	expect(await mediaFacts(file, 'video/mp4', never)).toMatchObject(FACTS);
	expect(file.taken).toBeLessThan(4 * MIB);
	expect(file.isClosed()).toBe(true);
});

test('an MKV of 300 MiB', async () => {
	const mkv = made('a.mkv', ...picture('320x180'), '-g', '1', '-f', 'matroska');
	// A void element, which says how long it is in eight bytes, between two clusters.
	const cluster = mkv.lastIndexOf('1f43b675', undefined, 'hex');
	const voided = Buffer.alloc(9);
	voided.writeUInt8(0xec, 0);
	voided.writeBigUInt64BE(BigInt(300 * MIB) | (1n << 56n), 1);
	const file = watched(mkv.subarray(0, cluster), voided, 300 * MIB, mkv.subarray(cluster));
	expect(await mediaFacts(file, 'video/x-matroska', never)).toMatchObject({
		...{ width: 320, height: 180 },
		frames: 24,
	});
	expect(file.held).toBeLessThan(8 * MIB);
});

test('an Ogg with 300 MiB of something else in it', async () => {
	const ogg = made('a.opus', ...tone(2));
	const file = watched(ogg.subarray(0, 1000), 300 * MIB, ogg);
	expect((await mediaFacts(file, 'audio/ogg', never))!.seconds).toBeCloseTo(2, 1);
	expect(file.held).toBeLessThan(8 * MIB);
});

const header = (type: string, length: number) => {
	const bytes = Buffer.alloc(8);
	bytes.writeUInt32BE(length);
	bytes.write(type, 4, 'latin1');
	return bytes;
};

const ftyp = Buffer.concat([header('ftyp', 16), Buffer.from('isom\0\0\0\0')]);

test('a table that is larger than what may be in memory is not read', async () => {
	const length = LIMITS.mediaPartBytes + 1;
	const file = watched(ftyp, header('moov', 8 + length), length);
	expect(await mediaFacts(file, 'video/mp4', never)).toBeUndefined();
	expect(file.taken).toBeLessThan(4 * MIB);
});

/** A header that takes the file to its end, as often as there is room: hostile to one that looks at each. */
const REPEATED: Array<[what: string, contentType: string, start: Buffer, piece: Buffer]> = [
	['boxes', 'video/mp4', ftyp, header('free', 8)],
	['tables', 'video/mp4', ftyp, Buffer.concat([header('moov', 16), header('trak', 8)])],
	['fragments', 'video/mp4', ftyp, Buffer.concat([header('moof', 16), header('traf', 8)])],
	['elements', 'video/webm', Buffer.alloc(0), Buffer.from('e780', 'hex')],
	['clusters', 'video/webm', Buffer.alloc(0), Buffer.from('1f43b675ff', 'hex')],
	['tags', 'audio/mpeg', Buffer.alloc(0), Buffer.from('ID3\x04\0\0\0\0\0\0', 'latin1')],
	[
		'beginnings of frames',
		'audio/mpeg',
		Buffer.from('ID3\x04\0\0\0\0\0\0'),
		Buffer.from('fffb', 'hex'),
	],
	['short frames', 'audio/aac', Buffer.alloc(0), Buffer.from('fff1500000e000', 'hex')],
	['tracks', 'video/mp4', manyTracks(), header('free', 8)],
	[
		'boxes of a table',
		'video/mp4',
		Buffer.concat([ftyp, header('moov', 8 * MIB)]),
		header('trak', 8),
	],
	['tracks', 'video/webm', Buffer.alloc(0), manyElements('1654ae6b')],
	['titles', 'video/webm', Buffer.alloc(0), manyElements('1549a966')],
	['chunks', 'audio/wav', Buffer.from('RIFF\0\0\0\0WAVE'), Buffer.from('LIST\0\0\0\0')],
	['pages', 'audio/ogg', Buffer.alloc(0), Buffer.from('OggS'.padEnd(27, '\xff'), 'latin1')],
	['segments', 'image/jpeg', Buffer.from('ffd8', 'hex'), Buffer.from('ffe10002', 'hex')],
	['bytes that are no segments', 'image/jpeg', Buffer.from('ffd8', 'hex'), Buffer.alloc(4)],
	['sizes', 'image/avif', avif(), Buffer.concat([header('ispe', 20), Buffer.alloc(12)])],
	['crops', 'image/avif', avif(), Buffer.concat([header('clap', 8)])],
	['tags', 'image/tiff', Buffer.from('49492a0008000000ffff', 'hex'), Buffer.alloc(12, 1)],
];

/** An MP4 of as many tracks as there is room for, and fragments for each of them. */
function manyTracks(): Buffer {
	const track = [header('trak', 216), header('tkhd', 92), Buffer.alloc(84)];
	const media = [header('mdia', 116), header('mdhd', 32), Buffer.alloc(24)];
	const handler = [header('hdlr', 76), Buffer.from('\0\0\0\0\0\0\0\0soun'.padEnd(68, '\0'))];
	const trak = Buffer.concat([...track, ...media, ...handler]);
	const traks = Buffer.alloc(trak.length * 30_000, trak);
	for (let place = 0; place < traks.length; place += trak.length) {
		traks.writeUInt32BE(place, place + 28);
	}
	const movie = Buffer.concat([header('mvhd', 108), Buffer.alloc(100), header('mvex', 8), traks]);
	const traf = Buffer.concat([header('traf', 24), header('tfhd', 16), Buffer.alloc(8, 0xff)]);
	const trafs = Buffer.alloc(8 * MIB - 16, traf);
	return Buffer.concat([
		...[ftyp, header('moov', 8 + movie.length), movie],
		...[1, 2, 3].flatMap(() => [header('moof', 8 + trafs.length), trafs]),
	]);
}

/** Elements of nothing, in an element of as many bytes as are read of one. */
function manyElements(id: string): Buffer {
	const elements = Buffer.alloc(MIB - 4, Buffer.from('ae80', 'hex'));
	return Buffer.concat([Buffer.from(`${id}100ffffc`, 'hex'), elements]);
}

/** The beginning of an AVIF whose list of properties is said to be as long as what is read of it. */
function avif(): Buffer {
	const parts = [header('meta', 60_000), Buffer.alloc(4), header('iprp', 59_988)];
	return Buffer.concat([
		header('ftyp', 16),
		Buffer.from('avif\0\0\0\0'),
		...parts,
		header('ipco', 59_980),
	]);
}

/** Processor's time, on a busy machine too. What is not linear takes minutes for so much. */
const LIMIT_MS = 6_000;

test.each(REPEATED)('%s of %s without end take little time', async (_what, type, start, piece) => {
	const repeated = Buffer.alloc(16 * MIB, piece);
	const file = watched(start, repeated);
	const before = process.cpuUsage();
	await mediaFacts(file, type, never);
	const { user } = process.cpuUsage(before);
	expect(user / 1000).toBeLessThan(LIMIT_MS);
	expect(file.isClosed()).toBe(true);
});

describe('when the signal aborts', () => {
	test('before, nothing is opened', async () => {
		const file = largeMp4(MIB);
		await expect(mediaFacts(file, 'video/mp4', AbortSignal.abort('stop'))).rejects.toBe('stop');
		expect(file.opened).toBe(0);
	});

	test('while a piece does not come, its reason is thrown and the file closed', async () => {
		const abort = new AbortController();
		const stream = new Readable({ read: () => abort.abort('stop') });
		const file = { ...largeMp4(MIB), open: async () => await Promise.resolve(stream) };
		await expect(mediaFacts(file, 'video/mp4', abort.signal)).rejects.toBe('stop');
		expect(stream.destroyed).toBe(true);
	});

	test('while the file is opened, it is closed when it is open', async () => {
		const abort = new AbortController();
		const stream = new Readable({ read: () => undefined });
		let answer: (stream: Readable) => void = () => undefined;
		const opening = new Promise<Readable>((resolve) => (answer = resolve));
		const file = { ...largeMp4(MIB), open: async () => await opening };
		const reading = mediaFacts(file, 'video/mp4', abort.signal);
		await setImmediate();
		abort.abort('stop');
		await expect(reading).rejects.toBe('stop');
		answer(stream);
		await setImmediate();
		expect(stream.destroyed).toBe(true);
	});
});

test.each([
	['can not be opened', async () => await Promise.reject(new Error('gone'))],
	[
		'breaks off',
		async () =>
			await Promise.resolve(
				new Readable({
					read() {
						this.destroy(new Error('gone'));
					},
				}),
			),
	],
	['is shorter than it was', async () => await Promise.resolve(Buffer.alloc(10))],
])('nothing is known of a file that %s', async (_what, open) => {
	expect(await mediaFacts({ ...largeMp4(MIB), open }, 'video/mp4', never)).toBeUndefined();
});
