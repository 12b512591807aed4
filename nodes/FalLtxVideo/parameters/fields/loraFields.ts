import type { INodeProperties } from 'n8n-workflow';
import { inputs, NESTED_DEFAULTS } from '../../endpoints/inputs';
import { schemaAt } from '../checkInput';
import { numberField } from './inputFields';

/** The values of a LoRA's `source`; rows saved before there was one are links. */
export const LORA_SOURCE = { link: 'link', binary: 'binary' } as const;

/** What Hugging Face's repositories look like, which may hold several files. */
const REPOSITORY = '^[\\w.-]+/[\\w.-]+$';

const row: INodeProperties[] = [
	{
		displayName: 'LoRA',
		name: 'path',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. owner/repo or https://…/lora.safetensors',
		displayOptions: { show: { source: [LORA_SOURCE.link] } },
		description:
			'A Hugging Face repository (owner/repo) or the direct link to a .safetensors file that fal can download',
	},
	{
		displayName: 'Input Binary Field',
		name: 'binaryPropertyName',
		type: 'string',
		required: true,
		default: 'data',
		placeholder: 'e.g. data',
		displayOptions: { show: { source: [LORA_SOURCE.binary] } },
		hint: 'The name of the input field with the .safetensors file',
		description:
			'Each distinct file is uploaded once per run, free of charge. Whoever knows its link at fal can download it.',
	},
	numberField('scale', schemaAt(inputs.loras.schema, [0, 'scale']), NESTED_DEFAULTS.loraScale, {
		displayName: 'Strength',
		description:
			'How strongly it is applied (scale): 0 leaves it out, 1 is as it was trained, more exaggerates it and soon breaks the picture',
	}),
	{
		displayName: 'Source',
		name: 'source',
		type: 'options',
		options: [
			{
				name: 'Link or Repository',
				value: LORA_SOURCE.link,
				description: 'A file on the web that fal downloads itself',
			},
			{
				name: 'Binary File',
				value: LORA_SOURCE.binary,
				description: 'A file of the input item, which is uploaded to fal',
			},
		],
		default: 'link',
		description: 'Where the LoRA is',
	},
	{
		displayName: 'Weight Name',
		name: 'weightName',
		type: 'string',
		default: '',
		placeholder: 'e.g. my_style_v2.safetensors',
		displayOptions: {
			show: { source: [LORA_SOURCE.link], path: [{ _cnd: { regex: REPOSITORY } }] },
		},
		description: 'Which file to take when the Hugging Face repository holds several',
	},
];

/** The values of `specifyLoras`. n8n has no expression for all rows of a list, so their number can't differ from item to item. */
export const SPECIFY_LORAS = { fields: 'keypair', json: 'json' } as const;

const lorasField: INodeProperties = {
	displayName: 'LoRAs',
	name: 'loras',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, multipleValueButtonText: 'Add LoRA', sortable: true },
	default: {},
	placeholder: 'Add LoRA',
	displayOptions: { show: { specifyLoras: [SPECIFY_LORAS.fields] } },
	description:
		'The styles, characters or motions to apply. Without any, the endpoint without LoRAs is used, which costs less.',
	options: [{ displayName: 'LoRA', name: 'lora', values: row }],
};

/** The LoRAs of a video; with none, the endpoint without LoRAs and its lower price. */
export const lorasFields: INodeProperties[] = [
	{
		displayName: 'Specify LoRAs',
		name: 'specifyLoras',
		type: 'options',
		options: [
			{ name: 'Using Fields Below', value: SPECIFY_LORAS.fields },
			{
				name: 'Using JSON',
				value: SPECIFY_LORAS.json,
				description: 'For a list from an expression, of any length',
			},
		],
		default: 'keypair',
		description: 'How to name the LoRAs',
	},
	lorasField,
	{
		displayName: 'LoRAs (JSON)',
		name: 'lorasJson',
		type: 'json',
		default: '[]',
		placeholder: 'e.g. [{ "path": "owner/repo", "scale": 1 }]',
		displayOptions: { show: { specifyLoras: [SPECIFY_LORAS.json] } },
		description:
			'A list with path, and optionally scale and weight_name, of each LoRA. An empty list is a video without LoRAs.',
	},
];
