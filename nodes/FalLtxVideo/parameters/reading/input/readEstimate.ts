import { endpointFor } from '../../../endpoints';
import type { Endpoint, VideoInput } from '../../../endpoints/Endpoint';
import { textToVideo as task } from '../../../endpoints/tasks/textToVideo';
import { checkInput } from '../../checkInput';
import { estimateSettings } from '../../fields/estimateFields';
import { InvalidParametersError, type ParameterFault } from '../../InvalidParametersError';
import { readAs } from '../values/readAs';
import { hasSetting, leftOut } from './otherSettings';
import { collection, emptyFields, readModel, readSize } from './readInput';
import { readLength } from './readLength';
import { type ParameterContext, readParameter } from '../values/readParameter';

/** What a price depends on, checked. */
export interface ReadEstimate {
	endpoint: Endpoint;
	input: VideoInput;
}

/** @throws InvalidParametersError that names every parameter which makes no sense */
export function readEstimate(context: ParameterContext, itemIndex: number): ReadEstimate {
	const read = (name: string): unknown => readParameter(context, name, itemIndex);
	const withLoras = readAs('boolean', read('withLoras')) ?? false;
	const endpoint = endpointFor(task, readModel(read, task), withLoras === true);
	// What else a video has may come from the same expression; the price doesn't depend on it.
	const settings = collection(endpoint, 'generation', estimateSettings, read, (name) =>
		hasSetting(task, name) ? undefined : leftOut(name, task, 'generation'),
	);
	const length = readLength(read, endpoint, settings.values);
	const size = readSize(read);
	const values = { ...settings.values, ...length.values };
	const schema = endpoint.input.pick({
		...{ video_size: true, num_frames: true, fps: true, use_multiscale: true },
	});
	const check = checkInput(schema, size === undefined ? values : { ...values, video_size: size });
	const faults: ParameterFault[] = [
		...(check.ok ? [] : check.faults),
		...[...settings.faults, ...length.faults, ...emptyFields(endpoint, read, ['videoSize'])],
		...(typeof withLoras === 'boolean' ? [] : [notBoolean(withLoras)]),
	];
	if (!check.ok || faults.length > 0) throw new InvalidParametersError(faults);
	return { endpoint, input: check.input as VideoInput };
}

const notBoolean = (value: unknown): ParameterFault => ({
	path: ['with_loras'],
	value,
	allowed: 'true or false',
});
