/** fal's name of a parameter: `numFrames` is `num_frames`. */
export function apiName(parameter: string): string {
	return parameter.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The node's name of one of fal's inputs: `num_frames` is `numFrames`. */
export function parameterName(name: string): string {
	return name.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
}
