/** The sizes that have a name, in pixels. */
export const PRESET_SIZES = {
	square_hd: { width: 1024, height: 1024 },
	square: { width: 512, height: 512 },
	portrait_4_3: { width: 768, height: 1024 },
	portrait_16_9: { width: 576, height: 1024 },
	landscape_4_3: { width: 1024, height: 768 },
	landscape_16_9: { width: 1024, height: 576 },
} as const;

export type PresetSize = keyof typeof PRESET_SIZES;

export const OUTPUT_TYPES = [
	'X264 (.mp4)',
	'VP9 (.webm)',
	'PRORES4444 (.mov)',
	'GIF (.gif)',
] as const;
export type OutputType = (typeof OUTPUT_TYPES)[number];

export const QUALITIES = ['low', 'medium', 'high', 'maximum'] as const;
export type Quality = (typeof QUALITIES)[number];

export const WRITE_MODES = ['fast', 'balanced', 'small'] as const;
export type WriteMode = (typeof WRITE_MODES)[number];
