/** What the tests know of the endpoints, apart from what the local fal knows. */
interface Input {
	/** Its default; none when it has to be there. */
	value?: unknown;
	/** A good value when it has to be there. */
	needed?: unknown;
	/** Least and greatest value. */
	range?: [number, number];
	isWhole?: boolean;
	words?: string[];
}

export interface Known {
	id: string;
	/** In US dollars per megapixel. */
	price: number;
	inputs: Record<string, Input>;
}

const number = (least: number, value: number, greatest: number): Input => ({
	...{ value, range: [least, greatest] },
});
const whole = (least: number, value: number, greatest: number): Input => ({
	...number(least, value, greatest),
	isWhole: true,
});
/** The first one is the default. */
const words = (...all: string[]): Input => ({ value: all[0], words: all });
const needed = (value: unknown): Input => ({ needed: value });
const is = (value: unknown): Input => ({ value });

const URL = needed('https://example.com/file');

/** Every input, with the default that most endpoints have. */
export const FAMILY: Record<string, Input> = {
	prompt: needed('A fox'),
	loras: needed([]),
	image_url: is(null),
	end_image_url: is(null),
	audio_url: is(null),
	video_url: URL,
	num_frames: whole(9, 121, 481),
	video_size: is('auto'),
	generate_audio: is(true),
	use_multiscale: is(true),
	match_audio_length: is(true),
	match_video_length: is(true),
	match_input_fps: is(true),
	fps: number(1, 24, 60),
	num_inference_steps: whole(8, 40, 50),
	video_cfg_scale: number(1, 3, 20),
	video_stg_scale: number(0, 0, 20),
	video_rescaling_scale: number(0, 0.7, 1),
	video_modality_scale: number(0, 3, 10),
	audio_cfg_scale: number(1, 7, 20),
	audio_stg_scale: number(0, 0, 20),
	audio_rescaling_scale: number(0, 0.7, 1),
	audio_modality_scale: number(0, 3, 10),
	gradient_estimation_gamma: number(0, 2, 10),
	use_restart_sampling: is(false),
	scheduler: words('ltx2', 'linear_quadratic', 'beta'),
	acceleration: words('none', 'regular', 'high', 'full'),
	camera_lora: {
		value: 'none',
		words: 'dolly_in dolly_out dolly_left dolly_right jib_up jib_down static none'.split(' '),
	},
	camera_lora_scale: number(0, 1, 1),
	negative_prompt: is(expect.stringMatching(/^news broadcast, .*, slowmo, static$/)),
	seed: is(null),
	enable_prompt_expansion: is(true),
	enable_safety_checker: is(true),
	video_output_type: words('X264 (.mp4)', 'VP9 (.webm)', 'PRORES4444 (.mov)', 'GIF (.gif)'),
	video_quality: { value: 'high', words: ['low', 'medium', 'high', 'maximum'] },
	video_write_mode: { value: 'balanced', words: ['fast', 'balanced', 'small'] },
	sync_mode: is(false),
	distill_lora_first_pass_scale: number(0, 0.2, 1),
	distill_lora_second_pass_scale: number(0, 0.5, 1),
	interpolation_direction: words('forward', 'backward'),
	image_strength: number(0, 1, 1),
	end_image_strength: number(0, 1, 1),
	audio_strength: number(0, 1, 1),
	video_strength: number(0, 1, 1),
	preprocess_audio: is(true),
	preprocessor: { value: 'none', words: ['depth', 'canny', 'pose', 'none'] },
	ic_lora_type: { value: 'union', words: ['match_preprocessor', 'union', 'detailer', 'none'] },
	extend_direction: words('forward', 'backward'),
	num_context_frames: whole(0, 25, 121),
};

const pick = (names: string) =>
	Object.fromEntries(names.split(' ').map((name) => [name, FAMILY[name]!]));

const COMMON = pick(
	'prompt num_frames video_size use_multiscale fps scheduler acceleration camera_lora camera_lora_scale negative_prompt seed enable_prompt_expansion enable_safety_checker video_output_type video_quality video_write_mode sync_mode distill_lora_second_pass_scale',
);

const FULL = {
	...pick(
		'num_inference_steps video_cfg_scale video_stg_scale video_rescaling_scale video_modality_scale audio_cfg_scale audio_stg_scale audio_rescaling_scale audio_modality_scale gradient_estimation_gamma use_restart_sampling distill_lora_first_pass_scale',
	),
	acceleration: { ...FAMILY.acceleration, value: 'regular' },
};

const landscape = is({ width: 1024, height: 576 });

const TASKS: Record<string, Record<string, Input>> = {
	'text-to-video': { ...pick('generate_audio'), video_size: landscape },
	'image-to-video': {
		...pick(
			'generate_audio end_image_url interpolation_direction image_strength end_image_strength',
		),
		image_url: URL,
	},
	'audio-to-video': {
		...pick(
			'image_url end_image_url match_audio_length preprocess_audio image_strength end_image_strength audio_strength',
		),
		...{ audio_url: URL, video_size: landscape },
	},
	'video-to-video': {
		...pick('generate_audio video_url match_video_length match_input_fps'),
		...{ video_strength: number(0, 0.01, 1), audio_strength: number(0, 0.01, 1) },
	},
	'reference-video-to-video': pick(
		'generate_audio video_url audio_url image_url end_image_url match_video_length match_input_fps video_strength audio_strength preprocessor ic_lora_type',
	),
	'extend-video': pick(
		'generate_audio video_url end_image_url match_input_fps extend_direction num_context_frames video_strength audio_strength end_image_strength',
	),
};

const PRICES: Record<string, number> = {
	...{ distilled: 0.001205, 'distilled lora': 0.001405 },
	...{ full: 0.001605, 'full lora': 0.001805 },
};

const FIRST = 'fal-ai/ltx-2.3-22b/distilled/text-to-video/lora';

/** All endpoints. */
export function familyEndpoints(): Known[] {
	const known: Known[] = [];
	for (const [task, ofTask] of Object.entries(TASKS))
		for (const model of task === 'extend-video' ? ['full'] : ['distilled', 'full'])
			for (const lora of ['', '/lora']) {
				const id = `fal-ai/ltx-2.3-22b/${model === 'full' ? '' : 'distilled/'}${task}${lora}`;
				const inputs = {
					...{ ...COMMON, ...ofTask, ...(model === 'full' && FULL) },
					...(lora && pick('loras')),
					...(id === FIRST && { scheduler: { ...FAMILY.scheduler, value: 'beta' } }),
				};
				known.push({ id, price: PRICES[lora ? `${model} lora` : model]!, inputs });
			}
	return known;
}

/** Values that an input takes, and such that it refuses, with the type of the error. */
export function limitsOf({ value, needed: good, range, isWhole, words: all }: Input): {
	taken: unknown[];
	refused: Array<[unknown, string]>;
} {
	if (all) return { taken: all, refused: [['other', 'literal_error']] };
	if (range) {
		const [least, greatest] = range;
		return {
			taken: range,
			refused: [
				[least - (isWhole ? 1 : 0.01), 'greater_than_equal'],
				[greatest + (isWhole ? 1 : 0.01), 'less_than_equal'],
				...(isWhole ? [[least + 0.5, 'int_from_float'] as [unknown, string]] : []),
				['many', isWhole ? 'int_parsing' : 'float_parsing'],
			],
		};
	}
	if (typeof value === 'boolean')
		return { taken: [true, false], refused: [['perhaps', 'bool_parsing']] };
	if (typeof good === 'string') return { taken: ['text'], refused: [[1, 'string_type']] };
	return { taken: [], refused: [] };
}
