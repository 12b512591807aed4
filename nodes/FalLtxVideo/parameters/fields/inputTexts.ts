import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import type { InputName, KnownInput } from '../../endpoints/inputs';

/* What the settings of a video say to a person, each of them once. */

/** What a field says to a person. */
export type Texts = Pick<INodeProperties, 'displayName' | 'description' | 'hint' | 'placeholder'> &
	Pick<INodeProperties, 'displayOptions' | 'typeOptions' | 'required'>;

/** Texts for each value of an enumeration; to leave one out is a type error. */
type Choices<Value> = Value extends string
	? { choices: Record<Value, Pick<INodePropertyOptions, 'name' | 'description'>> }
	: object;

/** Inputs with a field of more than one part, in files of their own. */
type InParts =
	| 'prompt'
	| 'image_url'
	| 'end_image_url'
	| 'audio_url'
	| 'video_url'
	| 'loras'
	| 'video_size';

/** Inputs whose values are any text. */
type FreeText = 'negative_prompt' | 'seed';

type Setting = Exclude<InputName, InParts>;

/** The texts of one setting, and of its values where they are fixed ones. */
export type SettingTexts = Texts & {
	choices?: Record<string, Pick<INodePropertyOptions, 'name' | 'description'>>;
};

type ChoicesOf<Name extends Setting> = string extends KnownInput[Name]
	? object
	: [KnownInput[Name]] extends [string]
		? Choices<KnownInput[Name]>
		: object;

type AllTexts = { [Name in Setting]: Texts & (Name extends FreeText ? object : ChoicesOf<Name>) };

const DIRECTIONS = (forward: string, backward: string) => ({
	forward: { name: 'Forward', description: forward },
	backward: { name: 'Backward', description: backward },
});

