import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import type { Endpoint } from '../../endpoints/Endpoint';
import { InputFields } from './inputFields';

/*
 * The endpoint's inputs as a person sees them. Names are fal's in camelCase, and saved workflows
 * hold them. What matters for every video stands at the top and is always sent; the rest is in two
 * collections and is sent only when it was added there.
 */

/** The value of `videoSize` that shows the two sides. */
export const CUSTOM_SIZE = 'custom';

/** The values of a LoRA's `source`; rows saved before there was one are links. */
export const LORA_SOURCE = { link: 'link', binary: 'binary' } as const;

/** e.g. `Landscape 16:9 (1024 × 576)` of `landscape_16_9`. */
function sizeOptions({ sizes }: Endpoint): INodePropertyOptions[] {
	return Object.entries(sizes).map(([preset, { width, height }]) => {
		const [shape = '', ...ratio] = preset.split('_');
		const label = ratio.join(':').toUpperCase();
		const name = shape.charAt(0).toUpperCase() + shape.slice(1) + (label && ` ${label}`);
		return { name: `${name} (${width} × ${height})`, value: preset };
	});
}

function loraFields({ nestedDefaults }: Endpoint, input: InputFields): INodeProperties {
	return {
		displayName: 'LoRAs',
		name: 'loras',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add LoRA', sortable: true },
		required: true,
		default: { lora: [{ path: '' }] },
		placeholder: 'Add LoRA',
		description: 'The styles, characters or motions to apply, at least one',
		options: [
			{
				displayName: 'LoRA',
				name: 'lora',
				values: [
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
						displayName: 'Path',
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
					input.number(
						['loras', 0, 'scale'],
						{
							displayName: 'Scale',
							description:
								'How strongly it is applied: 0 leaves it out, 1 is as it was trained, more exaggerates it and soon breaks the picture',
						},
						nestedDefaults.loraScale,
					),
					{
						displayName: 'Weight Name',
						name: 'weightName',
						type: 'string',
						default: '',
						placeholder: 'e.g. my_style_v2.safetensors',
						displayOptions: { show: { source: [LORA_SOURCE.link] } },
						description: 'Which file to take when the Hugging Face repository holds several',
					},
				],
			},
		],
	};
}

/** One of the two sides of a custom size. */
function sideField(
	{ grid, nestedDefaults }: Endpoint,
	input: InputFields,
	side: 'width' | 'height',
	displayName: string,
): INodeProperties {
	const texts = {
		displayName,
		displayOptions: { show: { videoSize: [CUSTOM_SIZE] } },
		hint: `In pixels; the model makes multiples of ${grid.side}`,
	};
	return input.number(['video_size', side], texts, nestedDefaults.side);
}

/** What matters for every video. */
function mainFields(endpoint: Endpoint, input: InputFields): INodeProperties[] {
	const { grid } = endpoint;
	return [
		input.text('prompt', {
			displayName: 'Prompt',
			typeOptions: { rows: 5 },
			required: true,
			placeholder:
				'e.g. A red fox trots through fresh snow at dawn, the camera gliding along, wind in the firs',
			description:
				'What to see and to hear: subject, motion, camera, light, sound. If a LoRA has a trigger word, use it here.',
		}),
		loraFields(endpoint, input),
		{
			displayName: 'Video Size',
			name: 'videoSize',
			type: 'options',
			options: [...sizeOptions(endpoint), { name: 'Custom', value: CUSTOM_SIZE }],
			default: String(endpoint.defaults.video_size),
			description: 'Price grows with the area: twice the pixels cost twice as much',
		},
		sideField(endpoint, input, 'width', 'Width'),
		sideField(endpoint, input, 'height', 'Height'),
		input.number(['num_frames'], {
			displayName: 'Frames',
			description: `How many pictures the video has. Price and length grow with them. The model makes ${grid.frames}k + 1 frames.`,
		}),
		input.number(['fps'], {
			displayName: 'Frames per Second',
			description: 'How fast the frames are played. Changes the length, not the price.',
		}),
		{
			displayName: 'Length',
			name: 'length',
			type: 'string',
			default: '={{ ($parameter.numFrames / $parameter.fps).round(2) }} s',
			// Of frames that a model fills in nothing is known before.
			displayOptions: { hide: { '@tool': [true] } },
			disabledOptions: { show: { '@version': [{ _cnd: { gte: 1 } }] } },
			description: 'What frames and frames per second make together. To change it, change those.',
		},
	];
}

