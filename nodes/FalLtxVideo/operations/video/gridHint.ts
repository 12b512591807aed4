import type { IExecuteFunctions } from 'n8n-workflow';
import type { Endpoint } from '../../endpoint/Endpoint';
import type { Ltx23Input } from '../../endpoint/ltx23DistilledTextToVideoLora';
import { offGrid, shapeOf } from '../../endpoint/shape';
import { placeOf } from './places';

/** Tells on the canvas, without refusing anything, that the model can't make these frames or sides. */
export function hintAtGrid(
	context: Pick<IExecuteFunctions, 'addExecutionHints'>,
	endpoint: Endpoint,
	input: Ltx23Input,
): void {
	for (const { field, message } of offGrid(endpoint, shapeOf(endpoint, input))) {
		context.addExecutionHints({
			message: `${placeOf([field]).label}: ${message}.`,
			location: 'outputPane',
			type: 'warning',
		});
	}
}
