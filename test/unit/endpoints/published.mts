/*
 * What fal publishes about the LTX-2.3 22B endpoints, read a second time and written down in another
 * form: a mistake of the node's would have to be made twice.
 */

const FAMILY = 'fal-ai/ltx-2.3-22b';

const TASKS = ['text', 'image', 'audio', 'video', 'reference', 'extend'] as const;

const PATHS: Record<(typeof TASKS)[number], string> = {
	text: 'text-to-video',
	image: 'image-to-video',
	audio: 'audio-to-video',
	video: 'video-to-video',
	reference: 'reference-video-to-video',
	extend: 'extend-video',
};

/**
 * A row for each input: of which model's endpoints, then for each task what is used when it is not sent.
 * `!` is required, `?` may be left out or null and has no default, `-` is not there.
 */
const INPUTS = `
	                                model      text            image    audio           video    reference  extend

	prompt                          both       !               !        !               !        !          !
	image_url                       both       -               !        ?               -        ?          -
	end_image_url                   both       -               ?        ?               -        ?          ?
	audio_url                       both       -               -        !               -        ?          -
	video_url                       both       -               -        -               !        !          !

	video_size                      both       landscape_16_9  auto     landscape_16_9  auto     auto       auto
	num_frames                      both       121             121      121             121      121        121
	fps                             both       24              24       24              24       24         24
	match_audio_length              both       -               -        true            -        -          -
	match_video_length              both       -               -        -               true     true       -
	match_input_fps                 both       -               -        -               true     true       true
	extend_direction                both       -               -        -               -        -          forward
	num_context_frames              both       -               -        -               -        -          25
	interpolation_direction         both       -               forward  -               -        -          -

	image_strength                  both       -               1        1               -        -          -
	end_image_strength              both       -               1        1               -        -          1
	audio_strength                  both       -               -        1               0.01     1          1
	video_strength                  both       -               -        -               0.01     1          1
	preprocess_audio                both       -               -        true            -        -          -
	preprocessor                    both       -               -        -               -        none       -
	ic_lora_type                    both       -               -        -               -        union      -

	generate_audio                  both       true            true     -               true     true       true
	use_multiscale                  both       true            true     true            true     true       true
	scheduler                       both       ltx2            ltx2     ltx2            ltx2     ltx2       ltx2
	acceleration                    distilled  none            none     none            none     none       -
	acceleration                    full       regular         regular  regular         regular  regular    regular
	camera_lora                     both       none            none     none            none     none       none
	camera_lora_scale               both       1               1        1               1        1          1
	negative_prompt                 both       NEGATIVE        NEGATIVE NEGATIVE        NEGATIVE NEGATIVE   NEGATIVE
	seed                            both       ?               ?        ?               ?        ?          ?
	enable_prompt_expansion         both       true            true     true            true     true       true
	enable_safety_checker           both       true            true     true            true     true       true
	distill_lora_second_pass_scale  both       0.5             0.5      0.5             0.5      0.5        0.5

	num_inference_steps             full       40              40       40              40       40         40
	video_cfg_scale                 full       3               3        3               3        3          3
	video_stg_scale                 full       0               0        0               0        0          0
	video_rescaling_scale           full       0.7             0.7      0.7             0.7      0.7        0.7
	video_modality_scale            full       3               3        3               3        3          3
	audio_cfg_scale                 full       7               7        7               7        7          7
	audio_stg_scale                 full       0               0        0               0        0          0
	audio_rescaling_scale           full       0.7             0.7      0.7             0.7      0.7        0.7
	audio_modality_scale            full       3               3        3               3        3          3
	gradient_estimation_gamma       full       2               2        2               2        2          2
	use_restart_sampling            full       false           false    false           false    false      false
	distill_lora_first_pass_scale   full       0.2             0.2      0.2             0.2      0.2        0.2

	video_output_type               both       MP4             MP4      MP4             MP4      MP4        MP4
	video_quality                   both       high            high     high            high     high       high
	video_write_mode                both       balanced        balanced balanced        balanced balanced   balanced
	sync_mode                       both       false           false    false           false    false      false
`;

