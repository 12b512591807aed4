import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ffmpeg from '@ffmpeg-installer/ffmpeg';

/**
 * A file as ffmpeg writes it.
 *
 * @param name with the extension that says what it becomes
 * @param args inputs and what is to be done with them
 * @throws Error with ffmpeg's words
 */
export function made(name: string, ...args: string[]): Buffer {
	const folder = mkdtempSync(join(tmpdir(), 'n8n-nodes-fal-ltx-media-'));
	try {
		const all = ['-nostdin', '-v', 'error', '-y', ...args, name];
		const { status, stderr } = spawnSync(ffmpeg.path, all, { cwd: folder, encoding: 'utf8' });
		if (status !== 0) throw new Error(stderr);
		return readFileSync(join(folder, name));
	} finally {
		rmSync(folder, { recursive: true });
	}
}

/** ffmpeg's arguments for a picture that moves. */
export const picture = (size: string, fps = '24', seconds = 1): string[] => [
	...['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=${fps}:d=${seconds}`],
];

/** The same for a tone. */
export const tone = (seconds: number, rate = 44_100): string[] => [
	...['-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=${rate}:duration=${seconds}`],
];

/** One image of a kind that ffmpeg writes. */
export const image = (name: string, size = '32x18', ...args: string[]): Buffer =>
	made(name, ...picture(size), '-frames:v', '1', ...args);
