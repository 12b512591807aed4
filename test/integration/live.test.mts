import { readFileSync } from 'node:fs';
import Big from 'big.js';
import { DEFAULT_VARIANTS, type Variants } from '../../emulator/variants.mts';
import type { Emulator, RequestScript } from '../../emulator/index.mts';
import { askFal, type Findings, type Inquiry } from '../../scripts/live/ask.mts';
import { deviationsIn } from '../../scripts/live/deviations.mts';
import { JOBS, mostOf } from '../../scripts/live/jobs.mts';
import { livePage } from '../../scripts/live/page.mts';
import { QUESTIONS } from '../../scripts/live/questions/index.mts';
import { withEarlier } from '../../scripts/live/record.mts';
import { localTarget, type LocalOptions } from '../../scripts/live/target.mts';
import { useEngine } from './engine.mts';

/* `npm run live` against the local fal: its report names what was played, whatever that is. */

jest.setTimeout(120_000);

const engine = useEngine();

/** What a run did and said. */
interface Run extends Partial<Findings> {
	printed: string;
	fal: Emulator;
	apiKey: string;
}

async function ask(
	ids: string[] | 'all',
	local: LocalOptions = {},
	more: Partial<Inquiry> = {},
): Promise<Run> {
	let fal!: Emulator;
	const prepare = (started: Emulator) => {
		fal = started;
		local.prepare?.(started);
	};
	const target = await localTarget({ ...local, prepare });
	const printed: string[] = [];
	try {
		const findings = await askFal({
			target,
			questions: QUESTIONS.filter(({ id }) => ids === 'all' || ids.includes(id)),
			limit: new Big('0.02'),
			engine: async () => await Promise.resolve(engine),
			confirm: async () => await Promise.resolve(true),
			print: (text) => printed.push(text),
			signal: new AbortController().signal,
			...more,
		});
		return { ...findings, printed: printed.join('\n'), fal, apiKey: target.apiKey };
	} finally {
		await target.close();
	}
}

const readings = ({ answers = [] }: Run) =>
	Object.fromEntries(answers.map(({ question: { id }, reading, saw }) => [id, reading ?? saw]));

const deviations = ({ answers, record }: Run) =>
	deviationsIn({ answers: answers!, record: record! });

/** What does not depend on a reading. */
const ALWAYS = {
	...{ 'key-good': '200', 'key-bad': '401', prices: 'as published', 'prices-together': 'all' },
	...{ submit: 'accepted', 'submit-lora': 'accepted', 'empty-loras': 'a video', upload: 'used' },
	...{ 'dead-lora': '422 file', 'dead-lora-billed': 'not billed' },
	...{ 'unknown-result': '404', 'unknown-status': '404' },
	...{ 'stream-first': 'at once', 'stream-comments': 'comments' },
	...{ 'result-headers': 'both', 'billed-units': 'exact', 'cancel-done': '400 ALREADY_COMPLETED' },
	...{ 'file-range': 'range', 'file-validators': 'strong' },
	...{ 'file-encoding': 'as it is', 'file-head': 'length' },
	...{ 'webhook-signature': 'taken', 'webhook-repeats': 'again' },
};

test('names every reading of the one fal', async () => {
	const run = await ask('all', { variants: { streamCommentMs: 100 } });
	expect(readings(run)).toEqual({
		...ALWAYS,
		...{ 'waiting-status': '202', 'early-result': '400', 'failed-status': 'COMPLETED' },
		...{ 'cancel-queued': '202', 'cancel-running': '202' },
		...{ 'cancelled-queued': 'completed', 'cancelled-running': 'ends' },
		...{ 'extend-billed': 'generated', 'matched-length': 'below' },
		...{ 'list-waiting': 'listed', 'list-soon': 'at once', 'list-input': 'as sent', clock: 'same' },
	});
	expect(deviations(run)).toEqual([]);
	const secrets = [run.apiKey, ...run.apiKey.split(':')];
	const everything = [run.printed, JSON.stringify(run.record), livePage(QUESTIONS, run.record)];
	for (const secret of secrets) for (const text of everything) expect(text).not.toContain(secret);
	expect(run.record!.samples.length).toBeGreaterThan(20);
	expect(run.fal.requests).toHaveLength(Object.keys(JOBS).length);
});

