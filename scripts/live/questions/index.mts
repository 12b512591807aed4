import type { Question } from '../question.mts';
import { accountQuestions } from './account.mts';
import { cancelQuestions } from './cancel.mts';
import { fileQuestions } from './files.mts';
import { listQuestions, resultQuestions } from './result.mts';
import { submitQuestions } from './submit.mts';
import { waitingQuestions } from './waiting.mts';
import { webhookQuestions } from './webhook.mts';

/** All questions, in the order in which they are asked. */
export const QUESTIONS: readonly Question[] = [
	...accountQuestions,
	...waitingQuestions,
	...submitQuestions,
	...resultQuestions,
	...listQuestions,
	...cancelQuestions,
	...fileQuestions,
	...webhookQuestions,
];
