import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { AUTO_SIZE, inputs, type InputName, NESTED_DEFAULTS } from '../../endpoints/inputs';
import { GRID, sizes } from '../../endpoints/sizes';
import type { Task } from '../../endpoints/tasks/Task';
import { schemaAt } from '../checkInput';
import { defaultOf, numberField } from './inputFields';
import { mediumOf } from './mediaFields';

/** The value of `videoSize` that shows the two sides. */
export const CUSTOM_SIZE = 'custom';

/** e.g. `Landscape 16:9 (1024 × 576)` of `landscape_16_9`. */
const presetOptions: INodePropertyOptions[] = Object.entries(sizes).map(
	([preset, { width, height }]) => {
		const [shape = '', ...parts] = preset.split('_');
		const name = shape.charAt(0).toUpperCase() + shape.slice(1);
		return { name: `${name}${ratioOf(shape, parts)} (${width} × ${height})`, value: preset };
	},
);

/** fal names a portrait by the ratio of its landscape; everybody else says 9:16. */
function ratioOf(shape: string, parts: string[]): string {
	if (parts.length === 0) return '';
	if (parts.length === 1) return ` ${parts[0]!.toUpperCase()}`;
	const ratio = shape === 'portrait' ? [...parts].reverse() : parts;
	return ` ${ratio.join(':')}`;
}

function autoOption(file: InputName): INodePropertyOptions {
	const medium = mediumOf(file);
	return {
		name: 'Auto',
		value: AUTO_SIZE,
		description: `The size of the ${medium}. Of a link it isn't known beforehand, and neither is the cost.`,
	};
}

/** The size of a video: a preset, that of a file, or two sides. */
export function sizeFields(task: Task): INodeProperties[] {
	return [
		{
			displayName: 'Video Size',
			name: 'videoSize',
			type: 'options',
			options: [
				...(task.sizeOf ? [autoOption(task.sizeOf)] : []),
				...presetOptions,
				{ name: 'Custom', value: CUSTOM_SIZE },
			],
			default: String(defaultOf(task, 'video_size')),
			description: 'Price grows with the area: twice the pixels cost twice as much',
		},
		sideField('width', 'Width'),
		sideField('height', 'Height'),
	];
}

function sideField(side: 'width' | 'height', displayName: string): INodeProperties {
	return numberField(side, schemaAt(inputs.video_size.schema, [side]), NESTED_DEFAULTS.side, {
		displayName,
		displayOptions: { show: { videoSize: [CUSTOM_SIZE] } },
		hint: `In pixels; the model makes multiples of ${GRID.side}`,
	});
}
