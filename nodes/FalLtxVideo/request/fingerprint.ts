import { createHash } from 'crypto';

/**
 * What tells one purchase from another: the endpoint and the exact input, whatever the order of its
 * fields.
 *
 * @returns 64 hex digits
 */
export function fingerprint(endpointId: string, input: Record<string, unknown>): string {
	return createHash('sha256')
		.update(`${endpointId}\n${canonical(input)}`)
		.digest('hex');
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
	return JSON.stringify(value);
}
