// npm run live [-- options]: asks fal.ai itself what its documentation leaves open, for at most two
// cents, and writes docs/live.md. With --local it asks the local fal, for nothing.
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { startEngine } from '../test/integration/engine.mts';
import { askFal } from './live/ask.mts';
import { HELP, readOptions, type LiveOptions } from './live/options.mts';
import { LIVE_PAGE, LIVE_RECORD, livePage } from './live/page.mts';
import { deviationsIn } from './live/deviations.mts';
import type { Question } from './live/question.mts';
import { QUESTIONS } from './live/questions/index.mts';
import { withEarlier, type LiveRecord } from './live/record.mts';
import { localTarget, realTarget, type Target } from './live/target.mts';
import { WebhookReceiver } from './live/webhookReceiver.mts';
import { buildPackage } from './n8n/communityPackage.mts';
import type { Cleanup } from './processes/cleanup.mts';
import { runMain } from './processes/main.mts';
import { runStep } from './terminal/steps.mts';

const pathOf = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));

/** Of a local run: it must never look like one of fal.ai. */
const LOCAL_FOLDER = '.cache/live';

async function readRecord(): Promise<LiveRecord | undefined> {
	const file = pathOf(LIVE_RECORD);
	if (!existsSync(file)) return undefined;
	return JSON.parse(await readFile(file, 'utf8')) as LiveRecord;
}

function chosen({ only }: LiveOptions): readonly Question[] {
	if (!only) return QUESTIONS;
	const unknown = only.filter((id) => !QUESTIONS.some((question) => question.id === id));
	if (unknown.length > 0) {
		const known = QUESTIONS.map(({ id }) => id).join(', ');
		throw new Error(`--only: there is no ${unknown.join(', ')}. The questions: ${known}`);
	}
	return QUESTIONS.filter(({ id }) => only.includes(id));
}

async function openReal({ apiKey, lora, webhookUrl: url, webhookPort }: LiveOptions) {
	if (!apiKey) throw new Error('FAL_KEY is not set. `npm run live -- --local` asks the local fal.');
	if (url === undefined) return realTarget(apiKey, { lora });
	const receiver = await WebhookReceiver.open(webhookPort);
	return realTarget(apiKey, { lora, webhook: { url, receiver } });
}

async function chooseTarget(options: LiveOptions, cleanup: Cleanup): Promise<Target> {
	const target = options.isLocal
		? await localTarget({ variants: options.variants })
		: await openReal(options);
	cleanup.add(target.close);
	return target;
}

/** Asks a person in this terminal. */
async function confirm(signal: AbortSignal): Promise<boolean> {
	if (!process.stdin.isTTY) {
		console.log('\nNothing was sent: add --yes where nobody can be asked.');
		return false;
	}
	const terminal = createInterface({ input: process.stdin, output: process.stdout });
	try {
		return /^y(es)?$/i.test((await terminal.question('\nAsk fal.ai? [y/N] ', { signal })).trim());
	} finally {
		terminal.close();
	}
}

/** The engine keeps its files in a folder of its own. */
async function openEngine(cleanup: Cleanup) {
	const engine = await startEngine('filesystem');
	const folder = process.env['N8N_USER_FOLDER'];
	if (folder) cleanup.add(async () => await rm(folder, { recursive: true, force: true }));
	return engine;
}

async function write(record: LiveRecord, isLocal: boolean): Promise<void> {
	const files = isLocal
		? [`${LOCAL_FOLDER}/live.md`, `${LOCAL_FOLDER}/live-samples.json`]
		: [LIVE_PAGE, LIVE_RECORD];
	if (isLocal) await mkdir(pathOf(LOCAL_FOLDER), { recursive: true });
	await writeFile(pathOf(files[0]!), livePage(QUESTIONS, record));
	await writeFile(pathOf(files[1]!), `${JSON.stringify(record, null, '\t')}\n`);
	console.log(`\nWritten to ${files.join(' and ')}.`);
}

await runMain(async (signal, cleanup) => {
	const options = readOptions(process.argv.slice(2), process.env);
	if (options.help) {
		console.log(HELP);
		return 0;
	}
	const before = await readRecord();
	if (options.page) {
		await writeFile(pathOf(LIVE_PAGE), livePage(QUESTIONS, before));
		return 0;
	}
	// Whatever this process starts needs no key.
	delete process.env['FAL_KEY'];
	const findings = await askFal({
		target: await chooseTarget(options, cleanup),
		questions: chosen(options),
		limit: options.limit,
		engine: async () => {
			await runStep('Node built', async () => await buildPackage({ signal }));
			return await openEngine(cleanup);
		},
		confirm: async () => options.yes || options.isLocal || (await confirm(signal)),
		print: (text) => console.log(text),
		signal,
	});
	if (!findings) return 1;
	const earlier = options.isLocal ? undefined : before;
	await write(withEarlier(earlier, findings.record), options.isLocal);
	const found = deviationsIn(findings, earlier);
	for (const text of found) console.error(text);
	return found.length === 0 ? 0 : 1;
});
