import type { IExecuteFunctions } from 'n8n-workflow';
import type { Endpoint } from '../../endpoint/Endpoint';
import { offGrid } from '../../endpoint/shape';
import type { VideoShape } from '../../endpoint/shape';
import { placeOf } from './places';

/** Tells on the canvas, without refusing anything, that the model can't make these frames or sides. */
export function hintAtGrid(
	context: Pick<IExecuteFunctions, 'addExecutionHints'>,
	endpoint: Endpoint,
	shape: VideoShape,
): void {
	for (const { field, message } of offGrid(endpoint, shape)) {
		context.addExecutionHints({
			message: `${placeOf([field]).label}: ${message}.`,
			location: 'outputPane',
			type: 'warning',
		});
	}
}
