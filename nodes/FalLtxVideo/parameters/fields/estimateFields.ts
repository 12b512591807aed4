import type { INodeProperties } from 'n8n-workflow';
import type { InputName } from '../../endpoints/inputs';
import { textToVideo as task } from '../../endpoints/tasks/textToVideo';
import { settingField } from './inputFields';
import { priceFields } from './optionFields';
import { sizeFields } from './sizeFields';
import { byLabel, collection, durationField, modelFields } from './videoFields';

/* What the price of a video depends on, and nothing else. */

const SETTINGS: InputName[] = ['num_frames', 'fps', 'use_multiscale'];

/** Those inside the collection Generation. */
export const estimateSettings = byLabel(SETTINGS.map((name) => settingField(task, name)));

/** The parameters of `video: estimateCost`. */
export const estimateFields: INodeProperties[] = [
	...modelFields(task),
	{
		displayName: 'With LoRAs',
		name: 'withLoras',
		type: 'boolean',
		default: false,
		description: 'Whether the video is made with LoRAs, however many',
	},
	...sizeFields(task),
	durationField(task),
	...priceFields,
	collection('Generation', 'generation', 'Add Generation Setting', estimateSettings),
];
