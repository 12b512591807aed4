import type { INodeProperties } from 'n8n-workflow';
import type { InputFault } from '../../endpoint/check';
import { checkInput } from '../../endpoint/check';
import { ltx23DistilledTextToVideoLora as endpoint } from '../../endpoint/ltx23DistilledTextToVideoLora';
import type { Ltx23Input } from '../../endpoint/ltx23DistilledTextToVideoLora';
import { InvalidParametersError } from './InvalidParametersError';
import { CUSTOM_SIZE, generationFields, outputFileFields } from './fields';
import type { LoraContext, ReadLoras } from './loras/readLoras';
import { readLoras } from './loras/readLoras';
import { apiName } from './names';
import { readAs } from './readAs';
import type { ParameterContext } from './readParameter';
import { readParameter } from './readParameter';

/*
 * Rule: what is sent is what the person chose, no more and no less. An expression brings any type:
 * it is read as the type the field shows, or left as it is for the check to name.
 */

/** The part of n8n's context that an input is read with. */
export type InputContext = ParameterContext & LoraContext;

/** One item's parameters, checked. */
export interface ReadInput extends Pick<ReadLoras, 'files' | 'hints'> {
	/** As it is sent, but for the paths of LoRAs that are files of the item: those come with the upload. */
	input: Ltx23Input;
}

/**
 * One item's parameters as the endpoint's input.
 *
 * @throws InvalidParametersError that names every parameter which fal would refuse
 */
export function readInput(context: InputContext, itemIndex: number): ReadInput {
	const read = (name: string): unknown => readParameter(context, name, itemIndex);
	const loras = readLoras(context, read('loras.lora') ?? [], itemIndex);
	const check = checkInput(endpoint.input, readCandidate(read, loras.rows));
	const faults = [...(check.ok ? [] : (check.faults as InputFault[])), ...loras.faults];
	if (!check.ok || faults.length > 0) throw new InvalidParametersError(faults);
	return { input: check.input as Ltx23Input, files: loras.files, hints: loras.hints };
}

function readCandidate(read: (name: string) => unknown, loras: unknown): Record<string, unknown> {
	const candidate = {
		prompt: readAs('string', read('prompt')),
		loras,
		video_size: readSize(read),
		num_frames: readAs('number', read('numFrames')),
		fps: readAs('number', read('fps')),
		...readCollection(generationFields, read('generation')),
		...readCollection(outputFileFields, read('outputFile')),
	};
	return Object.fromEntries(Object.entries(candidate).filter(([, value]) => value !== undefined));
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
