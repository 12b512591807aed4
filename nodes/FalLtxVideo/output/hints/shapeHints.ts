import type { VideoInput } from '../../endpoints/Endpoint';
import { offGrid } from '../../endpoints/videoShape';
import { type HintContext, showHint } from './showHint';
import { fieldLabel } from '../../parameters/fields/fieldLabels';

/**
 * Shows on the canvas, without refusing anything, that the model can't make these frames or sides.
 *
 * @returns what to call with each item's input; the same is shown once, however many items it is about
 */
export function shapeHints(context: HintContext): (input: VideoInput) => void {
	const shown = new Set<string>();
	return (input) => {
		for (const { field, message: fault } of offGrid(input)) {
			const message = `${fieldLabel([field]).label}: ${fault}.`;
			if (shown.has(message)) continue;
			shown.add(message);
			showHint(context, message, 'warning');
		}
	};
}
