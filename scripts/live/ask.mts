import type Big from 'big.js';
import type { Engine } from '../../test/integration/engine.mts';
import { LiveFal } from './liveFal.mts';
import { maskFor } from './mask.mts';
import { planOf, planText } from './plan.mts';
import { answerOf, type Answer, type Question } from './question.mts';
import { mostToday } from './mostToday.mts';
import { recordOf, type LiveRecord } from './record.mts';
import type { Target } from './target.mts';
import { Wire } from './wire.mts';

/** What is asked, of which fal. */
export interface Inquiry {
	target: Target;
	questions: readonly Question[];
	/** In US dollars. */
	limit: Big;
	/** Started only once it is confirmed. */
	engine: () => Promise<Engine>;
	/** Whether to go on, after the plan was printed. */
	confirm: () => Promise<boolean>;
	print: (text: string) => void;
	signal: AbortSignal;
}

/** What came of it. */
export interface Findings {
	answers: Answer[];
	record: LiveRecord;
}

const leftOut = (question: Question, saw: string): Answer => ({
	question,
	verdict: 'left out',
	reading: null,
	saw,
});

async function answerTo(question: Question, fal: LiveFal): Promise<Answer> {
	try {
		return answerOf(question, await question.ask(fal));
	} catch (error) {
		fal.signal.throwIfAborted();
		const saw = error instanceof Error ? error.message : String(error);
		return { question, verdict: 'failed', reading: null, saw };
	}
}

const ABOVE_LIMIT = "could cost more than the limit at today's prices, or fal does not name them";

const MARKS: Record<Answer['verdict'], string> = {
	agrees: '✓',
	differs: '✗',
	unknown: '✗',
	'not seen': '–',
	failed: '✗',
	'left out': '–',
};

const line = ({ question, verdict, reading, saw }: Answer) =>
	`  ${MARKS[verdict]} ${question.id.padEnd(18)} ${[reading ?? verdict, saw].join(': ')}`;

/**
 * Prints what it will do, asks whether it may, and asks fal. Nothing is sent before that.
 *
 * @returns undefined when it may not
 */
export async function askFal(inquiry: Inquiry): Promise<Findings | undefined> {
	const { target, questions, limit, print, signal } = inquiry;
	const mask = maskFor(target.apiKey);
	const plan = planOf(questions, limit, target);
	print(planText(plan, target));
	if (!(await inquiry.confirm())) return undefined;
	const wire = await Wire.open(target.hosts);
	try {
		const fal = new LiveFal(target, await inquiry.engine(), wire, signal);
		const answers = plan.leftOut.map(({ question, reason }) => leftOut(question, reason));
		const isAboveLimit = (await mostToday(fal, plan.jobs))?.lte(limit) !== true;
		for (const question of plan.asked) {
			const isBarred = isAboveLimit && question.needs.length > 0;
			const answer = isBarred ? leftOut(question, ABOVE_LIMIT) : await answerTo(question, fal);
			answers.push(answer);
			print(String(mask(line(answer))));
		}
		return { answers, record: await recordOf(target.name, answers, wire.exchanges, mask) };
	} finally {
		await wire.close();
	}
}
