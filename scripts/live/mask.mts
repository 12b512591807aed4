import { maskedDeep } from '../../nodes/FalLtxVideo/fal/mask.ts';

/** Takes what is secret out of a value and all that is in it. */
export type Mask = (value: unknown) => unknown;

const HIDDEN = '…';

/** Shorter parts of a key would be found in anything. */
const LEAST_LENGTH = 8;

/** The key, and its two parts, in the forms that a text can have them in. */
function secretsOf(key: string): string[] {
	const parts = [key, ...key.split(':')].filter((part) => part.length >= LEAST_LENGTH);
	const forms = parts.flatMap((part) => [
		part,
		encodeURIComponent(part),
		Buffer.from(part).toString('base64').replace(/=+$/, ''),
	]);
	return [...new Set(forms)].sort((one, other) => other.length - one.length);
}

function replaced(value: unknown, secrets: readonly string[]): unknown {
	if (typeof value === 'string')
		return secrets.reduce((text, secret) => text.replaceAll(secret, HIDDEN), value);
	if (Array.isArray(value)) return value.map((inner) => replaced(inner, secrets));
	if (value === null || typeof value !== 'object') return value;
	return Object.fromEntries(
		Object.entries(value).map(([name, inner]) => [
			String(replaced(name, secrets)),
			replaced(inner, secrets),
		]),
	);
}

/** A mask for a key, and for what may be a token in an address. */
export function maskFor(key: string): Mask {
	const secrets = secretsOf(key);
	return (value) => maskedDeep(replaced(value, secrets));
}