/** How the model works. */
function generationFields(input: InputFields): INodeProperties[] {
	return [
		input.choice(
			'acceleration',
			{
				displayName: 'Acceleration',
				description: 'How much quality to trade for speed. The price stays the same.',
			},
			{
				none: { name: 'None', description: 'Best picture, slowest' },
				regular: { name: 'Regular', description: 'Faster, with little loss' },
				high: { name: 'High', description: 'Faster still, fine detail suffers' },
				full: { name: 'Full', description: 'Fastest, for drafts' },
			},
		),
		input.choice(
			'camera_lora',
			{
				displayName: 'Camera LoRA',
				description:
					'A camera movement that is kept to more surely than one asked for in the prompt',
			},
			{
				none: { name: 'None', description: 'The prompt alone decides' },
				dolly_in: { name: 'Dolly In', description: 'Moves towards the subject' },
				dolly_left: { name: 'Dolly Left', description: 'Moves sideways to the left' },
				dolly_out: { name: 'Dolly Out', description: 'Moves away from the subject' },
				dolly_right: { name: 'Dolly Right', description: 'Moves sideways to the right' },
				jib_down: { name: 'Jib Down', description: 'Lowers the camera' },
				jib_up: { name: 'Jib Up', description: 'Lifts the camera' },
				static: { name: 'Static', description: 'Keeps the camera still' },
			},
		),
		input.number(['camera_lora_scale'], {
			displayName: 'Camera LoRA Scale',
			description: 'How strongly the camera movement is applied',
		}),
		input.number(['distill_lora_second_pass_scale'], {
			displayName: 'Distill LoRA Second Pass Scale',
			description:
				'How strongly the distillation works in the second and later passes: less is softer, more is crisper',
		}),
		input.boolean('enable_prompt_expansion', {
			displayName: 'Enable Prompt Expansion',
			description:
				'Whether to let fal write the prompt out in more detail first. Turn off to have it taken word for word.',
		}),
		input.boolean('enable_safety_checker', {
			displayName: 'Enable Safety Checker',
			description: 'Whether to refuse prompts and videos that fal flags as unsafe',
		}),
		input.boolean('generate_audio', {
			displayName: 'Generate Audio',
			description: 'Whether to make sound along with the picture',
		}),
		input.text('negative_prompt', {
			displayName: 'Negative Prompt',
			typeOptions: { rows: 3 },
			description: 'What to keep out of the video. Left empty, nothing is kept out.',
		}),
		input.choice(
			'scheduler',
			{
				displayName: 'Scheduler',
				description:
					'How the noise is taken away step by step. Try another when motion or detail looks off.',
			},
			{
				beta: { name: 'Beta' },
				linear_quadratic: { name: 'Linear Quadratic' },
				ltx2: { name: 'LTX-2' },
			},
		),
		{
			displayName: 'Seed',
			name: 'seed',
			// Text, as a number field would change seeds beyond 2^53.
			type: 'string',
			default: '',
			placeholder: 'e.g. 149063119',
			description:
				'The same seed with the same settings makes the same video again. A whole number of up to 64 digits; left empty, fal takes a new one each time.',
		},
		input.boolean('use_multiscale', {
			displayName: 'Use Multi-Scale',
			description:
				'Whether to draft the video small and then refine it. Better coherence and detail; the video, and with it the price, may come out larger than asked.',
		}),
	];
}

/** What the file is like. */
function outputFileFields(input: InputFields): INodeProperties[] {
	return [
		input.choice(
			'video_output_type',
			{ displayName: 'Format', description: 'The container and codec of the file' },
			{
				'X264 (.mp4)': { name: 'MP4, H.264 (.mp4)', description: 'Plays everywhere' },
				'PRORES4444 (.mov)': {
					name: 'QuickTime, ProRes 4444 (.mov)',
					description: 'For editing; very large',
				},
				'VP9 (.webm)': { name: 'WebM, VP9 (.webm)', description: 'Smaller, for web pages' },
				'GIF (.gif)': { name: 'GIF (.gif)', description: 'Plays anywhere, without sound' },
			},
		),
		input.choice(
			'video_quality',
			{
				displayName: 'Quality',
				description:
					'How little the encoder may throw away. Higher makes larger files, at the same price.',
			},
			{
				low: { name: 'Low' },
				medium: { name: 'Medium' },
				high: { name: 'High' },
				maximum: { name: 'Maximum' },
			},
		),
		input.boolean('sync_mode', {
			displayName: 'Sync Mode',
			description:
				'Whether fal should answer with the file itself and keep no copy in its history. For short videos only: the file passes through memory and fal keeps it for minutes.',
		}),
		input.choice(
			'video_write_mode',
			{ displayName: 'Write Mode', description: 'Whether the encoder should save time or bytes' },
			{
				fast: { name: 'Fast', description: 'Written soonest, larger file' },
				balanced: { name: 'Balanced' },
				small: { name: 'Small', description: 'Written slowest, smaller file' },
			},
		),
	];
}

/** The fields of an endpoint's inputs. */
export interface VideoFields {
	/** All of them, in the order of the panel. */
	all: INodeProperties[];
	/** Those inside the collection Generation. */
	generation: INodeProperties[];
	/** Those inside the collection Output File. */
	outputFile: INodeProperties[];
}

/** Makes the fields of an endpoint's inputs. */
export function videoFields(endpoint: Endpoint): VideoFields {
	const input = new InputFields(endpoint);
	const generation = generationFields(input);
	const outputFile = outputFileFields(input);
	const all: INodeProperties[] = [
		...mainFields(endpoint, input),
		{
			displayName: 'Generation',
			name: 'generation',
			type: 'collection',
			placeholder: 'Add Generation Setting',
			default: {},
			options: generation,
		},
		{
			displayName: 'Output File',
			name: 'outputFile',
			type: 'collection',
			placeholder: 'Add File Setting',
			default: {},
			options: outputFile,
		},
	];
	return { all, generation, outputFile };
}