/** What stands in the table for texts with blanks. */
const TEXTS: Record<string, string> = {
	MP4: 'X264 (.mp4)',
	NEGATIVE:
		'news broadcast, 3d animation, computer graphics, pc game, console game, video game, cartoon, childish, watermark, logo, text, on screen text, subtitles, titles, signature, slowmo, static',
};

/** US dollars per megapixel. */
const PRICES = {
	distilled: { without: '0.001205', with: '0.001405' },
	full: { without: '0.001605', with: '0.001805' },
};

/** One input of one endpoint. */
export interface PublishedInput {
	name: string;
	required: boolean;
	/** Whether it may be null. */
	nullable: boolean;
	default?: unknown;
	/** What fal takes, and what it, or the node for it, refuses. */
	takes: unknown[];
	refuses: unknown[];
	/** Whether nothing else is taken. */
	isEnumeration: boolean;
}

/** One endpoint. */
export interface PublishedEndpoint {
	id: string;
	task: string;
	model: 'distilled' | 'full';
	takesLoras: boolean;
	inputs: PublishedInput[];
	unitPrice: string;
}

type Values = Pick<PublishedInput, 'takes' | 'refuses'> & { isEnumeration?: boolean };

const range = (least: number, most: number): Values => ({
	takes: [least, (least + most) / 2, most],
	refuses: [least - 0.01, most + 0.01, String(least), NaN, true],
});

const whole = (least: number, most: number): Values => ({
	takes: [least, most],
	refuses: [least - 1, most + 1, least + 0.5, String(least), NaN],
});

const oneOf = (...takes: string[]): Values => ({
	takes,
	refuses: ['', 'other', takes[0]!.toUpperCase(), 0, true],
	isEnumeration: true,
});

const yesNo: Values = { takes: [true, false], refuses: ['true', 1] };
const unit = range(0, 1);
const direction = oneOf('forward', 'backward');
const link: Values = {
	takes: ['https://example.com/a', 'data:image/png;base64,AAAA'],
	refuses: ['', ' ', 7, {}],
};

const PRESETS = [
	...['square_hd', 'square', 'portrait_4_3', 'portrait_16_9'],
	...['landscape_4_3', 'landscape_16_9'],
];

const size: Values = {
	takes: [...PRESETS, { width: 1, height: 14142 }, { width: 1280, height: 720 }],
	refuses: [
		...['custom', '1080p', ''],
		...[
			{ width: 0, height: 512 },
			{ width: 512, height: 14143 },
		],
		...[{ width: 512.5, height: 512 }, { width: 512 }],
	],
};

const LORA = { path: 'owner/repo' };