test('names every reading of the other fal', async () => {
	const variants: Partial<Variants> = {
		...{ waitingStatus: 200, earlyResultStatus: 404, failedStatus: 'FAILED', streamCommentMs: 100 },
		...{ cancelStatus: 200, cancelledWhileQueued: 'gone', cancelledWhileRunning: 'finishes' },
		...{ extendedBilling: 'delivered', matchedLength: 'exact', clockAheadMs: 3_600_000 },
		...{ listsUnfinished: false, listedAfterMs: 9_000, listedInput: 'with defaults' },
	};
	const run = await ask('all', { variants });
	expect(readings(run)).toEqual({
		...ALWAYS,
		...{ 'waiting-status': '200', 'early-result': '404', 'failed-status': 'FAILED' },
		...{ 'cancel-queued': '200', 'cancel-running': '200' },
		...{ 'cancelled-queued': 'gone', 'cancelled-running': 'finishes' },
		...{ 'extend-billed': 'delivered', 'matched-length': 'exact' },
		...{ 'list-waiting': 'not before its end', 'list-soon': 'within a minute' },
		...{ 'list-input': 'with defaults', clock: 'ahead' },
	});
	expect(deviations(run)).toEqual([]);
});

const anyJob = () => true;
const WEAK: RequestScript = { output: { validator: 'weak' } };
const download = (faults: NonNullable<RequestScript['download']>): LocalOptions => ({
	prepare: (fal) => fal.script(anyJob, { download: faults }),
});

test.each<[string, string, LocalOptions]>([
	['early-result', '202', { variants: { earlyResultStatus: 202 } }],
	['list-input', 'none', { variants: { listHasPayloads: false } }],
	['clock', 'behind', { variants: { clockAheadMs: -3_600_000 } }],
	['list-waiting', 'not before its end', { variants: { listsUnfinished: false } }],
	['stream-comments', 'the stream was open for 1 s', {}],
	['file-encoding', 'packed', download([null, { kind: 'encoded', encoding: 'gzip' }])],
	['file-encoding', 'no length', download([null, { kind: 'noLength' }])],
	[
		'webhook-signature',
		'nothing arrived: does the address lead here?',
		{ prepare: (fal) => fal.script(anyJob, { webhook: [{ kind: 'lost' }] }) },
	],
	['file-validators', 'weak', { prepare: (fal) => fal.script(anyJob, WEAK) }],
])('%s: %s', async (id, reading, local) => {
	const run = await ask([id], local);
	expect(readings(run)).toEqual({ [id]: reading });
	expect(deviations(run)).toEqual([]);
});

