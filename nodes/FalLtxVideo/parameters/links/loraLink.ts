import { kindOf, wrongKind } from './fileExtensions';
import {
	isRepository,
	isWebLink,
	lacksScheme,
	remarkOnText,
	type ResolvedLink,
	resolveWebLink,
} from './resolveLink';

const OTHER_SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;

/**
 * What to send for the path of a LoRA: a link, or the name of a repository. Throws nothing.
 *
 * @param queueIsPublic whether fal is on the internet, from where private addresses can't be reached
 */
export function resolveLoraLink(path: string, queueIsPublic: boolean): ResolvedLink {
	const given = path.trim();
	const remark = remarkOnText('lora', given);
	if (remark) return { link: given, ...remark };
	const resolved = resolveWebLink('lora', given, queueIsPublic);
	if (resolved && isWebLink(resolved.link)) return withDoubt(resolved);
	if (resolved) return resolved;
	const hint = doubt(given);
	return hint === undefined ? { link: given } : { link: given, hint };
}

/** Whether a path is a link to one file, where a repository has a name. */
export function isLink(path: string): boolean {
	return isWebLink(path);
}

/** What the name of a file of the workflow says about it. Its content decides all else. */
export function checkFileName(name: string): Pick<ResolvedLink, 'instead'> {
	const kind = kindOf(name);
	const isCertain = kind === 'otherWeights' || kind === 'archive' || kind === 'page';
	const instead = isCertain ? wrongKind('lora', name) : undefined;
	return instead === undefined ? {} : { instead };
}

/** Some hosts give this name to every file; mostly it is that of an older kind of weights. */
const DOUBTFUL_FILE = /^[^?#]*\.bin(?:[?#]|$)/i;

function withDoubt(resolved: ResolvedLink): ResolvedLink {
	const { link, instead, hint } = resolved;
	if (instead !== undefined || !DOUBTFUL_FILE.test(link)) return resolved;
	const doubtful = 'a .bin file is mostly no .safetensors file, which is what fal takes';
	return { link, hint: hint === undefined ? doubtful : `${hint}; ${doubtful}` };
}

/** What may be wrong with what is no link that fal surely takes. */
function doubt(name: string): string | undefined {
	if (isWebLink(name)) return 'it is not a valid URL';
	if (OTHER_SCHEME.test(name)) return 'fal is only sure to take links that start with https';
	if (isRepository(name)) {
		return name.endsWith('.safetensors')
			? 'it looks like a file; without https:// it is taken for a repository, owner/repo'
			: undefined;
	}
	if (lacksScheme(name)) return 'it looks like a link without https:// at its start';
	const [, repository, file] =
		/^([\w.-]+\/[\w.-]+)\/(?:.*\/)?([\w.-]+\.safetensors)$/.exec(name) ?? [];
	return repository === undefined
		? 'it is neither a link nor owner/repo'
		: `the repository seems to be ${repository}; ${file} belongs into Weight Name`;
}
