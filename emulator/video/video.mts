import { spawn } from 'node:child_process';
import { copyFile, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';

import ffmpegBinary from '@ffmpeg-installer/ffmpeg';
import pLimit from 'p-limit';

import { containerOf } from './containers.mts';
import { ffmpegArguments } from './ffmpegArguments.mts';
import { letter } from './lettering.mts';
import type { VideoSpec } from './spec.mts';

const FONT = join(
	dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')),
	...['ttf', 'DejaVuSans.ttf'],
);

function runFfmpeg(folder: string, args: readonly string[], signal: AbortSignal): Promise<void> {
	return new Promise((resolve, reject) => {
		const ffmpeg = spawn(ffmpegBinary.path, args, {
			...{ cwd: folder, signal, killSignal: 'SIGKILL' },
			stdio: ['ignore', 'ignore', 'pipe'],
		});
		let complaint = '';
		let failure: Error | undefined;
		ffmpeg.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
		ffmpeg.on('error', (error) => (failure = error));
		// Only at its close is the process gone and its folder free.
		ffmpeg.on('close', (code) => {
			if (code === 0 && !failure) resolve();
			else reject(failure ?? new Error(`ffmpeg ended with ${code}: ${complaint.trim()}`));
		});
	});
}

/** More encoders than processors would only slow each other down. */
const encoders = pLimit(availableParallelism());

async function encode(spec: VideoSpec, folder: string, signal: AbortSignal): Promise<void> {
	const prompt = letter(spec.prompt, spec.width, spec.height);
	const caption = letter(spec.caption, spec.width, spec.height / 2);
	const fonts = { prompt: prompt.fontSize, caption: caption.fontSize };
	await copyFile(FONT, join(folder, 'font.ttf'));
	// drawtext refuses an empty file.
	await writeFile(join(folder, 'prompt.txt'), prompt.text || ' ');
	await writeFile(join(folder, 'caption.txt'), caption.text || ' ');
	await runFfmpeg(folder, ffmpegArguments(spec, fonts), signal);
}

/**
 * Makes a video: a moving picture with the prompt in it, and what it was made from.
 * @param file where to put it; a folder `<file>.work` exists next to it in the meantime.
 * @returns the file's size in bytes.
 * @throws an AbortError when the signal ended it, or an error with ffmpeg's words.
 */
export async function makeVideo(
	spec: VideoSpec,
	file: string,
	signal: AbortSignal,
): Promise<number> {
	const folder = `${file}.work`;
	return await encoders(async () => {
		signal.throwIfAborted();
		try {
			await mkdir(folder, { recursive: true });
			await encode(spec, folder, signal);
			await rename(join(folder, `video.${containerOf(spec.outputType).extension}`), file);
			return (await stat(file)).size;
		} finally {
			await rm(folder, { recursive: true, force: true });
		}
	});
}
