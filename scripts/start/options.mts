import { parseArgs } from 'node:util';

/** What a person asked `npm start` for. */
export interface StartOptions {
	/** End when the video is there, instead of leaving the editor open. */
	once: boolean;
	/** A key of fal.ai: make the video there. Without one it is made by the local fal. */
	falKey: string | undefined;
}

function readOnce(): boolean {
	try {
		return parseArgs({ options: { once: { type: 'boolean', default: false } } }).values.once;
	} catch (error) {
		throw new Error('`npm start` takes one option: `npm start -- --once`.', { cause: error });
	}
}

/** Reads the command line and the environment. */
export function readOptions(): StartOptions {
	return { once: readOnce(), falKey: process.env['FAL_KEY']?.trim() || undefined };
}
