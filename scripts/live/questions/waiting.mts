import { APPLICATION } from '../../../nodes/FalLtxVideo/endpoints/ids.ts';
import { itemOf, jsonOf, shown, type LiveFal } from '../liveFal.mts';
import { differs, works, type Observation, type Question } from '../question.mts';

/** How long a stream may say nothing before the node polls at the same time. */
const AT_ONCE_MS = 3_000;

/** fal's comments come this often, by its documentation. */
const COMMENT_MS = 15_000;

const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';

/** The status stream of the video with a LoRA, which the node followed. */
async function streamOf(fal: LiveFal) {
	const outcome = await fal.once('lora', async () => await fal.generate('lora'));
	return fal.last('queue', `${String(itemOf(outcome)['request_id'])}/status/stream`);
}

async function askWaitingStatus(fal: LiveFal): Promise<Observation> {
	const { statuses } = await fal.plain();
	const open = statuses.filter(({ status }) => /^IN_/.test(status));
	const codes = [...new Set(open.map(({ exchange }) => exchange.status))];
	const saw = statuses.map(({ status, exchange }) => `${exchange.status} ${status}`);
	const short = [...new Set(saw)].join(', ');
	return { reading: codes.length === 0 ? null : codes.join(' and '), saw: short };
}

async function askFirstEvent(fal: LiveFal): Promise<Observation> {
	const { status, at, pieces, body } = await streamOf(fal);
	if (status !== 200) return { reading: 'refused', saw: `${status} ${body.slice(0, 100)}` };
	const first = pieces.find(({ text }) => text.includes('data:'));
	if (!first) return { reading: 'silent', saw: 'no event' };
	const afterMs = first.at - at;
	const saw = `${/"status"\s*:\s*"(\w+)"/.exec(first.text)?.[1] ?? 'an event'} after ${Math.round(afterMs)} ms`;
	return { reading: afterMs < AT_ONCE_MS ? 'at once' : 'later', saw };
}

async function askPings(fal: LiveFal): Promise<Observation> {
	const { at, pieces } = await streamOf(fal);
	const comment = pieces.find(({ text }) => /^:/m.test(text));
	const lastAt = pieces.at(-1)?.at ?? at;
	const openMs = lastAt - at;
	if (comment) {
		const before = pieces[pieces.indexOf(comment) - 1]?.at ?? at;
		const seconds = Math.round((comment.at - before) / 100) / 10;
		return { reading: 'comments', saw: `${comment.text.trim()} after ${seconds} s` };
	}
	const saw = `the stream was open for ${Math.round(openMs / 1000)} s`;
	return { reading: openMs > 1.5 * COMMENT_MS ? 'silence' : null, saw };
}

/** What a request that has to wait says. */
export const waitingQuestions: Question[] = [
	{
		id: 'waiting-status',
		asks: 'Which status code has the status of a request that waits or runs?',
		readings: [
			works('202', 'As the newer documents say.'),
			works('200', 'As the older documents say.'),
		],
		needs: ['plain'],
		ask: askWaitingStatus,
	},
	{
		id: 'stream-first',
		asks: 'Does the status stream begin with the present status?',
		readings: [
			works('at once', 'The node follows the stream.'),
			works('later', 'The node polls at the same time.'),
			works('silent', 'The node polls at the same time.'),
			works('refused', 'The node polls.'),
		],
		needs: ['lora'],
		ask: askFirstEvent,
	},
	{
		id: 'stream-comments',
		asks: 'Do comments keep a status stream alive that has nothing to say?',
		readings: [
			works('comments', 'They do.'),
			works('silence', 'The node takes the stream for dead after a while and polls.'),
		],
		needs: ['lora'],
		ask: askPings,
	},
	{
		id: 'early-result',
		asks: 'What does a result call get that comes too early?',
		readings: [
			works('400', '400, and the text says that the request is still in progress.'),
			works('404', '404, with the same text.'),
			works('202', '202, with the same text.'),
			works('200', '200, with the same text.'),
		],
		needs: ['plain'],
		async ask(fal) {
			const { early } = await fal.plain();
			const isEarly = /still in progress/i.test(String(jsonOf(early)['detail']));
			if ('video' in jsonOf(early)) return { reading: null, saw: 'the video was already there' };
			return { reading: isEarly ? String(early.status) : 'another text', saw: shown(early) };
		},
	},
	{
		id: 'unknown-result',
		asks: 'What does a result call with an unknown request ID get?',
		readings: [
			works('404', '404, in words that the node knows as fal’s own.'),
			differs('404 other', "404 in other words, which the node takes for a gateway's."),
		],
		needs: [],
		async ask(fal) {
			const exchange = await fal.ask('queue', `/${APPLICATION}/requests/${UNKNOWN_ID}`);
			const { detail, status } = jsonOf(exchange);
			const isKnown = /^(not_found|request not found)$/i.test(String(detail ?? status));
			const reading = `${exchange.status}${isKnown ? '' : ' other'}`;
			return { reading, saw: shown(exchange) };
		},
	},
	{
		id: 'unknown-status',
		asks: 'What does a status call with an unknown request ID get?',
		readings: [
			works('404', '404, in words that the node knows as fal’s own.'),
			differs('404 other', "404 in other words, which the node takes for a gateway's."),
		],
		needs: [],
		async ask(fal) {
			const exchange = await fal.ask('queue', `/${APPLICATION}/requests/${UNKNOWN_ID}/status`);
			const { detail, status } = jsonOf(exchange);
			const isKnown = /^(not_found|request not found)$/i.test(String(detail ?? status));
			const reading = `${exchange.status}${isKnown ? '' : ' other'}`;
			return { reading, saw: shown(exchange) };
		},
	},
];
