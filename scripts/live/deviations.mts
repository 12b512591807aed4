import type { Findings } from './ask.mts';
import { isDeviation } from './question.mts';
import { changesSince, type LiveRecord } from './record.mts';

/**
 * What somebody has to look at, a line for each: readings that are wrong or not known, questions that
 * could not be asked, and answers that are other ones than last time. Nothing secret is in it.
 */
export function deviationsIn({ answers, record }: Findings, before?: LiveRecord): string[] {
	const deviations = answers.filter(isDeviation).map(({ question: { id } }) => {
		const { verdict, reading, saw } = record.answers[id]!;
		return `${id}: ${[verdict, reading, saw].filter(Boolean).join(', ')}`;
	});
	const changes = changesSince(before, record).map((id) => {
		const [earlier, now] = [before, record].map((one) => one?.answers[id]?.reading);
		return `${id}: was ${earlier}, is ${now}`;
	});
	return [...deviations, ...changes];
}
