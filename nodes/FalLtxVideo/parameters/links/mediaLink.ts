import type { Medium } from '../../endpoints/inputs';
import { WANTED } from './fileExtensions';
import {
	isWebLink,
	lacksScheme,
	remarkOnText,
	type ResolvedLink,
	resolveWebLink,
} from './resolveLink';

/** The beginning of a data URI up to what ends its type. */
const DATA_TYPE = /^data:\s*([\w.+-]{1,100}\/[\w.+-]{1,100})?[^,]{0,1000},/i;

/** The types of data URIs that a medium takes; the sound of a video is taken out of it. */
const DATA_TYPES: Record<Medium, RegExp> = {
	image: /^image\//i,
	audio: /^(?:audio|video)\/|^application\/ogg$/i,
	video: /^video\/|^image\/gif$|^application\/ogg$/i,
};

/** Types that say nothing about what is inside. */
const ANY_TYPE = /^application\/(?:octet-stream|x-binary)$|^binary\/octet-stream$/i;

/**
 * What to send for the link of an image, an audio or a video file; data URIs count as links. Throws
 * nothing.
 *
 * @param queueIsPublic whether fal is on the internet, from where private addresses can't be reached
 */
export function resolveMediaLink(
	medium: Medium,
	link: string,
	queueIsPublic: boolean,
): ResolvedLink {
	const given = link.trim();
	if (/^data:/i.test(given)) return { link: given, ...remarkOnData(medium, given) };
	const remark = remarkOnText(medium, given);
	if (remark) return { link: given, ...remark };
	const resolved = resolveWebLink(medium, given, queueIsPublic);
	return resolved ?? { link: given, instead: webLink(medium, given) };
}

function remarkOnData(medium: Medium, uri: string): Omit<ResolvedLink, 'link'> {
	const { file } = WANTED[medium];
	const head = DATA_TYPE.exec(uri.slice(0, 2_000));
	if (!head) return { instead: `a data URI with its type and a comma, or the link of ${file}` };
	const type = head[1] ?? 'text/plain';
	if (DATA_TYPES[medium].test(type)) return {};
	return ANY_TYPE.test(type)
		? { hint: `the type of its data URI, ${type}, does not say that it is ${file}` }
		: { instead: `${file}: this is a data URI of ${type}` };
}

function webLink(medium: Medium, given: string): string {
	const link = `the link of ${WANTED[medium].file}, that starts with https://`;
	if (isWebLink(given)) return `${link} and is a valid URL`;
	if (lacksScheme(given)) return `${link}: this one lacks it`;
	const scheme = /^([a-z][a-z0-9+.-]{0,30}):/i.exec(given)?.[1];
	return scheme === undefined || /^https?$/i.test(scheme)
		? link
		: `${link}: fal fetches nothing by ${scheme.toLowerCase()}:, so read the file into the workflow and ${WANTED[medium].binary}`;
}
