import { isPublicAddress } from '../../fal/http/publicAddress';
import { masked, maskedLink } from '../../fal/mask';
import { type Purpose, WANTED, wrongKind } from './fileExtensions';
import { type PageKind, PAGES, type UsedPage } from './pagesOfHosts';

/*
 * What a person gave as a link, held against its looks alone: nothing is asked of any host.
 * Rule: where the file behind a link is certain, it is used, and the person is told. Refused is only
 * what fal can never take; what is doubtful gets a hint. Texts can be long: all takes linear time.
 */

/** A link that was looked at. */
export interface ResolvedLink {
	/** What to send: the link of the file where that is certain, else what was given. */
	link: string;
	/** What would be accepted, to end a sentence with. fal can't take what was given. */
	instead?: string;
	/** A sentence for the person, with what was used, or may be wrong. No period at its end. */
	hint?: string;
}

/** What is said of a link without saying what to send. */
type Remark = Omit<ResolvedLink, 'link'>;

const WEB = /^https?:\/\//i;

/** A file of the machine that n8n, or the person, is on. */
const LOCAL_FILE = /^(?:file:|(?:[a-z]:|~|\.{1,2})?[\\/]|%[a-z]+%[\\/]|\$[a-z]+\/)/i;

/** The beginning of an address without its scheme. */
const HOST_AND_PATH = /^(?:\/\/)?(?:[\w-]+(?:\.[\w-]+)+|localhost|\[[0-9a-f:.]+\])(?::\d+)?\//i;

/** The same, where a host is named by its number, or is this machine: neither is an owner's name. */
const NUMBER_AND_PATH =
	/^(?:\/\/)?(?:\d{1,3}(?:\.\d{1,3}){3}|localhost|\[[0-9a-f:.]+\])(?::\d+)?\//i;

/** Whether a text begins as a link of the web does. */
export function isWebLink(text: string): boolean {
	return WEB.test(text);
}

/** Whether a text looks like a link of the web whose scheme was left out. */
export function lacksScheme(text: string): boolean {
	return HOST_AND_PATH.test(text);
}

/**
 * What is wrong with a text whatever it is for: several links, a file of a machine, an address of a
 * browser's own. Undefined when it is none of them.
 */
export function remarkOnText(purpose: Purpose, text: string): Remark | undefined {
	const { link, more, binary } = WANTED[purpose];
	if (/^blob:/i.test(text)) {
		return { instead: `${link}: one that starts with blob: is known to a single browser only` };
	}
	if (LOCAL_FILE.test(text) && !lacksScheme(text)) {
		return {
			instead: `${link}. fal can't read files of your machine: read this one into the workflow and ${binary}`,
		};
	}
	return hasSeveralLinks(text) ? { instead: `a single link${more}` } : undefined;
}

/**
 * The link of the file behind a link of the web. One without its scheme is looked at if its host is
 * known; undefined for any other, and for what is no URL.
 */
export function resolveWebLink(
	purpose: Purpose,
	given: string,
	queueIsPublic: boolean,
): ResolvedLink | undefined {
	const url = asUrl(given);
	if (!url) return undefined;
	const isPrivate = !isPublicAddress(url.href);
	if (isPrivate && queueIsPublic) return { link: given, instead: publicOne(purpose) };
	if (!isWebLink(given) && !isKnownHost(url.hostname)) return undefined;
	const { link, instead, hint } = resolveUrl(purpose, given, url);
	if (instead !== undefined) return { link: given, instead };
	return hint === undefined ? { link } : { link, hint };
}

const PRIVATE = 'on this machine or in a private network';

function publicOne(purpose: Purpose): string {
	return `an address that fal can reach: this one is ${PRIVATE}, so read the file into the workflow and ${WANTED[purpose].binary}`;
}

function resolveUrl(purpose: Purpose, given: string, url: URL): ResolvedLink {
	const page = pageAt(purpose, url);
	if (!page) {
		const link = isWebLink(given) ? given : `https://${withoutSlashes(given)}`;
		return checked(purpose, given, link, 'a link without https:// at its start');
	}
	if ('instead' in page.kind) {
		return { link: given, instead: fill(page.kind.instead, page.parts.map(masked), purpose) };
	}
	const kind = page.kind;
	const kept = keptQuery(kind, url);
	const note = kept !== '' && kind.keep !== 'all' ? undefined : kind.note;
	return checked(
		purpose,
		given,
		withQuery(fill(kind.use, page.parts, purpose), kept),
		kind.is,
		note,
	);
}

