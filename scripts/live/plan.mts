import Big from 'big.js';
import { JOBS, mostOf, type Job, type JobId } from './jobs.mts';
import type { Question } from './question.mts';
import type { Target } from './target.mts';

/** What is asked, and what not. */
export interface Plan {
	asked: readonly Question[];
	leftOut: ReadonlyArray<{ question: Question; reason: string }>;
	/** The videos that are submitted. */
	jobs: readonly JobId[];
	/** The most that they can cost, in US dollars. */
	most: Big;
}

const NO_LORA = 'needs a LoRA: name one with --lora';
const NO_WEBHOOK = 'needs an address that fal can call: name one with --webhook';

/** What a question needs that the target does not have. */
function missing({ needs }: Question, { lora, webhook }: Target): string | undefined {
	const jobs = needs.map((id): Job => JOBS[id]);
	if (lora === undefined && jobs.some(({ takesLora }) => takesLora)) return NO_LORA;
	if (webhook === undefined && jobs.some(({ takesWebhook }) => takesWebhook)) return NO_WEBHOOK;
	return undefined;
}

/** As many of the questions, in their order, as the limit allows. A video that several need is made once. */
export function planOf(questions: readonly Question[], limit: Big, target: Target): Plan {
	const asked: Question[] = [];
	const leftOut: Array<{ question: Question; reason: string }> = [];
	const jobs = new Set<JobId>();
	let most = new Big(0);
	for (const question of questions) {
		const more = question.needs.filter((id) => !jobs.has(id));
		const cost = more.reduce((total, id) => total.plus(mostOf(id)), new Big(0));
		const lacks = missing(question, target);
		if (lacks !== undefined) leftOut.push({ question, reason: lacks });
		else if (most.plus(cost).gt(limit)) {
			const reason = `could cost ${cost.toFixed()} USD more, which is above the limit`;
			leftOut.push({ question, reason });
		} else {
			asked.push(question);
			for (const id of more) jobs.add(id);
			most = most.plus(cost);
		}
	}
	return { asked, leftOut, jobs: [...jobs], most };
}

/** What a person reads before anything is sent. */
export function planText({ asked, leftOut, jobs, most }: Plan, target: Target): string {
	const videos = jobs.map((id) => `  ${mostOf(id).toFixed()} USD  ${JOBS[id].about}`);
	const left = leftOut.map(({ question, reason }) => `  ${question.id}: ${reason}`);
	return [
		`${asked.length} questions for ${target.name}, with ${jobs.length} videos of nine frames.`,
		...(videos.length > 0 ? ['', 'The videos, and the most that each can cost:', ...videos] : []),
		'',
		target.isLocal
			? `At fal.ai this would cost at most ${most.toFixed()} USD; the local fal costs nothing.`
			: `All of it costs at most ${most.toFixed()} USD, by the published prices.`,
		...(left.length > 0 ? ['', 'Left out:', ...left] : []),
	].join('\n');
}
