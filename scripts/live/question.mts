import type { JobId } from './jobs.mts';
import type { LiveFal } from './liveFal.mts';

/** One way in which fal may behave. */
export interface Reading {
	id: string;
	/** A sentence: what it means. */
	means: string;
	/** False where the node, or its documents, count on another one. */
	agrees: boolean;
}

/** What was seen of fal. */
export interface Observation {
	/** The reading that it is; the name of one that is not known; null where nothing could be seen. */
	reading: string | null;
	/** What was seen, in a few words. */
	saw: string;
}

/** Something that fal's documentation leaves open, or that the node counts on. */
export interface Question {
	id: string;
	/** As a question. */
	asks: string;
	readings: readonly Reading[];
	/** The videos that have to be submitted for it. */
	needs: readonly JobId[];
	ask(fal: LiveFal): Promise<Observation>;
}

/** A reading that the node works with. */
export const works = (id: string, means: string): Reading => ({ id, means, agrees: true });

/** A reading that we know of, and that the node does not count on. */
export const differs = (id: string, means: string): Reading => ({ id, means, agrees: false });

/** How an answer is to be taken. */
export type Verdict = 'agrees' | 'differs' | 'unknown' | 'not seen' | 'failed' | 'left out';

/** What came of a question. */
export interface Answer {
	question: Question;
	verdict: Verdict;
	reading: string | null;
	saw: string;
}

/** Those that say that something has to be done. */
export const DEVIATIONS: readonly Verdict[] = ['differs', 'unknown', 'failed'];

export const isDeviation = ({ verdict }: Answer): boolean => DEVIATIONS.includes(verdict);

/** Compares what was seen with what we know. */
export function answerOf(question: Question, { reading, saw }: Observation): Answer {
	const known = question.readings.find(({ id }) => id === reading);
	if (reading === null) return { question, verdict: 'not seen', reading, saw };
	if (!known) return { question, verdict: 'unknown', reading, saw };
	return { question, verdict: known.agrees ? 'agrees' : 'differs', reading, saw };
}
