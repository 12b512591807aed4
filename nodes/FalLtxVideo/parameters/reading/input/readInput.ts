import type { INodeProperties } from 'n8n-workflow';
import type { Endpoint, VideoInput } from '../../../endpoints/Endpoint';
import { endpointFor } from '../../../endpoints';
import { type ModelName, models } from '../../../endpoints/models';
import { largerSizes } from '../../../endpoints/sizes';
import type { Task } from '../../../endpoints/tasks/Task';
import { allowed, checkInput, type InputFault, schemaAt } from '../../checkInput';
import { CUSTOM_SIZE, SIZE_ALIASES } from '../../fields/sizeFields';
import type { VideoFields } from '../../fields/videoFields';
import {
	InvalidParametersError,
	notYetNamed,
	type ParameterFault,
} from '../../InvalidParametersError';
import { apiName } from '../../parameterNames';
import { isEmptyValue, readAs } from '../values/readAs';
import type { BinaryContext, InputFile } from '../values/readBinary';
import { type ReadCollection, readCollection } from '../values/readCollection';
import { leftOut } from './otherSettings';
import { type Length, readLength } from './readLength';
import { readLoras, readRows, specifyFaults } from './readLoras';
import { readMedia } from './readMedia';
import { type ParameterContext, readParameter } from '../values/readParameter';

/*
 * Rule: what is sent is what the person chose, no more and no less. An expression brings any type:
 * it is read as the type the field shows, or left as it is for the check to name.
 */

/** Settings whose description in the panel says what an empty one means. */
const MAY_BE_EMPTY = ['negativePrompt', 'seed'];

/** The part of n8n's context that an input is read with. */
export type InputContext = ParameterContext & BinaryContext;

/** One item's parameters, checked. */
export interface ReadInput extends Length {
	/** Where it is to be submitted. */
	endpoint: Endpoint;
	/** As it is sent, but for the addresses of files of the item: those come with the upload. */
	input: VideoInput;
	files: InputFile[];
	/** What a person should know of values that fal may well take. */
	hints: string[];
}

type Read = (name: string) => unknown;

/**
 * One item's parameters as the input of one of a task's endpoints.
 *
 * @param queueIsPublic whether fal is on the internet, from where private addresses can't be reached
 * @throws InvalidParametersError that names every parameter which fal would refuse, or which says
 * nothing
 */
export function readInput(
	context: InputContext,
	itemIndex: number,
	task: Task,
	fields: VideoFields,
	queueIsPublic: boolean,
): ReadInput {
	const read: Read = (name) => readParameter(context, name, itemIndex);
	const model = readModel(read, task);
	const loras = readLoras(context, readRows(read), itemIndex, queueIsPublic);
	const media = readMedia(context, read, task, itemIndex, queueIsPublic);
	const hasLoras = !Array.isArray(loras.rows) || loras.rows.length > 0;
	const endpoint = endpointFor(task, model, hasLoras);
	const settings = readSettings(read, endpoint, fields);
	const length = readLength(read, endpoint, settings.values);
	const candidate = {
		prompt: readAs('string', read('prompt')),
		...media.values,
		...settings.values,
		...length.values,
		...(hasLoras ? { loras: loras.rows } : {}),
	};
	const check = checkInput(endpoint.input, candidate);
	const own = [...settings.faults, ...length.faults, ...media.faults, ...loras.faults];
	const bySchema = check.ok ? [] : check.faults.map((fault) => withPlace(fault, loras.places));
	const faults: ParameterFault[] = [
		...notYetNamed(bySchema, own),
		...[...own, ...specifyFaults(read)],
	];
	if (!check.ok || faults.length > 0) throw new InvalidParametersError(faults);
	return {
		...{ endpoint, input: check.input as VideoInput },
		durationSeconds: length.durationSeconds,
		files: [...media.files, ...loras.files],
		hints: [...media.hints, ...loras.hints],
	};
}

/** @throws InvalidParametersError when the task has no such model: without it nothing else can be checked */
export function readModel(read: Read, { models: names }: Task): ModelName {
	if (names.length === 1) return names[0]!;
	const value = readAs('options', read('model'));
	const found = names.find((name) => name === value);
	if (found) return found;
	const expected = `one of ${names.join(', ')}`;
	throw new InvalidParametersError([{ path: ['model'], value, allowed: expected }]);
}

/** A row that is sent stands where its empty neighbours are left out. */
function withPlace(fault: InputFault, places: number[]): InputFault {
	const [name, n, ...rest] = fault.path;
	if (name !== 'loras' || typeof n !== 'number') return fault;
	return { ...fault, path: [name, places[n] ?? n, ...rest] };
}

/** The settings in view, and those that were added to the collections, under fal's names. */
function readSettings(read: Read, endpoint: Endpoint, fields: VideoFields): ReadCollection {
	const collections = [
		collection(endpoint, 'generation', fields.generation, read),
		guidance(endpoint, fields.guidance, read),
		collection(endpoint, 'outputFile', fields.outputFile, read),
	];
	const inView = fields.inView.map(({ name, type }) => [apiName(name), readAs(type, read(name))]);
	const values = { video_size: readSize(read), ...Object.fromEntries(inView) };
	const set = Object.entries(values).filter(([, value]) => value !== undefined);
	const names = ['videoSize', ...fields.inView.map(({ name }) => name)];
	return {
		values: Object.assign(Object.fromEntries(set), ...collections.map((one) => one.values)),
		faults: [...emptyFields(endpoint, read, names), ...collections.flatMap(({ faults }) => faults)],
	};
}

/** What is in view decides price and result: fal's default must not stand in for it unseen. */
export function emptyFields({ input }: Endpoint, read: Read, names: string[]): ParameterFault[] {
	return names
		.map((name) => ({ path: [apiName(name)], value: read(name) ?? undefined }))
		.filter(({ value }) => isEmptyValue(value))
		.map((fault) => ({ ...fault, allowed: allowed(schemaAt(input, fault.path)) }));
}

/** The size as it is sent. */
export function readSize(read: Read): unknown {
	const given = readAs('options', read('videoSize'));
	if (given === CUSTOM_SIZE)
		return { width: readAs('number', read('width')), height: readAs('number', read('height')) };
	const size = SIZE_ALIASES.get(given) ?? given;
	return typeof size === 'string' && Object.hasOwn(largerSizes, size)
		? largerSizes[size as keyof typeof largerSizes]
		: size;
}

/** The settings that were added to a collection, under fal's names. */
export function collection(
	{ task, input: schema }: Endpoint,
	name: string,
	fields: INodeProperties[],
	read: Read,
	unknown = (setting: string): string | undefined => leftOut(setting, task, name),
): ReadCollection {
	const settings = fields.map((field) => ({
		name: field.name,
		type: field.name === 'seed' ? 'integer' : field.type,
		mayBeEmpty: MAY_BE_EMPTY.includes(field.name),
	}));
	return readCollection(
		{ name, fields: settings, schema, schemaName: apiName, unknown },
		read(name),
	);
}

/** The settings of the full model; with the other one they would do nothing. */
function guidance(endpoint: Endpoint, fields: INodeProperties[], read: Read): ReadCollection {
	if (models[endpoint.model].inputs.length > 0) {
		return collection(endpoint, 'guidance', fields, read);
	}
	const names = fields.map(({ name }) => name);
	return collection(endpoint, 'guidance', [], read, (name) =>
		names.includes(name)
			? 'left out: only the full model (model) takes it'
			: leftOut(name, endpoint.task, 'guidance'),
	);
}
