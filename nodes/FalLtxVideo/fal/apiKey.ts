/** What is shorter may stand in any text. */
const SHORTEST_SECRET = 8;

/**
 * The key alone, however it was copied: in quotes, with blanks or line breaks around it, or with the
 * scheme of its header before it.
 */
export function bareKey(apiKey: unknown): string {
	return String(apiKey ?? '')
		.replace(/["'`\u200b\ufeff]/g, '')
		.trim()
		.replace(/^(key|bearer)\s+/i, '');
}

/** The part of a key that has to stay secret: what follows the key's ID, else all of it. */
export function secretOf(apiKey: unknown): string {
	const key = bareKey(apiKey);
	const secret = key.slice(key.indexOf(':') + 1).trim();
	return secret.length < SHORTEST_SECRET ? key : secret;
}
