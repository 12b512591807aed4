import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { type InputName, inputs, type Medium } from '../../endpoints/inputs';
import type { Task } from '../../endpoints/tasks/Task';
import { parameterName } from '../parameterNames';

/* A file that goes into a video: one control, for a link or a file of the input item. */

/** The values of the control that says where a file is. */
export const MEDIA_SOURCE = { none: 'none', link: 'link', binary: 'binary' } as const;

/** What one of the files is called, and what it is there for. */
interface MediumTexts {
	label: string;
	purpose: string;
	placeholder: string;
}

type MediaInput = 'image_url' | 'end_image_url' | 'audio_url' | 'video_url';

const TEXTS: Record<MediaInput, MediumTexts> = {
	image_url: {
		label: 'Image',
		purpose: 'The first frame of the video',
		placeholder: 'e.g. https://example.com/product.jpg',
	},
	end_image_url: {
		label: 'End Image',
		purpose: 'The last frame of the video',
		placeholder: 'e.g. https://example.com/last-frame.jpg',
	},
	audio_url: {
		label: 'Audio',
		purpose: 'The sound of the video, which speech and motion follow',
		placeholder: 'e.g. https://example.com/speech.mp3',
	},
	video_url: {
		label: 'Video',
		purpose: 'The video to start from',
		placeholder: 'e.g. https://example.com/clip.mp4',
	},
};

/** The names of the three parameters of a file. */
export interface MediaParameters {
	source: string;
	url: string;
	binary: string;
}

/** Of `image_url`: imageSource, imageUrl, imageBinaryPropertyName. */
export function mediaParameters(input: InputName): MediaParameters {
	const name = parameterName(input.replace(/_url$/, ''));
	return { source: `${name}Source`, url: `${name}Url`, binary: `${name}BinaryPropertyName` };
}

/** The inputs of a task that are files, the required ones first. */
export function mediaInputs({ inputs: names, required }: Task): MediaInput[] {
	const media = names.filter((name): name is MediaInput => 'medium' in inputs[name]);
	const isRequired = (name: InputName) => required.includes(name);
	return [...media.filter(isRequired), ...media.filter((name) => !isRequired(name))];
}

/** The kind of file that an input takes. */
export function mediumOf(input: InputName): Medium {
	return (inputs[input] as { medium: Medium }).medium;
}

/** The control of one file. */
export function mediaFields(task: Task, input: MediaInput): INodeProperties[] {
	const { label, purpose, placeholder } = TEXTS[input];
	const { source, url, binary } = mediaParameters(input);
	const isRequired = task.required.includes(input);
	const sourceField: INodeProperties = {
		displayName: `${label} Source`,
		name: source,
		type: 'options',
		options: [...(isRequired ? [] : [none(label)]), ...SOURCES],
		default: 'none',
		description: `${purpose}: where it is`,
	};
	return [
		{ ...sourceField, default: isRequired ? MEDIA_SOURCE.binary : MEDIA_SOURCE.none },
		{
			displayName: `${label} URL`,
			name: url,
			type: 'string',
			required: true,
			default: '',
			placeholder,
			displayOptions: { show: { [source]: [MEDIA_SOURCE.link] } },
			description: `${purpose}. The link of the file itself, which fal downloads without logging in.`,
		},
		{
			displayName: `${label} Input Binary Field`,
			name: binary,
			type: 'string',
			required: true,
			default: 'data',
			placeholder: 'e.g. data',
			displayOptions: { show: { [source]: [MEDIA_SOURCE.binary] } },
			hint: `The name of the input field with the ${mediumOf(input)}`,
			description: `${purpose}. It is uploaded to fal, once per run and free of charge.`,
		},
	];
}

const SOURCES: INodePropertyOptions[] = [
	{
		name: 'Link',
		value: MEDIA_SOURCE.link,
		description: 'A file on the web that fal downloads itself',
	},
	{
		name: 'Binary File',
		value: MEDIA_SOURCE.binary,
		description: 'A file of the input item, which is uploaded to fal',
	},
];

const none = (label: string): INodePropertyOptions => ({
	name: 'None',
	value: MEDIA_SOURCE.none,
	description: `Without ${label.toLowerCase()}`,
});
