import { spawn } from 'node:child_process';
import { copyFile, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';

import ffmpegBinary from '@ffmpeg-installer/ffmpeg';
import pLimit from 'p-limit';

import type { OutputType, Quality, WriteMode } from './endpoints/choices.mts';

const FONT = join(
	dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')),
	...['ttf', 'DejaVuSans.ttf'],
);

/** What a video shall be. */
export interface VideoSpec {
	prompt: string;
	/** A small second text, such as the seed. */
	caption: string;
	/** In pixels, even. */
	width: number;
	height: number;
	frames: number;
	fps: number;
	outputType: OutputType;
	quality: Quality;
	writeMode: WriteMode;
	audio: boolean;
}

interface Container {
	extension: string;
	contentType: string;
	/** ffmpeg's arguments for the picture. */
	picture(quality: Quality, mode: WriteMode): string[];
	/** ffmpeg's arguments for the sound; none when the container can't have any. */
	sound?: string[];
	/** Further filters, after the text is drawn. */
	filters?: string;
}

const X264_CRF = { low: 30, medium: 25, high: 20, maximum: 14 };
const X264_PRESET = { fast: 'ultrafast', balanced: 'veryfast', small: 'medium' };
const VP9_CRF = { low: 44, medium: 38, high: 31, maximum: 20 };
const VP9_SPEED = { fast: '8', balanced: '7', small: '5' };
const PRORES_SCALE = { low: 24, medium: 16, high: 10, maximum: 4 };

const CONTAINERS: Record<OutputType, Container> = {
	'X264 (.mp4)': {
		extension: 'mp4',
		contentType: 'video/mp4',
		picture: (quality, mode) => [
			...['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-movflags', '+faststart'],
			...['-preset', X264_PRESET[mode], '-crf', String(X264_CRF[quality])],
		],
		sound: ['-c:a', 'aac', '-b:a', '128k'],
	},
	'VP9 (.webm)': {
		extension: 'webm',
		contentType: 'video/webm',
		picture: (quality, mode) => [
			...['-c:v', 'libvpx-vp9', '-pix_fmt', 'yuv420p', '-deadline', 'realtime', '-row-mt', '1'],
			...['-cpu-used', VP9_SPEED[mode], '-b:v', '0', '-crf', String(VP9_CRF[quality])],
		],
		sound: ['-c:a', 'libopus', '-b:a', '96k'],
	},
	'PRORES4444 (.mov)': {
		extension: 'mov',
		contentType: 'video/quicktime',
		picture: (quality) => [
			...['-c:v', 'prores_ks', '-profile:v', '4444', '-pix_fmt', 'yuv444p10le'],
			...['-qscale:v', String(PRORES_SCALE[quality])],
		],
		sound: ['-c:a', 'pcm_s16le'],
	},
	'GIF (.gif)': {
		extension: 'gif',
		contentType: 'image/gif',
		picture: () => ['-c:v', 'gif'],
		filters: 'split[a][b];[a]palettegen[p];[b][p]paletteuse=dither=none',
	},
};

/** Extension and content type of an output type. */
export function containerOf(type: OutputType): { extension: string; contentType: string } {
	return CONTAINERS[type];
}

/** Width of a character in DejaVu Sans, as a part of the font's size, on the safe side. */
const LATIN_WIDTH = 0.62;
const WIDE_WIDTH = 1;
const LINE_HEIGHT = 1.2;
const MARGIN = 0.05;
const SMALLEST_FONT = 6;

function textWidth(text: string): number {
	return Array.from(text).reduce(
		(sum, char) => sum + (char > '\u2e80' ? WIDE_WIDTH : LATIN_WIDTH),
		0,
	);
}

/** Breaks a text into lines no wider than `width` (in font sizes); a long word is broken too. */
function wrap(text: string, width: number): string[] {
	const lines: string[] = [];
	let line = '';
	for (const word of text.split(' ')) {
		if (line && textWidth(`${line} ${word}`) > width) {
			lines.push(line);
			line = '';
		} else if (line) {
			line += ' ';
		}
		for (const char of word) {
			if (line && textWidth(line + char) > width) {
				lines.push(line);
				line = '';
			}
			line += char;
		}
	}
	return [...lines, line];
}

/** Control characters have no picture, and a lone surrogate is no UTF-8. */
function printable(text: string): string {
	return text.replace(/[\p{Cc}\p{Cs}\s]+/gu, ' ').trim();
}

interface Lettering {
	text: string;
	/** In pixels. */
	fontSize: number;
}

/** The largest lettering that shows the whole text; the end of one too long for any is dropped. */
function letter(text: string, width: number, height: number): Lettering {
	const [wide, high] = [width * (1 - 2 * MARGIN), height * 0.6];
	let fontSize = Math.max(SMALLEST_FONT, Math.round(Math.min(width, height) / 12));
	for (; ; fontSize--) {
		const lines = wrap(text, wide / fontSize);
		const fitting = Math.max(1, Math.floor(high / (fontSize * LINE_HEIGHT)));
		if (lines.length <= fitting || fontSize <= SMALLEST_FONT)
			return { text: lines.slice(0, fitting).join('\n'), fontSize };
	}
}

/** Texts are read from files next to the output, so that no character of a prompt can break a filter. */
function drawText(file: string, fontSize: number, y: string): string {
	return [
		`drawtext=textfile=${file}:fontfile=font.ttf:expansion=none:fontsize=${fontSize}`,
		`fontcolor=white:box=1:boxcolor=black@0.6:boxborderw=${Math.ceil(fontSize / 3)}`,
		`line_spacing=${Math.round(fontSize * 0.15)}:x=(w-text_w)/2:y=${y}`,
	].join(':');
}

function ffmpegArguments(spec: VideoSpec, prompt: number, caption: number): string[] {
	const container = CONTAINERS[spec.outputType];
	const source = `testsrc2=s=${spec.width}x${spec.height}:r=${spec.fps},trim=end_frame=${spec.frames}`;
	const filters = [
		drawText('prompt.txt', prompt, '(h-text_h)/2'),
		drawText('caption.txt', caption, 'h-text_h-h/30'),
		...(container.filters ? [container.filters] : []),
	];
	const seconds = String(spec.frames / spec.fps);
	const sound =
		spec.audio && container.sound
			? ['-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=48000:duration=${seconds}`]
			: [];
	return [
		...['-nostdin', '-v', 'error', '-y', '-f', 'lavfi', '-i', source, ...sound],
		...['-filter_complex', `[0:v]${filters.join(',')}[v]`, '-map', '[v]'],
		...(sound.length ? ['-map', '1:a', ...container.sound!] : []),
		...container.picture(spec.quality, spec.writeMode),
		`video.${container.extension}`,
	];
}

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
	const prompt = letter(printable(spec.prompt), spec.width, spec.height);
	const caption = letter(printable(spec.caption), spec.width, spec.height / 2);
	await copyFile(FONT, join(folder, 'font.ttf'));
	// drawtext refuses an empty file.
	await writeFile(join(folder, 'prompt.txt'), prompt.text || ' ');
	await writeFile(join(folder, 'caption.txt'), caption.text || ' ');
	await runFfmpeg(folder, ffmpegArguments(spec, prompt.fontSize, caption.fontSize), signal);
}

/**
 * Makes a video: a moving picture with the prompt in it, and a tone.
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
