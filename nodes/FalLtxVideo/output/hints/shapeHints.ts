import type { Endpoint } from '../../endpoints/Endpoint';
import { offGrid, type VideoShape } from '../../endpoints/videoShape';
import { type HintContext, showHint } from './showHint';
import { placeOf } from '../../parameters/fields/fieldLabels';

/**
 * Tells on the canvas, without refusing anything, that the model can't make these frames or sides.
 *
 * @returns what to call with each item's shape; the same is told once, however many items it is about
 */
export function gridHints(context: HintContext, endpoint: Endpoint): (shape: VideoShape) => void {
	const told = new Set<string>();
	return (shape) => {
		for (const { field, message: fault } of offGrid(endpoint, shape)) {
			const message = `${placeOf([field]).label}: ${fault}.`;
			if (told.has(message)) continue;
			told.add(message);
			showHint(context, message, 'warning');
		}
	};
}