const texts: AllTexts = {
	num_frames: {
		displayName: 'Frames',
		hint: 'Wins over Duration; the model makes 9, 17, 25 … 481',
		description: 'The exact number of pictures, in place of a duration. Price grows with it.',
	},
	fps: {
		displayName: 'Frames per Second',
		description:
			'How fast the frames are played; fal takes 24 unless set. For the same duration, more of them cost more.',
	},
	match_audio_length: {
		displayName: 'Match Audio Length',
		description: 'Whether to make the video as long as the audio. Turn off to set the duration.',
	},
	match_video_length: {
		displayName: 'Match Video Length',
		description:
			'Whether to make the video as long as the input video. Turn off to set the duration.',
	},
	match_input_fps: {
		displayName: 'Match Input FPS',
		description:
			'Whether to keep the frame rate of the input video. Turn off to set Frames per Second.',
	},
	num_context_frames: {
		displayName: 'Context Frames',
		description:
			'How many frames of the input video the model looks at. More keep motion and style closer; fewer leave it freer.',
	},
	extend_direction: {
		displayName: 'Extend Direction',
		description: 'Which end of the video to continue from',
		choices: DIRECTIONS('Continue after its end', 'Lead up to its beginning'),
	},
	interpolation_direction: {
		displayName: 'Interpolation Direction',
		description: 'Which of the two images the video starts with, when there is an end image',
		choices: DIRECTIONS('From the image to the end image', 'From the end image to the image'),
	},
	image_strength: {
		displayName: 'Image Strength',
		description: 'How closely the video keeps to the image: 1 is exactly, less leaves more freedom',
	},
	end_image_strength: {
		displayName: 'End Image Strength',
		description: 'How closely the video ends with the end image: 1 is exactly',
	},
	audio_strength: {
		displayName: 'Audio Strength',
		description:
			'How closely the sound keeps to the input: 1 keeps it, less lets the model change it',
	},
	video_strength: {
		displayName: 'Video Strength',
		description:
			'How closely the picture keeps to the input video: less lets the model change more of it',
	},
	preprocess_audio: {
		displayName: 'Preprocess Audio',
		description:
			'Whether to prepare the audio for the model first. Turn off for audio that is clean already.',
	},
	preprocessor: {
		displayName: 'Preprocessor',
		description: 'What of the input video guides the new one',
		choices: {
			none: { name: 'None', description: 'The video as it is, or prepared by you' },
			depth: { name: 'Depth', description: 'The space: what is near and what is far' },
			canny: { name: 'Canny', description: 'The outlines' },
			pose: { name: 'Pose', description: 'How people move' },
		},
	},
	ic_lora_type: {
		displayName: 'IC-LoRA Type',
		description: 'Which in-context LoRA makes the model follow the input video',
		choices: {
			union: { name: 'Union', description: 'One for depth, canny and pose' },
			match_preprocessor: {
				name: 'Match Preprocessor',
				description: 'The one for the preprocessor that is chosen',
			},
			detailer: { name: 'Detailer', description: 'Adds detail to the video' },
			none: { name: 'None', description: 'For a LoRA of your own that does it' },
		},
	},
	generate_audio: {
		displayName: 'Generate Audio',
		description: 'Whether to make sound along with the picture',
	},
	use_multiscale: {
		displayName: 'Use Multi-Scale',
		description:
			'Whether to draft the video small and then refine it. Better coherence and detail; the video, and with it the price, may come out larger than asked.',
	},
	scheduler: {
		displayName: 'Scheduler',
		description:
			'How the noise is taken away step by step. Try another when motion or detail looks off.',
		choices: {
			ltx2: { name: 'LTX-2' },
			linear_quadratic: { name: 'Linear Quadratic' },
			beta: { name: 'Beta' },
		},
	},
	acceleration: {
		displayName: 'Acceleration',
		description:
			'How much quality to trade for speed, at the same price. Unless set, fal takes None for the distilled model and Regular for the full one.',
		choices: {
			none: { name: 'None', description: 'Best picture, slowest' },
			regular: { name: 'Regular', description: 'Faster, with little loss' },
			high: { name: 'High', description: 'Faster still, fine detail suffers' },
			full: { name: 'Full', description: 'Fastest, for drafts' },
		},
	},
	camera_lora: {
		displayName: 'Camera LoRA',
		description: 'A camera movement that is kept to more surely than one asked for in the prompt',
		choices: {
			none: { name: 'None', description: 'The prompt alone decides' },
			dolly_in: { name: 'Dolly In', description: 'Moves towards the subject' },
			dolly_left: { name: 'Dolly Left', description: 'Moves sideways to the left' },
			dolly_out: { name: 'Dolly Out', description: 'Moves away from the subject' },
			dolly_right: { name: 'Dolly Right', description: 'Moves sideways to the right' },
			jib_down: { name: 'Jib Down', description: 'Lowers the camera' },
			jib_up: { name: 'Jib Up', description: 'Lifts the camera' },
			static: { name: 'Static', description: 'Keeps the camera still' },
		},
	},
	camera_lora_scale: {
		displayName: 'Camera LoRA Scale',
		description: 'How strongly the camera movement is applied',
	},
	negative_prompt: {
		displayName: 'Negative Prompt',
		typeOptions: { rows: 3 },
		description: 'What to keep out of the video. Left empty, nothing is kept out.',
	},
	seed: {
		displayName: 'Seed',
		placeholder: 'e.g. 149063119',
		description:
			'The same seed with the same settings makes the same video again. A whole number of up to 64 digits; left empty, fal takes a new one each time.',
	},
	enable_prompt_expansion: {
		displayName: 'Enable Prompt Expansion',
		description:
			'Whether to let fal write the prompt out in more detail first. Turn off to have it taken word for word.',
	},
	enable_safety_checker: {
		displayName: 'Enable Safety Checker',
		description: 'Whether to refuse prompts and videos that fal flags as unsafe',
	},
	distill_lora_second_pass_scale: {
		displayName: 'Distill LoRA Second Pass Scale',
		description:
			'How strongly the distillation works in the second and later passes: less is softer, more is crisper',
	},

	num_inference_steps: {
		displayName: 'Inference Steps',
		description: 'How many steps the video is made in. More take longer and may show finer detail.',
	},
	video_cfg_scale: {
		displayName: 'Video CFG Scale',
		description:
			'How strictly the picture follows the prompt. High values look forced and oversaturated.',
	},
	video_stg_scale: {
		displayName: 'Video STG Scale',
		description:
			'How much spatiotemporal guidance steadies the picture: 0 is off, a little helps coherence',
	},
	video_rescaling_scale: {
		displayName: 'Video Rescaling Scale',
		description: 'How much of the oversaturation that guidance brings into the picture is undone',
	},
	video_modality_scale: {
		displayName: 'Video Modality Scale',
		description: 'How much the picture is led by the sound: more for lips that fit the words',
	},
	audio_cfg_scale: {
		displayName: 'Audio CFG Scale',
		description: 'How strictly the sound follows the prompt',
	},
	audio_stg_scale: {
		displayName: 'Audio STG Scale',
		description: 'How much spatiotemporal guidance steadies the sound: 0 is off',
	},
	audio_rescaling_scale: {
		displayName: 'Audio Rescaling Scale',
		description: 'How much of what guidance overdoes in the sound is undone',
	},
	audio_modality_scale: {
		displayName: 'Audio Modality Scale',
		description: 'How much the sound is led by the picture',
	},
	gradient_estimation_gamma: {
		displayName: 'Gradient Estimation Gamma',
		description: 'How far each step looks ahead while noise is taken away: 0 is off',
	},
	use_restart_sampling: {
		displayName: 'Use Restart Sampling',
		description: 'Whether to add a little noise at each step, which may improve detail',
	},
	distill_lora_first_pass_scale: {
		displayName: 'Distill LoRA First Pass Scale',
		description: 'How strongly the distillation works in the first pass: 0 is off',
	},

	video_output_type: {
		displayName: 'Format',
		description: 'The container and codec of the file',
		choices: {
			'X264 (.mp4)': { name: 'MP4, H.264 (.mp4)', description: 'Plays everywhere' },
			'PRORES4444 (.mov)': {
				name: 'QuickTime, ProRes 4444 (.mov)',
				description: 'For editing; very large',
			},
			'VP9 (.webm)': { name: 'WebM, VP9 (.webm)', description: 'Smaller, for web pages' },
			'GIF (.gif)': { name: 'GIF (.gif)', description: 'Plays anywhere, without sound' },
		},
	},
	video_quality: {
		displayName: 'Quality',
		description:
			'How little the encoder may throw away. Higher makes larger files, at the same price.',
		choices: {
			low: { name: 'Low' },
			medium: { name: 'Medium' },
			high: { name: 'High' },
			maximum: { name: 'Maximum' },
		},
	},
	video_write_mode: {
		displayName: 'Write Mode',
		description: 'Whether the encoder should save time or bytes',
		choices: {
			fast: { name: 'Fast', description: 'Written soonest, larger file' },
			balanced: { name: 'Balanced' },
			small: { name: 'Small', description: 'Written slowest, smaller file' },
		},
	},
	sync_mode: {
		displayName: 'Sync Mode',
		description:
			'Whether fal should answer with the file itself and keep no copy in its history. For short videos only: the file passes through memory and fal keeps it for minutes.',
	},
};

/** The texts of a setting; undefined for an input whose field has several parts. */
export const inputTexts: { [Name in InputName]?: SettingTexts } = texts;
