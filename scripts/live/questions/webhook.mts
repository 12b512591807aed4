import { performance } from 'node:perf_hooks';
import { jsonOf, type LiveFal } from '../liveFal.mts';
import { differs, works, type Observation, type Question } from '../question.mts';
import type { Delivery } from '../webhookReceiver.mts';

/** Submits the job with the webhook, and gives what came of it by now. */
async function deliveries(fal: LiveFal, count: number): Promise<Delivery[]> {
	const { webhook } = fal.target;
	if (!webhook) throw new Error('there is no webhook');
	const requestId = await fal.once('webhook', async () => {
		const id = await fal.submit('webhook', {}, { webhookUrl: webhook.url });
		await fal.untilStatus(id, (now) => !/^IN_/.test(now));
		return id;
	});
	const deadline = performance.now() + fal.target.webhookWithinMs;
	while (webhook.receiver.about(requestId).length < count && performance.now() < deadline)
		await fal.nap();
	return webhook.receiver.about(requestId);
}

const NOTHING: Observation = { reading: null, saw: 'nothing arrived: does the address lead here?' };

/** Hands the first call to the node's trigger, as n8n would. */
async function askSignature(fal: LiveFal): Promise<Observation> {
	const [first] = await deliveries(fal, 1);
	if (!first) return NOTHING;
	const { status, message, started } = await fal.engine.webhook({
		...{ nodeId: 'trigger', credential: fal.credential },
		...{ headers: first.headers, body: first.body },
	});
	const fields = Object.keys(jsonOf(first)).join(', ');
	const saw = `${status} ${message}, for a body with ${fields}`;
	const isTaken = status === 200 && started !== undefined;
	return { reading: isTaken ? 'taken' : 'refused', saw };
}

async function askRepeats(fal: LiveFal): Promise<Observation> {
	const [first, second] = await deliveries(fal, 2);
	if (!first) return NOTHING;
	if (!second) return { reading: 'once', saw: 'nothing more after a 500' };
	return { reading: 'again', saw: `${((second.at - first.at) / 1000).toFixed(1)} s after a 500` };
}

/** What fal calls by itself. */
export const webhookQuestions: Question[] = [
	{
		id: 'webhook-signature',
		asks: "Does the trigger take fal's webhook for one that fal has signed?",
		readings: [
			works('taken', 'The workflow starts with the video.'),
			differs('refused', 'The signature, its keys or its headers are others.'),
		],
		needs: ['webhook'],
		ask: askSignature,
	},
	{
		id: 'webhook-repeats',
		asks: 'Does fal call a webhook again that answered 500?',
		readings: [
			works('again', 'It does.'),
			differs('once', 'It does not, or much later: what was missed has to be collected.'),
		],
		needs: ['webhook'],
		ask: askRepeats,
	},
];
