import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { AUTO_SIZE, inputs, type InputName, NESTED_DEFAULTS } from '../../endpoints/inputs';
import { models } from '../../endpoints/models';
import { GRID, largerSizes, sizes } from '../../endpoints/sizes';
import type { Task } from '../../endpoints/tasks/Task';
import { schemaAt } from '../checkInput';
import { defaultOf, numberField } from './inputFields';
import { mediumOf } from './mediaFields';

/** The value of `videoSize` that shows the two sides. */
export const CUSTOM_SIZE = 'custom';

/** In the order in which people look for them. */
const NAMES: Array<[keyof typeof sizes | keyof typeof largerSizes, string]> = [
	['landscape_16_9', 'Landscape 16:9'],
	['portrait_16_9', 'Portrait 9:16'],
	['square_hd', 'Square HD'],
	['square', 'Square'],
	['landscape_4_3', 'Landscape 4:3'],
	['portrait_4_3', 'Portrait 3:4'],
	['landscape_720p', 'Landscape 720p'],
	['portrait_720p', 'Portrait 720p'],
	['landscape_1080p', 'Landscape 1080p'],
	['portrait_1080p', 'Portrait 1080p'],
];

const allSizes = { ...sizes, ...largerSizes };

/** Frames of five seconds. */
const FIVE_SECONDS = inputs.num_frames.default;

const namedOptions: INodePropertyOptions[] = NAMES.map(([value, name]) => {
	const { width, height } = allSizes[value];
	const megapixels = (width * height * FIVE_SECONDS) / 1_000_000;
	const cost = (megapixels * Number(models.distilled.unitPrice.withoutLoras)).toFixed(2);
	const use =
		value.startsWith('portrait_') && !value.endsWith('4_3') ? 'Reels, Shorts, TikTok. ' : '';
	return {
		name: `${name} (${width} × ${height})`,
		value,
		description: `${use}About $${cost} for 5 seconds with the distilled model, without LoRAs`,
	};
});

/** Other names that expressions and AI agents give a size. */
export const SIZE_ALIASES = new Map<unknown, string>([
	['16:9', 'landscape_16_9'],
	['9:16', 'portrait_16_9'],
	['portrait_9_16', 'portrait_16_9'],
	['1:1', 'square_hd'],
	['4:3', 'landscape_4_3'],
	['3:4', 'portrait_4_3'],
	['portrait_3_4', 'portrait_4_3'],
]);

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
				...namedOptions,
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
