import type { INodeProperties } from 'n8n-workflow';
import { allowed, checkInput, type InputFault, schemaAt } from '../checkInput';
import type { Endpoint, VideoInput } from '../../endpoints/Endpoint';
import { InvalidParametersError, type ParameterFault } from '../InvalidParametersError';
import { CUSTOM_SIZE, type VideoFields } from '../fields/videoFields';
import { type LoraContext, type ReadLoras, readLoras } from './readLoras';
import { apiName } from '../parameterNames';
import { isEmptyValue, readAs } from './readAs';
import { type ReadCollection, readCollection } from './readCollection';
import { type ParameterContext, readParameter } from './readParameter';

/*
 * Rule: what is sent is what the person chose, no more and no less. An expression brings any type:
 * it is read as the type the field shows, or left as it is for the check to name.
 */

/** Settings whose description in the panel says what an empty one means. */
const MAY_BE_EMPTY = ['negativePrompt', 'seed'];

/** The part of n8n's context that an input is read with. */
export type InputContext = ParameterContext & LoraContext;

/** One item's parameters, checked. */
export interface ReadInput extends Pick<ReadLoras, 'files' | 'hints'> {
	/** As it is sent, but for the paths of LoRAs that are files of the item: those come with the upload. */
	input: VideoInput;
}

/**
 * One item's parameters as the endpoint's input.
 *
 * @throws InvalidParametersError that names every parameter which fal would refuse, or which says
 * nothing
 */
export function readInput(
	context: InputContext,
	itemIndex: number,
	endpoint: Endpoint,
	fields: VideoFields,
): ReadInput {
	const read = (name: string): unknown => readParameter(context, name, itemIndex);
	const loras = readLoras(context, read('loras.lora') ?? [], itemIndex);
	const candidate = readCandidate(read, loras.rows, endpoint, fields);
	const check = checkInput(endpoint.input, candidate.values);
	const faults = [
		...(check.ok ? [] : (check.faults as InputFault[])),
		...candidate.faults,
		...loras.faults,
	];
	if (!check.ok || faults.length > 0) throw new InvalidParametersError(faults);
	return { input: check.input as VideoInput, files: loras.files, hints: loras.hints };
}

function readCandidate(
	read: (name: string) => unknown,
	loras: unknown,
	endpoint: Endpoint,
	fields: VideoFields,
): ReadCollection {
	const generation = collection(endpoint, fields.generation, read('generation'));
	const outputFile = collection(endpoint, fields.outputFile, read('outputFile'));
	const values = {
		prompt: readAs('string', read('prompt')),
		loras,
		video_size: readSize(read),
		num_frames: readAs('number', read('numFrames')),
		fps: readAs('number', read('fps')),
	};
	const set = Object.entries(values).filter(([, value]) => value !== undefined);
	return {
		values: { ...Object.fromEntries(set), ...generation.values, ...outputFile.values },
		faults: [...emptyFields(endpoint, read), ...generation.faults, ...outputFile.faults],
	};
}

/** What is in view decides price and length: fal's default must not stand in for it unseen. */
function emptyFields(endpoint: Endpoint, read: (name: string) => unknown): ParameterFault[] {
	return ['videoSize', 'numFrames', 'fps']
		.map((name) => ({ path: [apiName(name)], value: read(name) ?? undefined }))
		.filter(({ value }) => isEmptyValue(value))
		.map((fault) => ({ ...fault, allowed: allowed(schemaAt(endpoint.input, fault.path)) }));
}

function readSize(read: (name: string) => unknown): unknown {
	const size = read('videoSize');
	if (size !== CUSTOM_SIZE) return readAs('options', size);
	return { width: readAs('number', read('width')), height: readAs('number', read('height')) };
}

/** The settings that were added to a collection, under fal's names. */
function collection(endpoint: Endpoint, fields: INodeProperties[], added: unknown): ReadCollection {
	const settings = fields.map(({ name, type }) => ({
		name,
		type: name === 'seed' ? 'integer' : type,
		mayBeEmpty: MAY_BE_EMPTY.includes(name),
	}));
	return readCollection(settings, added, endpoint.input, apiName);
}
