import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import ffmpeg from '@ffmpeg-installer/ffmpeg';

import type { Emulator } from '../emulator/index.mts';

const run = promisify(execFile);

async function inFolder<T>(act: (folder: string) => Promise<T>): Promise<T> {
	const folder = await mkdtemp(join(tmpdir(), 'material-'));
	try {
		return await act(folder);
	} finally {
		await rm(folder, { recursive: true });
	}
}

/** Makes a file with ffmpeg. */
async function make(extension: string, args: string[]): Promise<Buffer> {
	return await inFolder(async (folder) => {
		const file = join(folder, `made.${extension}`);
		await run(ffmpeg.path, ['-v', 'error', ...args, file]);
		return await readFile(file);
	});
}

const lavfi = (source: string) => ['-f', 'lavfi', '-i', source];

/** An image of one colour. */
export const makeImage = (color: string, size = '64x64') =>
	make('png', [
		...lavfi(`color=${color}:s=64x64:d=1`),
		...['-vf', `scale=${size.replace('x', ':')}`, '-frames:v', '1', '-pix_fmt', 'rgb24'],
	]);

/** A tone. */
export const makeTone = (frequency: number, seconds: number) =>
	make('wav', lavfi(`sine=frequency=${frequency}:sample_rate=48000:duration=${seconds}`));

interface Shot {
	color: string;
	frames: number;
	fps: number;
	size?: string;
	/** Frequency of its tone; silent without. */
	tone?: number;
}

/** A video of one colour. */
export const makeShot = ({ color, frames, fps, size = '64x64', tone }: Shot) =>
	make('mp4', [
		...lavfi(`color=${color}:s=${size}:r=${fps},trim=end_frame=${frames}`),
		...(tone ? lavfi(`sine=frequency=${tone}:duration=${frames / fps}`) : []),
		...['-preset', 'ultrafast', '-pix_fmt', 'yuv420p'],
	]);

/** Puts a file into fal's storage and gives its address. */
export async function upload(fal: Emulator, bytes: Buffer, contentType: string): Promise<string> {
	const asked = await fetch(`${fal.hosts.rest}/storage/upload/initiate`, {
		method: 'POST',
		headers: { authorization: `Key ${fal.apiKey}` },
		body: JSON.stringify({ file_name: 'file', content_type: contentType }),
	});
	const { upload_url, file_url } = (await asked.json()) as Record<string, string>;
	await fetch(upload_url!, { method: 'PUT', body: new Uint8Array(bytes) });
	return file_url!;
}

async function decode(bytes: Buffer, args: string[]): Promise<Buffer> {
	return await inFolder(async (folder) => {
		const [file, raw] = [join(folder, 'file'), join(folder, 'raw')];
		await writeFile(file, bytes);
		await run(ffmpeg.path, ['-v', 'error', '-i', file, ...args, raw]);
		return await readFile(raw);
	});
}

/** Names of colours by which of red, green and blue they have. */
const COLORS = ['black', 'blue', 'green', 'cyan', 'red', 'magenta', 'yellow', 'white'];

/** The colour of a frame's upper left corner, where no text is: its nearest pure colour. */
function nameOf([red = 0, green = 0, blue = 0]: Uint8Array): string {
	const bits = [red, green, blue].map((part) => (part > 96 ? 1 : 0));
	return COLORS[bits[0]! * 4 + bits[1]! * 2 + bits[2]!]!;
}

/** The colours of a video's frames, each with how many times it is there in a row. */
export async function colorsOf(bytes: Buffer): Promise<Array<[string, number]>> {
	const filters = 'crop=8:8:0:0,scale=1:1';
	const raw = await decode(bytes, [
		...['-vf', filters, '-pix_fmt', 'rgb24', '-vsync', '0', '-f', 'rawvideo'],
	]);
	const runs: Array<[string, number]> = [];
	for (let at = 0; at < raw.length; at += 3) {
		const color = nameOf(raw.subarray(at, at + 3));
		const last = runs.at(-1);
		if (last?.[0] === color) last[1]++;
		else runs.push([color, 1]);
	}
	return runs;
}

const RATE = 16_000;

/** The frequency of a sound from one time to another, in seconds, by how often it crosses zero. */
export async function frequencyOf(bytes: Buffer, from: number, to: number): Promise<number> {
	const raw = await decode(bytes, ['-vn', '-ac', '1', '-ar', String(RATE), '-f', 's16le']);
	let crossings = 0;
	for (let n = Math.round(from * RATE) + 1; n < to * RATE; n++)
		if (raw.readInt16LE(2 * n - 2) < 0 !== raw.readInt16LE(2 * n) < 0) crossings++;
	return crossings / 2 / (to - from);
}
