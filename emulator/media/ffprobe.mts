import { execFile } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { promisify } from 'node:util';

import ffprobeBinary from '@ffprobe-installer/ffprobe';

/** One stream of a file, as ffprobe names its facts. */
export interface ProbedStream {
	codec_type?: string;
	width?: number;
	height?: number;
	/** Frames per second as a fraction, `0/0` when unknown. */
	avg_frame_rate?: string;
	r_frame_rate?: string;
	nb_read_packets?: string;
	duration?: string;
	/** A picture that belongs to a sound file, such as a cover. */
	disposition?: { attached_pic?: number };
	tags?: { rotate?: string };
	side_data_list?: Array<{ rotation?: number }>;
}

/** What ffprobe says of a file. */
export interface Probed {
	streams: ProbedStream[];
	format: { format_name?: string; duration?: string };
}

/** Of what ffmpeg and ffprobe may open: a list of addresses in a file must not lead them elsewhere. */
export const ONLY_FILES = ['-protocol_whitelist', 'file'];

let isExecutable: Promise<void> | undefined;

/** Packages are installed without their scripts, one of which would do this. */
async function makeExecutable(): Promise<void> {
	// It may be so already and not ours to change; if it is not, running it says so.
	isExecutable ??= chmod(ffprobeBinary.path, 0o755).catch(() => undefined);
	await isExecutable;
}

/** @returns undefined for a file that is not a medium. */
export async function ffprobe(file: string, signal: AbortSignal): Promise<Probed | undefined> {
	await makeExecutable();
	const args = ['-v', 'error', '-count_packets', '-show_streams', '-show_format', '-of', 'json'];
	try {
		const { stdout } = await promisify(execFile)(
			ffprobeBinary.path,
			[...args, ...ONLY_FILES, `file:${file}`],
			{ signal, killSignal: 'SIGKILL', maxBuffer: 16 * 1024 * 1024 },
		);
		return JSON.parse(stdout) as Probed;
	} catch (error) {
		signal.throwIfAborted();
		// A number is ffprobe's own exit code; anything else means that it did not run.
		if (typeof (error as { code?: unknown }).code === 'number') return undefined;
		throw error;
	}
}
