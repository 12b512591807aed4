/*
 * Rule: what stands behind the question mark of an address, or before its @, may be a token (a
 * Civitai download, a signed link). It is cut out of everything a person or a log gets to see, also
 * of an address without its scheme. Texts can be long: each pattern takes linear time. The key of the
 * credential is no matter of this file: it is cut out of every response as it arrives (keyFilter.ts).
 */

/**
 * What stands between blanks or quotes. An apostrophe may be part of an address, and a backslash of
 * one inside JSON (`\u0026` is an ampersand, `\/` a slash).
 */
const WORD = /[^\s"'<>\\]+(?:(?:'(?=[\w%])|\\(?=[u/]))[^\s"'<>\\]+)*/g;

/** A value in quotes, which end a word. */
const QUOTED_VALUE = /([?&#;][^\s?=&#;"'<>\\]{1,100}=)\\?["'<][^\s"'<>\\]+/g;

/** `?key=` or `#key=`, whatever is before it, also as it is written inside another address or JSON. */
const QUERY_KEY = /(?:[?#]|%3f|\\u003f)[^\s?=&#]{1,100}?(?:=|%3d|\\u003d)/i;

/** The same of a part of a path, `;key=`, which a type such as `text/html;charset=utf-8` has too. */
const PATH_KEY = /;[^\s;?=&#]{1,100}=/;

/** Something that a token can be made of; a question mark of prose has only punctuation behind it. */
const VALUE = /[\p{L}\p{N}_%=-]/u;

/** A path, or a name with a dot in it: what can be an address. */
const ADDRESS = /\/|[\w-]\.[\w-]/;

/** An address whose beginning is a host. Other words with a # are names, such as `owner/repo#12`. */
const HOST = /^\W?(?:[a-z][a-z0-9+.-]{0,30}:)?\/\/|^\W?[\w-]{1,63}\.[\w.-]{1,250}(?::\d{1,5})?\//i;

/** A text with the secrets in its addresses cut out. */
export function masked(text: string): string {
	return text.replace(QUOTED_VALUE, '$1…').replace(WORD, maskedWord);
}

/** What is known to be an address, or the path of one, without all that follows a question mark. */
export function maskedLink(link: string): string {
	const query = link.search(/[?#]/);
	return masked(query === -1 || query === link.length - 1 ? link : `${link.slice(0, query)}?…`);
}

/** A value with all its texts masked, and the names of what is in it. */
export function maskedDeep(value: unknown): unknown {
	if (typeof value === 'string') return masked(value);
	if (Array.isArray(value)) return value.map(maskedDeep);
	if (value !== null && typeof value === 'object') {
		return Object.fromEntries(
			Object.entries(value).map(([key, inner]) => [masked(key), maskedDeep(inner)]),
		);
	}
	return value;
}

function maskedWord(word: string): string {
	const end = secretStart(word);
	return end === -1 ? withoutLogin(word) : `${withoutLogin(word.slice(0, end))}?…`;
}

/** Where the first query or fragment begins that may be a secret; -1 for none. */
function secretStart(word: string): number {
	const starts = [word.search(QUERY_KEY)];
	const query = word.indexOf('?');
	if (query !== -1 && ADDRESS.test(word.slice(0, query))) starts.push(query);
	if (HOST.test(word)) starts.push(word.indexOf('#'), word.search(PATH_KEY));
	const found = starts.filter((start) => start !== -1 && VALUE.test(word.slice(start + 1)));
	return found.length === 0 ? -1 : Math.min(...found);
}

/** An address without the user and the password before its host. */
function withoutLogin(address: string): string {
	if (/\/\\?\//.test(address)) return address.replace(/(\/\\?\/)[^/?#]*@/g, '$1…@');
	const [host = ''] = address.split('/', 1);
	const login = host.lastIndexOf('@');
	const isHost = address.includes('/') || host.slice(login).includes('.');
	const user = host.slice(0, Math.max(login, 0));
	const isLogin = isHost && user.includes(':') && !/^\W?mailto:/i.test(user);
	return isLogin ? `…${address.slice(login)}` : address;
}
