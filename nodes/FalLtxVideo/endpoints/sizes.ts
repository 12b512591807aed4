/** The presets of `video_size` in pixels. */
export const sizes = {
	square_hd: { width: 1024, height: 1024 },
	square: { width: 512, height: 512 },
	portrait_4_3: { width: 768, height: 1024 },
	portrait_16_9: { width: 576, height: 1024 },
	landscape_4_3: { width: 1024, height: 768 },
	landscape_16_9: { width: 1024, height: 576 },
} as const;

type Preset = keyof typeof sizes;

/** Their names. */
export const presets = Object.keys(sizes) as [Preset, ...Preset[]];

/** Larger ones that people know by these names. fal has no presets for them: they are sent as sides. */
export const largerSizes = {
	landscape_720p: { width: 1280, height: 720 },
	portrait_720p: { width: 720, height: 1280 },
	landscape_1080p: { width: 1920, height: 1080 },
	portrait_1080p: { width: 1080, height: 1920 },
} as const;

/** What the model itself works on; fal adjusts other values, so they are worth a hint only. */
export const GRID = {
	/** The number of frames that the model makes is a multiple of this, plus one. */
	frames: 8,
	/** The sides that the model makes are multiples of this. */
	side: 32,
	/** With multi-scale generation, of this: the video may be larger than asked. */
	multiscaleSide: 64,
} as const;
