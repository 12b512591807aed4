import type { NodeHint } from 'n8n-workflow';
import { inputs } from '../../endpoints/inputs';
import { GRID, largerSizes } from '../../endpoints/sizes';
import { rangeOf } from '../../parameters/checkInput';
import { CUSTOM_SIZE } from '../../parameters/fields/sizeFields';

/*
 * What the editor says of a node's values before it has run: the same as `shapeHints` says of a run.
 * Rule: a condition reads the values as they were entered (`$rawParameter`), so it never throws. What an
 * expression will give is not known yet, and there is no hint about it.
 */

const { min, max } = rangeOf(inputs.num_frames.schema);
const known = Object.values(largerSizes).map(({ width, height }) => `${width}x${height}`);

const FRAMES_FIT = `frames >= ${min} && frames <= ${max} && (frames - 1) % ${GRID.frames} === 0`;

const SIDES_FIT = `width % ${GRID.side} === 0 && height % ${GRID.side} === 0 || ${JSON.stringify(known)}.includes(width + "x" + height)`;

/** Hints about values that the model can't make exactly. */
export const hintsBeforeRun: NodeHint[] = [
	hint(
		`The model makes ${[0, 1, 2].map((step) => min + step * GRID.frames).join(', ')} … ${max} frames; fal may change others. See Frames under Generation.`,
		`({ generation }) => {
			const frames = generation?.numFrames;
			return typeof frames === "number" && !(${FRAMES_FIT});
		}`,
	),
	hint(
		`The model makes widths and heights that are multiples of ${GRID.side}; fal may change others.`,
		`({ videoSize, width, height }) => {
			if (videoSize !== "${CUSTOM_SIZE}") return false;
			if (typeof width !== "number" || typeof height !== "number") return false;
			return !(${SIDES_FIT});
		}`,
	),
];

/** @param condition of the parameters of an operation about videos, as JavaScript */
function hint(message: string, condition: string): NodeHint {
	return {
		message,
		type: 'warning',
		location: 'ndv',
		whenToDisplay: 'beforeExecution',
		displayCondition: `={{ $rawParameter.resource === "video" && (${condition.replace(/\s+/g, ' ')})($rawParameter) }}`,
	};
}
