import { chmod } from 'node:fs/promises';
import ffprobe from '@ffprobe-installer/ffprobe';
import { runCommand } from '../processes/command.mts';

/** A video file as ffprobe reads it. */
export interface VideoFacts {
	/** e.g. mov,mp4,m4a,3gp,3g2,mj2 */
	container: string;
	videoCodec: string;
	audioCodec: string | undefined;
	width: number;
	height: number;
	frames: number;
	fps: number;
	durationSeconds: number;
}

interface ProbedStream {
	codec_type: string;
	codec_name: string;
	width?: number;
	height?: number;
	nb_read_packets?: string;
	avg_frame_rate?: string;
}

interface Probed {
	format: { format_name: string; duration?: string };
	streams: ProbedStream[];
}

const ARGS = ['-v', 'error', '-count_packets', '-show_format', '-show_streams', '-of', 'json'];

/** The package comes without the executable bit, as no install scripts run here. */
const makeExecutable = async () => await chmod(ffprobe.path, 0o755);

function fraction(text = '0/1'): number {
	const [over, under] = text.split('/').map(Number) as [number, number];
	return under === 0 ? 0 : over / under;
}

function factsOf({ format, streams }: Probed, file: string): VideoFacts {
	const video = streams.find((stream) => stream.codec_type === 'video');
	const audio = streams.find((stream) => stream.codec_type === 'audio');
	if (!video) throw new Error(`${file} holds no video.`);
	return {
		container: format.format_name,
		videoCodec: video.codec_name,
		audioCodec: audio?.codec_name,
		width: video.width ?? 0,
		height: video.height ?? 0,
		frames: Number(video.nb_read_packets),
		fps: fraction(video.avg_frame_rate),
		durationSeconds: Number(format.duration),
	};
}

/** Reads a video file with ffprobe. Every frame's packet is counted: the header may be wrong. */
export async function probeVideo(file: string): Promise<VideoFacts> {
	await makeExecutable();
	return factsOf(JSON.parse(await runCommand(ffprobe.path, [...ARGS, file])) as Probed, file);
}
