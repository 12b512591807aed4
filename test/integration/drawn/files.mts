import { makeImage, makeShot, makeTone } from '../../material.mts';
import type { InputFile } from '../engine.mts';
import { safetensors } from '../loraFile.mts';
import type { Medium } from './choices.mts';

/* The files of the item that parameters are drawn for, and what each of them is fit for. */

/** Names of binary fields. */
export type FileField = 'image' | 'sound' | 'clip' | 'lora' | 'page' | 'nothing';

/** What they are called. */
export const FILE_NAMES: Record<FileField, string> = {
	image: 'first.png',
	sound: 'speech.wav',
	clip: 'clip.mp4',
	lora: 'style.safetensors',
	page: 'a page',
	nothing: 'nothing.bin',
};

/** An empty one is no file for anything. */
export const FIT: Record<Medium | 'lora', FileField[]> = {
	image: ['image'],
	audio: ['sound', 'clip'],
	video: ['clip'],
	lora: ['lora'],
};

/** Frames per second of the clip. */
export const CLIP_FPS = 12.5;

export async function makeFiles(): Promise<Record<FileField, InputFile>> {
	const bytes: Record<FileField, Buffer> = {
		image: await makeImage('red'),
		sound: await makeTone(880, 1),
		clip: await makeShot({ color: 'green', frames: 25, fps: CLIP_FPS, tone: 660 }),
		lora: safetensors(),
		page: Buffer.from('<!DOCTYPE html><title>Log in</title>'),
		nothing: Buffer.alloc(0),
	};
	const named = Object.entries(bytes).map(([field, content]) => [
		field,
		{ bytes: content, name: FILE_NAMES[field as FileField] },
	]);
	return Object.fromEntries(named) as Record<FileField, InputFile>;
}
