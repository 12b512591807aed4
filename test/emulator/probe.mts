import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import ffprobe from '@ffprobe-installer/ffprobe';

export interface Probed {
	codec: string;
	width: number;
	height: number;
	/** Counted by decoding. */
	frames: number;
	fps: number;
	/** In seconds. */
	duration: number;
	audioCodec?: string;
}

interface Stream {
	codec_type: string;
	codec_name: string;
	width: number;
	height: number;
	nb_read_frames: string;
	r_frame_rate: string;
}

/** What ffprobe says of a file's bytes. */
export async function probe(bytes: Buffer): Promise<Probed> {
	const folder = await mkdtemp(join(tmpdir(), 'probe-'));
	try {
		const file = join(folder, 'video');
		await writeFile(file, bytes);
		// Packages are installed without their scripts, one of which would do this.
		await chmod(ffprobe.path, 0o755);
		const { stdout } = await promisify(execFile)(ffprobe.path, [
			...['-v', 'error', '-count_frames', '-show_streams', '-show_format', '-of', 'json', file],
		]);
		const { streams, format } = JSON.parse(stdout) as {
			streams: Stream[];
			format: { duration: string };
		};
		const video = streams.find((stream) => stream.codec_type === 'video')!;
		const [frames = 0, per = 1] = video.r_frame_rate.split('/').map(Number);
		const audioCodec = streams.find((stream) => stream.codec_type === 'audio')?.codec_name;
		return {
			...{ codec: video.codec_name, width: video.width, height: video.height },
			frames: Number(video.nb_read_frames),
			fps: frames / per,
			duration: Number(format.duration),
			...(audioCodec && { audioCodec }),
		};
	} finally {
		await rm(folder, { recursive: true });
	}
}
