import type { JobId } from '../jobs.mts';
import { jsonOf, shown, type LiveFal } from '../liveFal.mts';
import { works, type Observation, type Question } from '../question.mts';
import type { Exchange } from '../wire.mts';

/** A request that was cancelled, as far as that came about. */
interface Cancelled {
	/** Where it was just before. */
	before: string;
	cancel: Exchange;
	/** Where it ended; the code of the status call too. */
	after: string;
	afterCode: number;
	/** The result, once it is over. */
	result: Exchange | undefined;
}

/** Submits a job and cancels it as soon as it is where it shall be. */
async function cancelled(fal: LiveFal, job: JobId, wanted: string): Promise<Cancelled> {
	return await fal.once(job, async () => {
		const requestId = await fal.submit(job);
		const isThere = (status: string) => status === wanted || status !== 'IN_QUEUE';
		const before = await fal.untilStatus(requestId, isThere);
		await fal.request('cancel', requestId);
		const cancel = fal.last('queue', `/requests/${requestId}/cancel`, 'PUT');
		const after = await fal.untilStatus(requestId, (status) => !/^IN_/.test(status));
		const { status: afterCode } = fal.last('queue', `/requests/${requestId}/status`);
		const path = new URL(cancel.path, 'http://fal').pathname.replace(/\/cancel$/, '');
		const result = afterCode === 404 ? undefined : await fal.ask('queue', path);
		return { before, cancel, after, afterCode, result };
	});
}

/** Nothing can be said of a cancel that came when the request was elsewhere. */
const tooLate = (before: string): Observation => ({
	reading: null,
	saw: `it was ${before} when it was cancelled`,
});

async function askAnswer(fal: LiveFal, job: JobId, wanted: string): Promise<Observation> {
	const { before, cancel } = await cancelled(fal, job, wanted);
	if (before !== wanted) return tooLate(before);
	return { reading: String(cancel.status), saw: shown(cancel) };
}

async function askQueued(fal: LiveFal): Promise<Observation> {
	const { before, after, afterCode, result } = await cancelled(fal, 'cancelQueued', 'IN_QUEUE');
	if (before !== 'IN_QUEUE') return tooLate(before);
	if (afterCode === 404) return { reading: 'gone', saw: 'its status is 404' };
	const saw = `${after}, its result is ${result?.status}`;
	if (result?.status === 200) return { reading: 'finishes', saw };
	return { reading: after === 'COMPLETED' ? 'completed' : after, saw };
}

async function askRunning(fal: LiveFal): Promise<Observation> {
	const { before, afterCode, result } = await cancelled(fal, 'cancelRunning', 'IN_PROGRESS');
	if (before !== 'IN_PROGRESS') return tooLate(before);
	if (afterCode === 404) return { reading: 'gone', saw: 'its status is 404' };
	const units = result?.headers['x-fal-billable-units'] ?? 'no';
	const saw = `its result is ${result?.status}, with ${String(units)} billable units`;
	return { reading: result?.status === 200 ? 'finishes' : 'ends', saw };
}

const ANSWERS = [
	works('202', '202 with `CANCELLATION_REQUESTED`.'),
	works('200', '200, as in the schema.'),
];

/** What cancels come to. */
export const cancelQuestions: Question[] = [
	{
		id: 'cancel-queued',
		asks: 'What does the cancel of a request that waits get?',
		readings: ANSWERS,
		needs: ['cancelQueued'],
		ask: async (fal) => await askAnswer(fal, 'cancelQueued', 'IN_QUEUE'),
	},
	{
		id: 'cancelled-queued',
		asks: 'What becomes of a request that was cancelled while it waited?',
		readings: [
			works('completed', 'It is COMPLETED, with an error.'),
			works('gone', 'It is unknown from then on.'),
			works('finishes', 'It is made and billed all the same.'),
		],
		needs: ['cancelQueued'],
		ask: askQueued,
	},
	{
		id: 'cancel-running',
		asks: 'What does the cancel of a request that runs get?',
		readings: ANSWERS,
		needs: ['cancelRunning'],
		ask: async (fal) => await askAnswer(fal, 'cancelRunning', 'IN_PROGRESS'),
	},
	{
		id: 'cancelled-running',
		asks: 'What becomes of a request that was cancelled while it ran?',
		readings: [
			works('ends', 'It ends with an error.'),
			works('finishes', 'It is made and billed all the same.'),
			works('gone', 'It is unknown from then on.'),
		],
		needs: ['cancelRunning'],
		ask: askRunning,
	},
	{
		id: 'cancel-done',
		asks: 'What does the cancel of a request that is done get?',
		readings: [
			works('400 ALREADY_COMPLETED', 'The node says that it came too late.'),
			works('404 NOT_FOUND', 'The node says that there is no such request.'),
		],
		needs: ['plain'],
		async ask(fal) {
			const { requestId } = await fal.plain();
			await fal.request('cancel', requestId);
			const cancel = fal.last('queue', `/requests/${requestId}/cancel`, 'PUT');
			const { status, detail } = jsonOf(cancel);
			const reading = `${cancel.status} ${String(status ?? detail)}`;
			return { reading, saw: shown(cancel) };
		},
	},
];
