import type { Endpoint } from '../../endpoints/Endpoint';
import { offGrid, type VideoShape } from '../../endpoints/videoShape';
import { type HintContext, showHint } from './showHint';
import { fieldLabel } from '../../parameters/fields/fieldLabels';

/**
 * Shows on the canvas, without refusing anything, that the model can't make these frames or sides.
 *
 * @returns what to call with each item's shape; the same is shown once, however many items it is about
 */
export function shapeHints(context: HintContext, endpoint: Endpoint): (shape: VideoShape) => void {
	const shown = new Set<string>();
	return (shape) => {
		for (const { field, message: fault } of offGrid(endpoint, shape)) {
			const message = `${fieldLabel([field]).label}: ${fault}.`;
			if (shown.has(message)) continue;
			shown.add(message);
			showHint(context, message, 'warning');
		}
	};
}
