import { DOUBTFUL_FILES, OTHER_FILES, PAGES } from './pagesOfHosts';

/*
 * What a person gave as the path of a LoRA, held against its looks alone: nothing is asked of any
 * host. Rule: refused is only what fal can never take; what is doubtful gets a hint.
 */

/** What is wrong, or may be wrong, with a path. Nothing when it looks fine. */
export interface PathRemark {
	/** What would be accepted, to end a sentence with. fal can't take the path as it is. */
	instead?: string;
	/** A sentence for a person who may have meant something else. No period at its end. */
	hint?: string;
}

/** Hugging Face's own form of a repository's name. */
const REPOSITORY = /^[\w.-]+\/[\w.-]+$/;

/** The beginning of a link that lacks its scheme. */
const HOST_AND_PATH = /^[\w-]+(\.[\w-]+)+(:\d+)?\//;

/** A file of the machine that n8n, or the person, is on. */
const LOCAL_FILE = /^(file:\/\/.*|([a-z]:|~|\.{1,2})?[\\/].*\.safetensors)$/is;

const LINK = /^https?:\/\//i;

const OTHER_SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;

/** Looks at the path of a LoRA. Throws nothing. */
export function checkPath(path: string): PathRemark {
	if (LOCAL_FILE.test(path)) {
		return {
			instead:
				"a URL or owner/repo. fal can't read files of your machine: read this one into the workflow and set Source (source) to Binary File",
		};
	}
	if (LINK.test(path)) return checkLink(path);
	if (OTHER_SCHEME.test(path))
		return { hint: 'fal is only sure to take links that start with https' };
	return checkName(path);
}

/** Whether a path is a link to one file, where a repository has a name. */
export function isLink(path: string): boolean {
	return LINK.test(path);
}

function checkLink(link: string): PathRemark {
	const url = asUrl(link);
	if (!url) return { hint: 'it is not a valid URL' };
	const page = pageAt(url);
	if (page !== undefined) return { instead: page };
	return checkFileName(url.pathname);
}

function checkName(name: string): PathRemark {
	if (REPOSITORY.test(name)) {
		return name.endsWith('.safetensors')
			? { hint: 'it looks like a file; without https:// it is taken for a repository, owner/repo' }
			: {};
	}
	const url = asUrl(`https://${name}`);
	const page = url && pageAt(url);
	if (page !== undefined) return { instead: page };
	if (HOST_AND_PATH.test(name)) {
		return { hint: 'it looks like a link without https:// at its start' };
	}
	const [, repository, file] =
		/^([\w.-]+\/[\w.-]+)\/(?:.*\/)?([\w.-]+\.safetensors)$/.exec(name) ?? [];
	return repository === undefined
		? { hint: 'it is neither a link nor owner/repo' }
		: { hint: `the repository seems to be ${repository}; ${file} belongs into Weight Name` };
}

/** What the table of hosts has for an address, filled in. */
function pageAt({ hostname, pathname, search }: URL): string | undefined {
	const place = pathname + search;
	for (const { host, path, instead } of PAGES) {
		const parts = host.test(hostname) ? path.exec(place) : null;
		if (parts) return instead.replace(/\$(\d)/g, (_all, n: string) => parts[Number(n)] ?? '');
	}
	return undefined;
}

/** What the extension of a file says about it. */
export function checkFileName(name: string): PathRemark {
	const extension = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '';
	const instead = Object.hasOwn(OTHER_FILES, extension) ? OTHER_FILES[extension] : undefined;
	if (instead !== undefined) return { instead };
	return DOUBTFUL_FILES.includes(extension)
		? { hint: `a .${extension} file is mostly no .safetensors file, which is what fal takes` }
		: {};
}

function asUrl(text: string): URL | undefined {
	return URL.canParse(text) ? new URL(text) : undefined;
}
