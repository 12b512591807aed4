import { readFile } from 'node:fs/promises';
import type { Mask } from './mask.mts';
import type { Answer } from './question.mts';
import type { Exchange } from './wire.mts';

/** One call of a run, without anything secret. */
export interface Sample {
	call: string;
	sent?: unknown;
	status: number;
	headers: Record<string, unknown>;
	body: unknown;
}

/** What is kept of an answer. */
export interface KeptAnswer extends Omit<Answer, 'question'> {
	/** When it was asked, as ISO 8601, the day only. */
	date: string;
}

/** What a run has found, as it is kept. */
export interface LiveRecord {
	/** ISO 8601, the day only. */
	date: string;
	/** Which fal was asked. */
	fal: string;
	package: string;
	client: string;
	n8n: string;
	answers: Record<string, KeptAnswer>;
	samples: Sample[];
}

/** Headers that say something of fal; others may say something of the account. */
const KEPT_HEADERS =
	/^(content-(type|encoding|length|range)|etag|last-modified|accept-ranges|retry-after|x-fal-(billable-units|error-type|retryable|needs-retry|request-timeout-type)|date)$/;

/** Longer texts say nothing more. */
const LONGEST = 4_000;

function parsed(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return text.slice(0, LONGEST);
	}
}

/** Rows of the list that this run did not submit belong to somebody's work. */
function withoutOthers(body: unknown, own: ReadonlySet<string>): unknown {
	const items = (body as { items?: unknown } | null)?.items;
	if (!Array.isArray(items)) return body;
	const kept = items.filter((row) =>
		own.has(String((row as { request_id?: unknown })?.request_id)),
	);
	return { ...(body as object), items: kept, next_cursor: null };
}

function ownIds(exchanges: readonly Exchange[]): Set<string> {
	const submits = exchanges.filter(({ api, method }) => api === 'queue' && method === 'POST');
	return new Set(
		submits.map(({ body }) => (parsed(body) as { request_id?: string })?.request_id ?? ''),
	);
}

/** The same call many times is kept once for each status. */
const kindOf = ({ method, path, status, body }: Exchange) =>
	[
		method,
		path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID').split('?')[0],
		status,
		/"status"\s*:\s*"\w+"/.exec(body)?.[0],
		/"items"\s*:\s*\[\s*\]/.test(body),
	].join(' ');

/** What went over the wire, without anything secret, each kind of call once. */
export function samplesOf(exchanges: readonly Exchange[], mask: Mask): Sample[] {
	const own = ownIds(exchanges);
	const kinds = new Map(exchanges.map((one) => [kindOf(one), one]));
	return [...kinds.values()].map((one) => {
		const headers = Object.entries(one.headers).filter(([name]) => KEPT_HEADERS.test(name));
		return mask({
			call: `${one.api} ${one.method} ${one.path.split('?')[0]}`,
			...(one.sent !== '' && one.api === 'queue' && { sent: parsed(one.sent) }),
			status: one.status,
			headers: Object.fromEntries(headers),
			body: withoutOthers(parsed(one.body), own),
		}) as Sample;
	});
}

interface Manifest {
	version: string;
	devDependencies: Record<string, string>;
}

/** Puts together what is kept of a run. */
export async function recordOf(
	fal: string,
	answers: readonly Answer[],
	exchanges: readonly Exchange[],
	mask: Mask,
): Promise<LiveRecord> {
	const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
	const { version, devDependencies } = JSON.parse(text) as Manifest;
	const date = new Date().toISOString().slice(0, 10);
	const found = answers.map(({ question, verdict, reading, saw }) => [
		question.id,
		{ verdict, reading, saw, date },
	]);
	return {
		date,
		fal,
		package: version,
		client: devDependencies['@fal-ai/client'] ?? '',
		n8n: devDependencies['n8n-core'] ?? '',
		answers: mask(Object.fromEntries(found)) as LiveRecord['answers'],
		samples: samplesOf(exchanges, mask),
	};
}

/** A run with the earlier answers to what it did not ask. */
export function withEarlier(before: LiveRecord | undefined, now: LiveRecord): LiveRecord {
	const asked = Object.entries(now.answers).filter(([, { verdict }]) => verdict !== 'left out');
	return { ...now, answers: { ...now.answers, ...before?.answers, ...Object.fromEntries(asked) } };
}

/** The questions that were answered in another way before. */
export function changesSince(before: LiveRecord | undefined, now: LiveRecord): string[] {
	return Object.entries(now.answers)
		.filter(([id, { reading }]) => {
			const earlier = before?.answers[id]?.reading ?? null;
			return earlier !== null && reading !== null && earlier !== reading;
		})
		.map(([id]) => id);
}
