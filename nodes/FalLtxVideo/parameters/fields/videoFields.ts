import type { INodeProperties } from 'n8n-workflow';
import { type InputName, inputs } from '../../endpoints/inputs';
import { type ModelName, models } from '../../endpoints/models';
import type { Task } from '../../endpoints/tasks/Task';
import { rangeOf } from '../checkInput';
import { parameterName } from '../parameterNames';
import { settingField } from './inputFields';
import { lorasFields } from './loraFields';
import { mediaFields, mediaInputs } from './mediaFields';
import { sizeFields } from './sizeFields';

/*
 * A task's inputs as a person sees them. Names are fal's in camelCase, and saved workflows hold them.
 * What matters for every video stands at the top and is always sent; the rest is in collections and is
 * sent only when it was added there.
 */

/** Settings that stand at the top. */
const IN_VIEW = ['match_audio_length', 'match_video_length', 'extend_direction', 'preprocessor'];

const OUTPUT_FILE = ['video_output_type', 'video_quality', 'video_write_mode', 'sync_mode'];

const IN_PARTS = ['prompt', 'loras', 'video_size'];

/** The length of a video, unless set. */
const DURATION_SECONDS = 5;

const MODEL_TEXTS: Record<ModelName, { name: string; character: string }> = {
	distilled: { name: 'Distilled', character: 'Fast, and good at most things' },
	full: { name: 'Full', character: 'More detail and guidance settings; takes longer' },
};

/** Which of the two models; no field where there is only one. */
export function modelFields(task: Task): INodeProperties[] {
	if (task.models.length === 1) return [];
	const field: INodeProperties = {
		displayName: 'Model',
		name: 'model',
		type: 'options',
		options: task.models.map((model) => {
			const { withoutLoras, withLoras } = models[model].unitPrice;
			const { name, character } = MODEL_TEXTS[model];
			const description = `${character}. $${withoutLoras} per megapixel, $${withLoras} with LoRAs.`;
			return { name, value: model, description };
		}),
		default: '',
		description: 'Which LTX-2.3 22B model makes the video',
	};
	return [{ ...field, default: task.models[0]! }];
}

const promptField: INodeProperties = {
	displayName: 'Prompt',
	name: 'prompt',
	type: 'string',
	typeOptions: { rows: 5 },
	required: true,
	default: '',
	placeholder:
		'e.g. A red fox trots through fresh snow at dawn, the camera gliding along, wind in the firs',
	description:
		'What to see and to hear: subject, motion, camera, light, sound. If a LoRA has a trigger word, use it here.',
};

/** The length in seconds, where it doesn't follow a file. */
export function durationField({ lengthOf, inputs: names }: Task): INodeProperties {
	const { min, max } = rangeOf(inputs.num_frames.schema);
	const fps = inputs.fps.default;
	const seconds = (frames: number) => Math.round((frames / fps) * 100) / 100;
	return {
		displayName: 'Duration (Seconds)',
		name: 'durationSeconds',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: DURATION_SECONDS,
		...(lengthOf ? { displayOptions: { show: { [parameterName(lengthOf.while)]: [false] } } } : {}),
		hint: `${seconds(min)} to ${seconds(max)} seconds at ${fps} frames per second; price grows with it`,
		description: `${names.includes('extend_direction') ? 'How much is added to the video. ' : ''}The model makes the nearest length that it can. For an exact number of frames, add Frames under Generation.`,
	};
}

/** The fields of a task's inputs. */
export interface VideoFields {
	/** All of them, in the order of the panel. */
	all: INodeProperties[];
	/** Those in view that are settings of their own. */
	inView: INodeProperties[];
	/** Those inside the collection Generation. */
	generation: INodeProperties[];
	/** Those inside the collection Guidance, which the full model has. */
	guidance: INodeProperties[];
	/** Those inside the collection Output File. */
	outputFile: INodeProperties[];
}

/** Makes the fields of a task's inputs. */
export function videoFields(task: Task): VideoFields {
	const settings = task.inputs.filter(
		(name) => !IN_PARTS.includes(name) && !('medium' in inputs[name]),
	);
	const isIn = (names: string[]) => (name: InputName) => names.includes(name);
	const fieldsOf = (names: readonly InputName[]) => names.map((name) => settingField(task, name));
	const inView = fieldsOf(settings.filter(isIn(IN_VIEW)));
	const elsewhere = isIn([...IN_VIEW, ...OUTPUT_FILE]);
	const generation = byLabel(fieldsOf(settings.filter((name) => !elsewhere(name))));
	const outputFile = byLabel(fieldsOf(settings.filter(isIn(OUTPUT_FILE))));
	const guidance = byLabel(fieldsOf(models.full.inputs));
	const [required = [], ...others] = mediaInputs(task).map((input) => mediaFields(task, input));
	const all = [
		...modelFields(task),
		...required,
		promptField,
		...others.flat(),
		...sizeFields(task),
		...inView,
		durationField(task),
		...lorasFields,
		collection('Generation', 'generation', 'Add Generation Setting', generation),
		{
			...collection('Guidance', 'guidance', 'Add Guidance Setting', guidance),
			...(task.models.length > 1 ? { displayOptions: { show: { model: ['full'] } } } : {}),
		},
		collection('Output File', 'outputFile', 'Add File Setting', outputFile),
	];
	return { all, inView, generation, guidance, outputFile };
}

/** A collection of settings, none of which is added at first. */
export function collection(
	displayName: string,
	name: string,
	placeholder: string,
	options: INodeProperties[],
): INodeProperties {
	return { displayName, name, type: 'collection', placeholder, default: {}, options };
}

/** Fields in the order in which n8n lists what can be added. */
export function byLabel(fields: INodeProperties[]): INodeProperties[] {
	return [...fields].sort((a, b) => a.displayName.localeCompare(b.displayName));
}
