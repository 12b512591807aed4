/*
 * Rule: what stands behind the question mark of an address, or before its @, may be a token (a
 * Civitai download, a signed link). It is cut out of everything a person or a log gets to see.
 */

const ADDRESS = /\bhttps?:\/\/[^\s"'<>\\]+/gi;

/** A text with the secrets in its addresses cut out. */
export function masked(text: string): string {
	return text.replace(ADDRESS, (address) =>
		address.replace(/\/\/[^/?#]*@/, '//…@').replace(/[?#].*$/s, '?…'),
	);
}

/** A value with all its texts masked. */
export function maskedDeep(value: unknown): unknown {
	if (typeof value === 'string') return masked(value);
	if (Array.isArray(value)) return value.map(maskedDeep);
	if (value !== null && typeof value === 'object') {
		return Object.fromEntries(
			Object.entries(value).map(([key, inner]) => [key, maskedDeep(inner)]),
		);
	}
	return value;
}