/** A link that is to be sent, unless its file is of another kind. */
function checked(
	purpose: Purpose,
	given: string,
	link: string,
	is: string,
	note?: string,
): ResolvedLink {
	const instead = isWebLink(link) ? wrongKind(purpose, pathOf(link)) : undefined;
	if (instead !== undefined) return { link: given, instead };
	if (link === given) return { link };
	const more = note === undefined ? '' : `; ${note}`;
	return { link, hint: `${shown(given)} is ${is}, so ${shown(link)} is used in its place${more}` };
}

/** What the table has for an address, with what is in the brackets of its path. */
function pageAt(
	purpose: Purpose,
	{ hostname, pathname, search }: URL,
): { kind: PageKind; parts: string[] } | undefined {
	const place = pathname + search;
	for (const kind of PAGES) {
		const isOf = kind.of === undefined || kind.of.includes(purpose);
		const parts = isOf && kind.host.test(hostname) ? kind.path.exec(place) : null;
		if (parts) return { kind, parts: [...parts] };
	}
	return undefined;
}

function isKnownHost(hostname: string): boolean {
	return PAGES.some(({ host }) => host.test(hostname));
}

/** The address that a text is; also of one without its scheme, where the host leaves no doubt. */
function asUrl(text: string): URL | undefined {
	if (isWebLink(text)) return parsed(text);
	if (!lacksScheme(text)) return undefined;
	const url = parsed(`https://${withoutSlashes(text)}`);
	if (!url) return undefined;
	return isKnownHost(url.hostname) || isPrivateNumber(text, url) ? url : undefined;
}

function isPrivateNumber(text: string, url: URL): boolean {
	return NUMBER_AND_PATH.test(text) && !isPublicAddress(url.href);
}

function parsed(text: string): URL | undefined {
	return URL.canParse(text) ? new URL(text) : undefined;
}

function withoutSlashes(text: string): string {
	return text.replace(/^\/\//, '');
}

function pathOf(link: string): string {
	return parsed(link)?.pathname ?? '';
}

function fill(template: string, parts: string[], purpose: Purpose): string {
	const { name, binary } = WANTED[purpose];
	const words: Record<string, string> = { name, binary };
	return template.replace(
		/\$(\d|name|binary)/g,
		(_all, key: string) => words[key] ?? parts[Number(key)] ?? '',
	);
}

/** What of a page's query belongs to its file. */
function keptQuery({ keep = [], use }: UsedPage, page: URL): string {
	const kept = [...page.searchParams].filter(
		([key]) => (keep === 'all' || keep.includes(key)) && !use.includes(`?${key}=`),
	);
	return new URLSearchParams(kept).toString();
}

function withQuery(link: string, query: string): string {
	if (query === '') return link;
	return `${link}${link.includes('?') ? '&' : '?'}${query}`;
}

/** A link in a sentence: without its secrets, and not over many lines. */
function shown(link: string): string {
	const text = maskedLink(link);
	return text.length > 200 ? `${text.slice(0, 197)}…` : text;
}

/** Blanks, or marks of a list, between two links. */
const BETWEEN = /[\s,;|]+/;

/** Hugging Face's own form of a repository's name. */
const REPOSITORY = /^[\w.-]+\/[\w.-]+$/;

/** Whether several links, or names of repositories, are in one text. */
function hasSeveralLinks(text: string): boolean {
	if (/^data:/i.test(text)) return false;
	const parts = text.split(BETWEEN).filter((part) => part !== '');
	if (parts.length < 2) return false;
	// A blank or a comma may be part of an address: only the beginning of another one says more.
	if (!isWebLink(parts[0]!)) return parts.every((part) => isWebLink(part) || REPOSITORY.test(part));
	return parts.slice(1).some(isWebLink) && !/[=/]https?:/i.test(parts[0]!);
}

/** Whether a text is the name of a repository on Hugging Face, by its form. */
export function isRepository(text: string): boolean {
	return REPOSITORY.test(text);
}
