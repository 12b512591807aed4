import type { OutputType, Quality, WriteMode } from '../endpoints/choices.mts';
import type { Source } from '../media/medium.mts';

/** Frames that are those of another video. */
export interface Clip {
	picture: Source;
	/** A filter of ffmpeg that shows what was done to them. */
	effect?: string;
	/** The first frame, and how many there are. */
	first: number;
	frames: number;
	/** Whether the texts are drawn over them. */
	isLettered: boolean;
}

/** An image that is a frame: the first one, or the last one of those that are generated. */
export interface Still {
	picture: Source;
	frame: number;
}

/** A part of the sound, as long as so many frames. */
export interface SoundPiece {
	source: Source | 'tone' | 'silence';
	frames: number;
}

/** What a video shall be. */
export interface VideoSpec {
	prompt: string;
	/** A small second text, such as the seed. */
	caption: string;
	/** In pixels, even. */
	width: number;
	height: number;
	frames: number;
	/** Those of the frames that are paid for. */
	billedFrames: number;
	fps: number;
	outputType: OutputType;
	quality: Quality;
	writeMode: WriteMode;
	clip?: Clip;
	stills: readonly Still[];
	/** One after the other; a video without any is silent. */
	sound: readonly SoundPiece[];
}