test('the page of the local fal says which question asks for each of its readings', () => {
	const page = readFileSync('emulator/README.md', 'utf8');
	const rows = [...page.matchAll(/^\| `(\w+)` +\| (.+live\.md.+?) +\|$/gm)];
	expect(rows.map(([, name]) => name).sort()).toEqual(Object.keys(DEFAULT_VARIANTS).sort());
	const known = ['not-asked', ...QUESTIONS.map(({ id }) => id)];
	for (const [, , cell] of rows) {
		const ids = [...cell!.matchAll(/live\.md#([\w-]+)\)/g)].map(([, id]) => id!);
		expect(ids.length).toBeGreaterThan(0);
		for (const id of ids) expect(known).toContain(id);
	}
});

const priceOf = (unit_price: number) => ({ unit_price, unit: 'megapixels', currency: 'USD' });

test.each<[string, string, LocalOptions]>([
	[
		'early-result',
		'unknown, another text, 425 {"detail":"Too early"}',
		{
			prepare: (fal) =>
				fal.script(anyJob, {
					job: { queueSeconds: 1 },
					result: [{ kind: 'status', status: 425, json: { detail: 'Too early' } }],
				}),
		},
	],
	[
		'billed-units',
		'differs, whole, 1 units',
		{ prepare: (fal) => fal.script(anyJob, { output: { billableUnits: '1' } }) },
	],
	[
		'billed-units',
		'unknown, other, 7 units',
		{ prepare: (fal) => fal.script(anyJob, { output: { billableUnits: '7' } }) },
	],
	[
		'prices',
		'differs, others, fal-ai/ltx-2.3-22b/extend-video: 0.002 per megapixels',
		{ prices: { 'fal-ai/ltx-2.3-22b/extend-video': priceOf(0.002) } },
	],
	[
		'key-good',
		'unknown, 500, 500',
		{ prepare: (fal) => fal.fault('pricing', [{ kind: 'status', status: 500, json: {} }]) },
	],
	[
		'webhook-signature',
		'differs, refused, ',
		{ prepare: (fal) => fal.script(anyJob, { webhook: [{ kind: 'wrongKey' }] }) },
	],
	['webhook-repeats', 'differs, once', { variants: { webhookRetryMs: [] } }],
	[
		'submit',
		'failed, ',
		{
			prepare: (fal) =>
				fal.script(anyJob, {
					submit: [{ kind: 'status', status: 400, json: { detail: 'No' }, accepted: false }],
				}),
		},
	],
])('a deviation is found: %s is %s', async (id, expected, local) => {
	const run = await ask([id], local);
	const [found, ...others] = deviations(run);
	expect(found).toContain(`${id}: ${expected}`);
	expect(others).toEqual([]);
	expect(livePage(QUESTIONS, run.record)).toContain(`To look at first:\n\n- [${id}](#${id}): **`);
});

test('an answer that has changed is named', async () => {
	const { answers, record } = (await ask(['key-bad'])) as Findings;
	const before = structuredClone(record);
	before.answers['key-bad']!.reading = '403';
	expect(deviationsIn({ answers, record }, before)).toEqual(['key-bad: was 403, is 401']);
	expect(deviationsIn({ answers, record }, record)).toEqual([]);
	before.answers['clock'] = { ...before.answers['key-bad']!, reading: 'same' };
	expect(withEarlier(before, record).answers).toMatchObject({
		'key-bad': { reading: '401' },
		clock: { reading: 'same' },
	});
});

test('nothing is sent before it is confirmed', async () => {
	const confirm = async () => await Promise.resolve(false);
	const run = await ask('all', {}, { confirm });
	expect(run.answers).toBeUndefined();
	expect(run.printed).toContain('at most 0.014 USD');
	expect(run.fal.calls).toEqual([]);
});

test('what would cost more than the limit is left out, and said', async () => {
	const limit = mostOf('plain').plus('0.0001');
	const run = await ask(['submit', 'clock', 'matched-length'], {}, { limit });
	expect(run.fal.requests.map(({ input }) => input['prompt'])).toEqual([JOBS.plain.prompt]);
	expect(run.printed).toContain('matched-length: could cost 0.0013 USD more');
	expect(run.record!.answers['matched-length']).toMatchObject({ verdict: 'left out' });
	expect(deviations(run)).toEqual([]);
});

test('no video is submitted when prices have risen above the limit', async () => {
	const { id } = JOBS.plain.endpoint;
	const run = await ask(['key-good', 'submit'], { prices: { [id]: priceOf(1) } });
	expect(run.fal.requests).toEqual([]);
	expect(run.record!.answers).toMatchObject({
		'key-good': { verdict: 'agrees' },
		submit: { verdict: 'left out', saw: expect.stringContaining("today's prices") },
	});
});
