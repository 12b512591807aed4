import type { INodeProperties } from 'n8n-workflow';
import type { InputFault } from '../../endpoint/check';
import { checkInput } from '../../endpoint/check';
import { ltx23DistilledTextToVideoLora as endpoint } from '../../endpoint/ltx23DistilledTextToVideoLora';
import type { Ltx23Input } from '../../endpoint/ltx23DistilledTextToVideoLora';
import { InvalidParametersError } from './InvalidParametersError';
import { CUSTOM_SIZE, generationFields, outputFileFields } from './fields';
import { apiName } from './names';
import { readAs } from './readAs';
import type { ParameterContext } from './readParameter';
import { readParameter } from './readParameter';

/*
 * Rule: what is sent is what the person chose, no more and no less. An expression brings any type:
 * it is read as the type the field shows, or left as it is for the check to name.
 */

/**
 * One item's parameters as the endpoint's input.
 *
 * @throws InvalidParametersError that names every parameter which fal would refuse
 */
export function readInput(context: ParameterContext, itemIndex: number): Ltx23Input {
	const candidate = readCandidate(context, itemIndex);
	const check = checkInput(endpoint.input, candidate);
	if (check.ok) return check.input as Ltx23Input;
	throw new InvalidParametersError(check.faults as InputFault[]);
}

function readCandidate(context: ParameterContext, itemIndex: number): Record<string, unknown> {
	const read = (name: string): unknown => readParameter(context, name, itemIndex);
	const candidate = {
		prompt: readAs('string', read('prompt')),
		loras: readLoras(read('loras.lora') ?? []),
		video_size: readSize(read),
		num_frames: readAs('number', read('numFrames')),
		fps: readAs('number', read('fps')),
		...readCollection(generationFields, read('generation')),
		...readCollection(outputFileFields, read('outputFile')),
	};
	return Object.fromEntries(Object.entries(candidate).filter(([, value]) => value !== undefined));
}

function readLoras(rows: unknown): unknown {
	if (!Array.isArray(rows)) return rows;
	return rows.map((row: Record<string, unknown>) => {
		const path = readAs('string', row.path);
		const weightName = readAs('string', row.weightName);
		const scale = readAs('number', row.scale);
		return {
			// A pasted link often brings a space or a line break along; no path has one at its ends.
			path: typeof path === 'string' ? path.trim() : path,
			...(weightName === undefined || weightName === '' ? {} : { weight_name: weightName }),
			...(scale === undefined ? {} : { scale }),
		};
	});
}

function readSize(read: (name: string) => unknown): unknown {
	const size = read('videoSize');
	if (size !== CUSTOM_SIZE) return readAs('options', size);
	return { width: readAs('number', read('width')), height: readAs('number', read('height')) };
}

/** The settings that were added to a collection, under fal's names. */
function readCollection(fields: INodeProperties[], added: unknown): Record<string, unknown> {
	const values = (added ?? {}) as Record<string, unknown>;
	const read: Record<string, unknown> = {};
	for (const { name, type } of fields) {
		if (!(name in values)) continue;
		read[apiName(name)] = readAs(name === 'seed' ? 'integer' : type, values[name]);
	}
	return read;
}
