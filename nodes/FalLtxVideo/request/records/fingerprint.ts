import { createHash } from 'crypto';
import { endpointOf } from '../../endpoints';
import { withoutDefaults } from '../../endpoints/withoutDefaults';

/**
 * What distinguishes one video from another: the endpoint and the exact input, whatever the order of its
 * fields.
 *
 * @returns 64 hex digits
 */
export function fingerprint(endpointId: string, input: Record<string, unknown>): string {
	return createHash('sha256')
		.update(`${endpointId}\n${canonical(input)}`)
		.digest('hex');
}

/** An input in the form that it is compared in, whether fal lists it with its defaults or without. */
export function comparableInput(
	endpointId: string,
	input: Record<string, unknown>,
): Record<string, unknown> {
	return withoutDefaults(endpointOf(endpointId), input);
}

/** The same as {@link fingerprint} of an input as fal lists it, or as it is held against the list. */
export function listedFingerprint(endpointId: string, input: Record<string, unknown>): string {
	return fingerprint(endpointId, comparableInput(endpointId, input));
}

/** A file in an input, before it has an address: the SHA-256 of its content in hex. */
export interface FileContent {
	sha256: string;
}

/**
 * Whether an input could be the draft, once its files have addresses: it is the same in all else, and
 * there is a file in it.
 */
export function couldBe(draft: unknown, input: unknown): boolean {
	return hasFile(draft) && isSameButForFiles(draft, input);
}

function isSameButForFiles(draft: unknown, input: unknown): boolean {
	if (isFile(draft)) return typeof input === 'string';
	if (!hasFile(draft)) return canonical(draft) === canonical(input);
	const inner = Object.entries(draft as object);
	const other = (input ?? {}) as Record<string, unknown>;
	const hasSameKeys = Object.keys(other).length === inner.length;
	return hasSameKeys && inner.every(([key, value]) => isSameButForFiles(value, other[key]));
}

function hasFile(value: unknown): boolean {
	if (value === null || typeof value !== 'object') return false;
	return isFile(value) || Object.values(value).some(hasFile);
}

function isFile(value: unknown): value is FileContent {
	if (value === null || typeof value !== 'object') return false;
	return 'sha256' in value && Object.keys(value).length === 1;
}

function smallOrText(value: bigint): number | string {
	return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
}

function canonical(value: unknown): string {
	// As fal's list gives it back: see `parseExact`.
	if (typeof value === 'bigint') return canonical(smallOrText(value));
	if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
	if (value !== null && typeof value === 'object') {
		const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
		return `{${fields.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`;
	}
	return JSON.stringify(value) ?? 'null';
}
