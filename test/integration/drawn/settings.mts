import { booleans, choices, type Leaf, numbers, optionalTexts, seeds, sent } from './choices.mts';

/* What may be given for each setting, by the node's names. */

const unit = numbers(0, 1, false);

const direction = choices('forward', 'backward');

/** Settings that stand at the top of the panel. */
export const IN_VIEW: Record<string, Leaf> = {
	matchAudioLength: booleans,
	matchVideoLength: booleans,
	extendDirection: direction,
	preprocessor: choices('depth', 'canny', 'pose', 'none'),
};

export const GENERATION: Record<string, Leaf> = {
	numFrames: numbers(9, 481, true),
	fps: numbers(1, 60, false),
	acceleration: choices('none', 'regular', 'high', 'full'),
	audioStrength: unit,
	cameraLora: choices(
		...['dolly_in', 'dolly_out', 'dolly_left', 'dolly_right'],
		...['jib_up', 'jib_down', 'static', 'none'],
	),
	cameraLoraScale: unit,
	distillLoraSecondPassScale: unit,
	enablePromptExpansion: booleans,
	enableSafetyChecker: booleans,
	endImageStrength: unit,
	generateAudio: booleans,
	icLoraType: choices('match_preprocessor', 'union', 'detailer', 'none'),
	imageStrength: unit,
	interpolationDirection: direction,
	matchInputFps: booleans,
	negativePrompt: optionalTexts(sent('', '')),
	numContextFrames: numbers(0, 121, true),
	preprocessAudio: booleans,
	scheduler: choices('ltx2', 'linear_quadratic', 'beta'),
	seed: seeds,
	useMultiscale: booleans,
	videoStrength: unit,
};

export const GUIDANCE: Record<string, Leaf> = {
	audioCfgScale: numbers(1, 20, false),
	audioModalityScale: numbers(0, 10, false),
	audioRescalingScale: unit,
	audioStgScale: numbers(0, 20, false),
	distillLoraFirstPassScale: unit,
	gradientEstimationGamma: numbers(0, 10, false),
	numInferenceSteps: numbers(8, 50, true),
	useRestartSampling: booleans,
	videoCfgScale: numbers(1, 20, false),
	videoModalityScale: numbers(0, 10, false),
	videoRescalingScale: unit,
	videoStgScale: numbers(0, 20, false),
};

export const OUTPUT_FILE: Record<string, Leaf> = {
	syncMode: booleans,
	videoOutputType: choices('X264 (.mp4)', 'VP9 (.webm)', 'PRORES4444 (.mov)', 'GIF (.gif)'),
	videoQuality: choices('low', 'medium', 'high', 'maximum'),
	videoWriteMode: choices('fast', 'balanced', 'small'),
};
