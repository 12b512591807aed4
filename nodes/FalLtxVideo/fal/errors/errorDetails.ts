import { z } from 'zod';
import { masked, maskedDeep } from '../mask';

/*
 * Rule: whatever stands in an error response can be shown. fal documents a text or a list of faults;
 * an object, a list of texts and lists with anything in them were seen, and none of them may throw.
 */

/** One fault that fal found in an input (fal: errors reference, the shape of a 422). */
export interface FalDetail {
	loc?: Array<string | number>;
	msg?: string;
	type?: string;
	ctx?: unknown;
}

/** fal's details of an error in a known shape. */
export type FalDetails = string | FalDetail[];

/** A long text is cut: an error is read on a small panel. */
const LONGEST_TEXT = 2_000;

/** No path in an input is as deep, and no name in it as long. */
const MOST_KEYS = 20;
const LONGEST_KEY = 100;

/** Faults beyond this are left out. */
const MOST_FAULTS = 50;

const path = z
	.union([z.string(), z.array(z.unknown())])
	.transform((keys) => (typeof keys === 'string' ? [keys] : keys).filter(isKey))
	.transform((keys) => keys.slice(0, MOST_KEYS).map(shortKey));

/** The fields of a fault that are there in the right form; the others are left out. */
const fault = z.object({
	loc: path.optional().catch(undefined),
	msg: z.string().optional().catch(undefined),
	type: z.string().optional().catch(undefined),
	ctx: z.unknown(),
});

/**
 * Reads fal's `detail`. What has no known shape becomes short JSON. Secrets in addresses are cut out,
 * and what fal repeats of the input. Throws nothing.
 *
 * @returns undefined when there is nothing to show
 */
export function readDetails(detail: unknown): FalDetails | undefined {
	if (detail === undefined || detail === null || detail === '') return undefined;
	if (typeof detail === 'string') return shown(detail);
	if (Array.isArray(detail)) return detail.slice(0, MOST_FAULTS).map(readFault);
	const single = readFault(detail);
	return single.type === undefined && single.loc === undefined ? single.msg : [single];
}

function readFault(value: unknown): FalDetail {
	if (typeof value === 'string') return { msg: shown(value) };
	const { loc, msg, type, ctx } = fault.safeParse(value).data ?? {};
	if (loc === undefined && msg === undefined && type === undefined)
		return { msg: shortJson(value) };
	return {
		...(loc && loc.length > 0 ? { loc } : {}),
		...(msg === undefined ? {} : { msg: shown(msg) }),
		...(type === undefined ? {} : { type: shown(type) }),
		...(ctx === undefined ? {} : { ctx: isShort(ctx) ? maskedDeep(ctx) : shortJson(ctx) }),
	};
}

function isKey(key: unknown): key is string | number {
	return typeof key === 'string' || typeof key === 'number';
}

function shortKey(key: string | number): string | number {
	// Masked before it is cut, as below.
	return typeof key === 'string' ? masked(key.slice(0, LONGEST_TEXT)).slice(0, LONGEST_KEY) : key;
}

export function shown(text: string): string {
	// Masked before it is cut, so that no part of a secret is left at the end.
	const masked = maskedDeep(text.slice(0, 2 * LONGEST_TEXT)) as string;
	return masked.length > LONGEST_TEXT ? `${masked.slice(0, LONGEST_TEXT)}…` : masked;
}

function isShort(value: unknown): boolean {
	return asJson(value).length <= LONGEST_TEXT;
}

function shortJson(value: unknown): string {
	return shown(asJson(value));
}

/** What can't be written as JSON (nested too deep) has no words either. */
function asJson(value: unknown): string {
	try {
		return JSON.stringify(value) ?? '';
	} catch {
		return 'details that cannot be shown';
	}
}
