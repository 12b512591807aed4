import type { INodeParameters } from 'n8n-workflow';
import { type Endpoint, ENDPOINTS } from '../emulator/endpoints/endpoints.mts';
import { fieldsOf } from '../emulator/endpoints/fields.mts';

/*
 * Every input of every endpoint, set to what fal would not use by itself: as the node's parameters have
 * it, and as it has to arrive. Which inputs an endpoint has is the local fal's reading.
 */

/** Inputs other than those that tell endpoints apart, in a small and short video. */
const SETTINGS = {
	num_frames: 17,
	fps: 12.5,
	use_multiscale: false,
	generate_audio: false,
	scheduler: 'linear_quadratic',
	acceleration: 'high',
	camera_lora: 'dolly_left',
	camera_lora_scale: 0.4,
	negative_prompt: 'blurry',
	seed: 149063119,
	enable_prompt_expansion: false,
	enable_safety_checker: false,
	distill_lora_second_pass_scale: 0.25,
	match_input_fps: false,
	num_context_frames: 9,
	interpolation_direction: 'backward',
	image_strength: 0.9,
	end_image_strength: 0.8,
	audio_strength: 0.7,
	video_strength: 0.6,
	preprocess_audio: false,
	ic_lora_type: 'detailer',
};

/** Settings that stand at the top of the panel. */
const IN_VIEW = {
	match_audio_length: false,
	match_video_length: false,
	extend_direction: 'backward',
	preprocessor: 'canny',
};

const GUIDANCE = {
	num_inference_steps: 8,
	video_cfg_scale: 4,
	video_stg_scale: 1,
	video_rescaling_scale: 0.5,
	video_modality_scale: 2,
	audio_cfg_scale: 6,
	audio_stg_scale: 0.5,
	audio_rescaling_scale: 0.4,
	audio_modality_scale: 1.5,
	gradient_estimation_gamma: 1,
	use_restart_sampling: true,
	distill_lora_first_pass_scale: 0.3,
};

const OUTPUT_FILE = {
	video_output_type: 'VP9 (.webm)',
	video_quality: 'low',
	video_write_mode: 'fast',
	sync_mode: true,
};

const PROMPT = 'A lighthouse in a storm, "seen" from a boat.\nWaves – and gulls 🕊️.';

const ROW = { path: 'someone/lighthouse', weightName: 'style.safetensors', scale: 0.75 };

/** The inputs that are files, and the node's names of them. */
export const MEDIA = {
	image_url: 'image',
	end_image_url: 'endImage',
	audio_url: 'audio',
	video_url: 'video',
} as const;

export type MediaInput = keyof typeof MEDIA;

/** Where the files of a video come from. */
export type Source = 'link' | 'binary';

/** An endpoint's video with everything set. */
export interface EveryInput {
	parameters: INodeParameters;
	/** What has to arrive, but for the addresses of uploaded files. */
	body: Record<string, unknown>;
	/** The inputs that are files. By link they are at {@link linkOf}, else in the binary field of the input's name. */
	media: MediaInput[];
}

export const linkOf = (input: MediaInput) => `https://example.com/${input}.file`;

const parameterName = (name: string) =>
	name.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());

/** `textToVideo` of `text-to-video`. */
const operationOf = ({ task }: Endpoint) => parameterName(task.replaceAll('-', '_'));

/** All 22 endpoints. */
export const everyEndpoint = [...ENDPOINTS.values()];

/** Everything that can be set for an endpoint. */
export function everyInput(endpoint: Endpoint, source: Source): EveryInput {
	const names = Object.keys(fieldsOf(endpoint));
	const media = names.filter((name): name is MediaInput => name in MEDIA);
	const pick = (values: Record<string, unknown>) =>
		Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name)));
	const groups = [IN_VIEW, SETTINGS, GUIDANCE, OUTPUT_FILE].map(pick);
	const [inView = {}, generation = {}, guidance = {}, outputFile = {}] = groups;
	const links = Object.fromEntries(media.map((input) => [input, linkOf(input)]));
	const body = {
		...{ prompt: PROMPT, video_size: { width: 64, height: 96 } },
		...Object.assign({}, ...groups),
		...links,
		...(endpoint.hasLoras
			? { loras: [{ path: ROW.path, weight_name: ROW.weightName, scale: ROW.scale }] }
			: {}),
	};
	const missing = names.filter((name) => !(name in body));
	if (missing.length > 0) throw new Error(`No value for ${missing.join(', ')}`);
	const parameters = {
		...{ resource: 'video', operation: operationOf(endpoint), model: endpoint.model },
		...{ prompt: PROMPT, videoSize: 'custom', width: 64, height: 96 },
		...renamed(inView),
		...Object.assign({}, ...media.map((input) => mediaParameters(input, source))),
		loras: endpoint.hasLoras ? { lora: [ROW] } : {},
		generation: renamed(generation),
		...(endpoint.model === 'full' ? { guidance: renamed(guidance) } : {}),
		outputFile: renamed(outputFile),
	};
	return { parameters, body, media };
}

function renamed(values: Record<string, unknown>): INodeParameters {
	const entries = Object.entries(values).map(([name, value]) => [parameterName(name), value]);
	return Object.fromEntries(entries) as INodeParameters;
}

function mediaParameters(input: MediaInput, source: Source): INodeParameters {
	const name = MEDIA[input];
	return source === 'link'
		? { [`${name}Source`]: 'link', [`${name}Url`]: linkOf(input) }
		: { [`${name}Source`]: 'binary', [`${name}BinaryPropertyName`]: input };
}
