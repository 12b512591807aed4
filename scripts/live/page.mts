import type { LiveRecord } from './record.mts';
import { DEVIATIONS, type Question, type Verdict } from './question.mts';

/** Where the answers are shown. */
export const LIVE_PAGE = 'docs/live.md';

/** Where the answers and the samples are kept. */
export const LIVE_RECORD = 'docs/live-samples.json';

const HEAD = `# Asked of the real fal

<!-- Written by \`npm run live\`. Change scripts/live/ instead. -->

What this node counts on, and what fal's documentation leaves open, as questions that \`npm run live\` asks fal.ai itself: see [CONTRIBUTING.md](../CONTRIBUTING.md#ask-the-real-fal). For each one stand the readings that we know. The node works with all of them but those marked **✗**.
`;

const NOBODY = `**Nobody has asked fal.ai yet.** All tests run against a local fal that is written from fal's documentation and plays each of these readings.
`;

/** How an answer is shown. */
const VERDICTS: Record<Verdict, string> = {
	agrees: 'yes',
	differs: '**no: known, and not what the node counts on**',
	unknown: '**not known: none of the readings**',
	'not seen': 'could not be seen',
	failed: '**could not be asked**',
	'left out': 'left out',
};

/** A text as one cell of a table. */
const cell = (text: string) => text.replaceAll('\n', ' ').replaceAll('|', '\\|');

const code = (text: string) => `\`${text.replaceAll('`', "'")}\``;

function readingsOf({ readings }: Question): string[] {
	return readings.map(
		({ id, means, agrees }) => `- ${code(id)}: ${means}${agrees ? '' : ' **✗**'}`,
	);
}

function answerLine(id: string, record: LiveRecord | undefined): string {
	const answer = record?.answers[id];
	if (!answer) return 'What fal did: not asked yet.';
	const { reading, saw, verdict, date } = answer;
	const did = reading === null ? '' : `${code(reading)}. `;
	return `What fal did on ${date}: ${did}${saw ? code(cell(saw)) : ''} Does the node agree: ${VERDICTS[verdict]}.`;
}

function section(question: Question, record: LiveRecord | undefined): string {
	const { id, asks } = question;
	return [`## ${id}`, asks, readingsOf(question).join('\n'), answerLine(id, record)].join('\n\n');
}

/** Says when, and with what, fal was asked. */
function when({ date, fal, package: version, client, n8n }: LiveRecord): string {
	return `Asked of ${fal} on ${date}, with version ${version} of this package, @fal-ai/client ${client} and n8n-core ${n8n}.\n`;
}

/** The answers that are not as the node counts on, first. */
function deviationsOf({ answers }: LiveRecord): string {
	const found = Object.entries(answers).filter(([, { verdict }]) => DEVIATIONS.includes(verdict));
	if (found.length === 0) return 'All that was asked is as the node counts on.\n';
	const lines = found.map(([id, { verdict }]) => `- [${id}](#${id}): ${VERDICTS[verdict]}`);
	return `To look at first:\n\n${lines.join('\n')}\n`;
}

const NOT_ASKED = `## Not asked

- **How long fal waits for a webhook**, and how often it calls again in all: that takes hours.
- **A submit whose response was lost**: whether fal accepted it can't be brought about on purpose.
`;

/** The page, with the answers where there are any. */
export function livePage(questions: readonly Question[], record: LiveRecord | undefined): string {
	const sections = questions.map((question) => section(question, record));
	return [
		HEAD,
		...(record ? [when(record), deviationsOf(record)] : [NOBODY]),
		...sections.map((text) => `${text}\n`),
		NOT_ASKED,
	].join('\n');
}
