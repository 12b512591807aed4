import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { startEngine } from './engine.mts';
import { type Case, cases } from './faultMatrix/cases.mts';
import { documentOf } from './faultMatrix/document.mts';
import { type Observed, play } from './faultMatrix/play.mts';

/*
 * The fault matrix: one test for each row of `faultMatrix/cases.mts`, and docs/fault-matrix.md, which
 * is written from what they observed. Most of a case is waiting, so many are played side by side;
 * each has a fal of its own.
 */

const DOCUMENT = join(__dirname, '../../docs/fault-matrix.md');
const AT_ONCE = 12;
const TIMEOUT_MS = 60_000;

const nameOf = ({ phase, fault }: Case) => `${phase}: ${fault}`;
const played = new Map<Case, Promise<Observed>>();

beforeAll(async () => {
	const engine = await startEngine('filesystem');
	const limit = pLimit(AT_ONCE);
	for (const one of cases) {
		const observed = limit(async () => await play(engine, one));
		// Its own test reports it.
		observed.catch(() => undefined);
		played.set(one, observed);
	}
});

afterAll(async () => {
	await Promise.allSettled(played.values());
}, TIMEOUT_MS);

test('no case is there twice', () => {
	expect(new Set(cases.map(nameOf)).size).toBe(cases.length);
});

test.each(cases.map((one) => [nameOf(one), one] as const))(
	'%s',
	async (_name, one) => {
		const observed = await played.get(one)!;
		expect(outcomeOf(observed)).toEqual({
			submits: one.submits ?? 1,
			video: one.video ? 'whole' : 'none',
			cancel: one.cancel ?? false,
		});
		expect(observed.accepted.length).toBeLessThanOrEqual(1);
		expectWords(one, observed);
	},
	TIMEOUT_MS,
);

function outcomeOf({ submits, video, cancels }: Observed) {
	return { submits, video, cancel: cancels > 0 };
}

function expectWords(one: Case, { message, description, accepted, seen, apiKey }: Observed): void {
	if (one.video) expect(message).toBe('');
	if (one.says) expect(message).toContain(one.says);
	const named = message === '' || one.unknownId ? [] : accepted;
	for (const requestId of named) expect(`${message} ${description}`).toContain(requestId);
	expect(seen).not.toContain(apiKey);
	expect(seen).not.toMatch(/TypeError|undefined|\[object/);
}

test(
	'docs/fault-matrix.md shows what was observed (UPDATE_DOCS=1 rewrites it)',
	async () => {
		const observed = await Promise.all(
			cases.map(async (one) => [one, await played.get(one)!] as const),
		);
		const document = documentOf(observed);
		if (process.env.UPDATE_DOCS === '1') writeFileSync(DOCUMENT, document);
		expect(readFileSync(DOCUMENT, 'utf8')).toBe(document);
	},
	TIMEOUT_MS,
);