const VALUES: Record<string, Values> = {
	prompt: { takes: ['a fox', '2049'], refuses: [2049, '', ' ', {}] },
	image_url: link,
	end_image_url: link,
	audio_url: link,
	video_url: link,
	loras: {
		takes: [
			[LORA],
			[{ ...LORA, scale: 0 }],
			[
				{ ...LORA, scale: 4, weight_name: 'a.safetensors' },
				{ ...LORA, weight_name: null },
			],
		],
		refuses: [
			...[[], [{}], [{ path: '' }], 'owner/repo'],
			...[[{ ...LORA, scale: 4.1 }], [{ ...LORA, scale: -0.1 }]],
		],
	},
	num_frames: whole(9, 481),
	fps: { takes: [1, 23.976, 60], refuses: [0.99, 60.01, '24'] },
	match_audio_length: yesNo,
	match_video_length: yesNo,
	match_input_fps: yesNo,
	extend_direction: direction,
	num_context_frames: whole(0, 121),
	interpolation_direction: direction,
	image_strength: unit,
	end_image_strength: unit,
	audio_strength: unit,
	video_strength: unit,
	preprocess_audio: yesNo,
	preprocessor: oneOf('depth', 'canny', 'pose', 'none'),
	ic_lora_type: oneOf('match_preprocessor', 'union', 'detailer', 'none'),
	generate_audio: yesNo,
	use_multiscale: yesNo,
	scheduler: oneOf('ltx2', 'linear_quadratic', 'beta'),
	acceleration: oneOf('none', 'regular', 'high', 'full'),
	camera_lora: oneOf(
		...['dolly_in', 'dolly_out', 'dolly_left', 'dolly_right'],
		...['jib_up', 'jib_down', 'static', 'none'],
	),
	camera_lora_scale: unit,
	negative_prompt: { takes: ['', 'blurry'], refuses: [0] },
	seed: { takes: [0, -1, 149063119, 2n ** 64n], refuses: [1.5, '1', 2 ** 53] },
	enable_prompt_expansion: yesNo,
	enable_safety_checker: yesNo,
	distill_lora_second_pass_scale: unit,
	num_inference_steps: whole(8, 50),
	video_cfg_scale: range(1, 20),
	video_stg_scale: range(0, 20),
	video_rescaling_scale: unit,
	video_modality_scale: range(0, 10),
	audio_cfg_scale: range(1, 20),
	audio_stg_scale: range(0, 20),
	audio_rescaling_scale: unit,
	audio_modality_scale: range(0, 10),
	gradient_estimation_gamma: range(0, 10),
	use_restart_sampling: yesNo,
	distill_lora_first_pass_scale: unit,
	video_output_type: oneOf('X264 (.mp4)', 'VP9 (.webm)', 'PRORES4444 (.mov)', 'GIF (.gif)'),
	video_quality: oneOf('low', 'medium', 'high', 'maximum'),
	video_write_mode: oneOf('fast', 'balanced', 'small'),
	sync_mode: yesNo,
};

/** Every task but text to video may follow the size of a file. */
function valuesOf(name: string, task: string): Values {
	if (name !== 'video_size') return VALUES[name]!;
	return task === 'text'
		? { ...size, refuses: [...size.refuses, 'auto'] }
		: { ...size, takes: [...size.takes, 'auto'] };
}

function published(name: string, task: string, cell: string): PublishedInput {
	const [required, nullable] = [cell === '!', cell === '?'];
	const { takes, refuses, isEnumeration = false } = valuesOf(name, task);
	return {
		...{ name, required, nullable, isEnumeration },
		...(required || nullable ? {} : { default: valueOf(cell) }),
		takes: nullable ? [...takes, null] : takes,
		refuses: nullable ? refuses : [...refuses, null],
	};
}

function valueOf(cell: string): unknown {
	if (cell === 'true' || cell === 'false') return cell === 'true';
	const number = Number(cell);
	return Number.isNaN(number) ? (TEXTS[cell] ?? cell) : number;
}

const rows = INPUTS.trim()
	.split('\n')
	.slice(1)
	.map((line) => line.trim().split(/\s+/))
	.filter(([name]) => name !== '');

function inputsOf(task: (typeof TASKS)[number], model: string): PublishedInput[] {
	return rows.flatMap(([name = '', of = '', ...cells]) => {
		const cell = cells[TASKS.indexOf(task)]!;
		const isThere = cell !== '-' && (of === 'both' || of === model);
		return isThere ? [published(name, task, cell)] : [];
	});
}

/** All endpoints of the family. */
export const PUBLISHED: PublishedEndpoint[] = TASKS.flatMap((task) =>
	(['distilled', 'full'] as const)
		.filter((model) => !(task === 'extend' && model === 'distilled'))
		.flatMap((model): PublishedEndpoint[] => {
			const id = `${FAMILY}/${model === 'distilled' ? 'distilled/' : ''}${PATHS[task]}`;
			const inputs = inputsOf(task, model);
			const loras = published('loras', task, '!');
			const common = { task: PATHS[task], model };
			const { without, with: withLoras } = PRICES[model];
			return [
				{ ...common, id, takesLoras: false, inputs, unitPrice: without },
				{
					...{ ...common, id: `${id}/lora`, takesLoras: true },
					...{ inputs: [...inputs, loras], unitPrice: withLoras },
				},
			];
		}),
);
