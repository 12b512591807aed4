import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../../scripts/processes/command.mts';
import { JOBS, mostOf } from '../../../scripts/live/jobs.mts';
import { maskFor } from '../../../scripts/live/mask.mts';
import { readOptions } from '../../../scripts/live/options.mts';
import { LIVE_PAGE, LIVE_RECORD, livePage } from '../../../scripts/live/page.mts';
import { planOf, planText } from '../../../scripts/live/plan.mts';
import { QUESTIONS } from '../../../scripts/live/questions/index.mts';
import type { LiveRecord } from '../../../scripts/live/record.mts';
import { realTarget } from '../../../scripts/live/target.mts';
import { WebhookReceiver } from '../../../scripts/live/webhookReceiver.mts';

/* What `npm run live` does before it asks anything, and the page that it writes. */

const ROOT = join(__dirname, '..', '..', '..');
const KEY = '0a1b2c3d-0000-4000-8000-00000000abcd:5e4d3c2b1a0f5e4d3c2b1a0f5e4d3c2b';

const read = (name: string) => readFileSync(join(ROOT, name), 'utf8');

test('docs/live.md is up to date: else run `npm run live -- --page`', () => {
	const record = existsSync(join(ROOT, LIVE_RECORD))
		? (JSON.parse(read(LIVE_RECORD)) as LiveRecord)
		: undefined;
	expect(read(LIVE_PAGE)).toBe(livePage(QUESTIONS, record));
});

test('the committed answers, if there are any, are those of fal.ai itself', () => {
	const record = existsSync(join(ROOT, LIVE_RECORD)) ? read(LIVE_RECORD) : '{"fal":"fal.ai"}';
	expect((JSON.parse(record) as LiveRecord).fal).toBe('fal.ai');
});

test('each question has a name of its own, and at least two readings', () => {
	const ids = QUESTIONS.map(({ id }) => id);
	expect(new Set(ids).size).toBe(ids.length);
	for (const { id, readings } of QUESTIONS) {
		expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
		expect(new Set(readings.map((reading) => reading.id)).size).toBe(readings.length);
		expect(readings.length).toBeGreaterThan(1);
	}
});

test('all of it fits into the usual limit', async () => {
	const { limit } = readOptions([], {});
	const receiver = await WebhookReceiver.open(0);
	const webhook = { url: 'https://example.com/', receiver };
	const target = realTarget(KEY, { lora: 'owner/repo', webhook });
	await target.close();
	const plan = planOf(QUESTIONS, limit, target);
	expect(plan.leftOut).toEqual([]);
	expect(plan.jobs).toHaveLength(Object.keys(JOBS).length);
	expect(plan.most.toNumber()).toBeLessThan(0.02);
	for (const id of plan.jobs) expect(mostOf(id).toNumber()).toBeLessThan(0.002);
	expect(planText(plan, target)).not.toContain(KEY);
});

test('what needs a LoRA or a webhook is left out without one', () => {
	const { leftOut } = planOf(QUESTIONS, readOptions([], {}).limit, realTarget(KEY));
	expect(leftOut.map(({ question }) => question.id)).toEqual([
		...['stream-first', 'stream-comments', 'submit-lora'],
		...['webhook-signature', 'webhook-repeats'],
	]);
});

test('options are read, and wrong ones refused', () => {
	const options = readOptions(['--local', '--variant', 'waitingStatus=200'], { FAL_KEY: ' k ' });
	expect(options).toMatchObject({ isLocal: true, variants: { waitingStatus: 200 }, apiKey: 'k' });
	expect(() => readOptions(['--limit', 'much'], {})).toThrow('--limit needs an amount');
	expect(() => readOptions(['--webhook-port', '0'], {})).toThrow('needs a port');
	expect(() => readOptions(['--variant', 'waitingStatus=200'], {})).toThrow('add --local');
	expect(() => readOptions(['--local', '--variant', 'nothing=1'], {})).toThrow('waitingStatus');
});

test('a key is found in each form', () => {
	const mask = maskFor(KEY);
	const [id, secret] = KEY.split(':') as [string, string];
	const said = {
		[`of ${id}`]: [`Key ${KEY}`, encodeURIComponent(KEY), Buffer.from(KEY).toString('base64')],
		link: `https://example.com/file?token=abc`,
		secret,
		kept: 'a fox',
	};
	const text = JSON.stringify(mask(said));
	expect(text).toContain('a fox');
	for (const part of [KEY, id, secret, 'abc', Buffer.from(KEY).toString('base64').slice(0, 40)])
		expect(text).not.toContain(part);
});

describe('the command', () => {
	const live = async (args: string[], env: Record<string, string>) =>
		await runCommand(process.execPath, ['--import', 'tsx', 'scripts/live.mts', ...args], {
			cwd: ROOT,
			env: { ...process.env, FAL_KEY: '', ...env },
		}).then(
			(output) => ({ failed: false, output }),
			(error: unknown) => ({ failed: true, output: String(error) }),
		);

	test('asks for a key', async () => {
		const { failed, output } = await live([], {});
		expect(failed).toBe(true);
		expect(output).toContain('FAL_KEY is not set');
	});

	test('says what it may cost and sends nothing where nobody can confirm', async () => {
		const { failed, output } = await live([], { FAL_KEY: KEY });
		expect(failed).toBe(true);
		expect(output).toContain('All of it costs at most');
		expect(output).toContain('Nothing was sent: add --yes');
		for (const part of [KEY, ...KEY.split(':')]) expect(output).not.toContain(part);
	});
});
