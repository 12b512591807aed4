import { FalLtxApi } from '../../../credentials/FalLtxApi.credentials.ts';
import { endpoints } from '../../../nodes/FalLtxVideo/endpoints/index.ts';
import { jsonOf, shown, type LiveFal } from '../liveFal.mts';
import { differs, works, type Observation, type Question } from '../question.mts';

interface NamedPrice {
	endpoint_id?: unknown;
	unit_price?: unknown;
	unit?: unknown;
	currency?: unknown;
}

const pricesIn = (exchange: { body: string }) =>
	(jsonOf(exchange)['prices'] ?? []) as readonly NamedPrice[];

/** The request that n8n tests the credential with. */
async function testCredential(fal: LiveFal, apiKey: string) {
	const { url = '', qs } = new FalLtxApi().test.request;
	return await fal.ask('platform', url, { qs }, apiKey);
}

async function askPrices(fal: LiveFal): Promise<Observation> {
	const others: string[] = [];
	for (const { id, price } of endpoints) {
		const exchange = await fal.ask('platform', `/models/pricing?endpoint_id=${id}`);
		const found = pricesIn(exchange).find(({ endpoint_id }) => endpoint_id === id);
		const isPublished =
			String(found?.unit_price) === price.unitPrice &&
			String(found?.unit).startsWith('megapixel') &&
			found?.currency === price.currency;
		if (isPublished) continue;
		const what = found ? `${String(found.unit_price)} per ${String(found.unit)}` : shown(exchange);
		others.push(`${id}: ${what}`);
	}
	const saw = others.length === 0 ? `${endpoints.length} endpoints` : others.join('; ');
	return { reading: others.length === 0 ? 'as published' : 'others', saw };
}

async function askTogether(fal: LiveFal): Promise<Observation> {
	await fal.run({ resource: 'video', operation: 'estimateCost', priceSource: 'live' });
	const exchange = fal.last('platform', '/models/pricing');
	const asked = new URL(exchange.path, 'http://fal').searchParams.getAll('endpoint_id').length;
	const found = pricesIn(exchange).length;
	const saw = `${exchange.status}, ${found} prices for ${asked} endpoints`;
	if (exchange.status !== 200) return { reading: 'refused', saw: shown(exchange) };
	return { reading: found === asked ? 'all' : 'some', saw };
}

/** What costs nothing: the key, and what videos cost. */
export const accountQuestions: Question[] = [
	{
		id: 'key-good',
		asks: "What does the credential's test get with a good key?",
		readings: [works('200', 'The test passes.'), differs('401', 'The key is not known.')],
		needs: [],
		async ask(fal) {
			const exchange = await testCredential(fal, fal.target.apiKey);
			return { reading: String(exchange.status), saw: shown(exchange) };
		},
	},
	{
		id: 'key-bad',
		asks: "What does the credential's test get with a key that does not exist?",
		readings: [
			works('401', 'The test fails and says that fal does not know the key.'),
			differs('403', 'The test fails with the words of n8n.'),
			differs('200', 'The test passes with any key.'),
		],
		needs: [],
		async ask(fal) {
			const exchange = await testCredential(fal, 'there-is-no:such-key');
			return { reading: String(exchange.status), saw: shown(exchange) };
		},
	},
	{
		id: 'prices',
		asks: 'What does each of the endpoints cost?',
		readings: [
			works('as published', "As on the endpoints' pages: estimates are right."),
			differs('others', 'Otherwise: estimates with the published price are wrong.'),
		],
		needs: [],
		ask: askPrices,
	},
	{
		id: 'prices-together',
		asks: 'Does one call name the prices of several endpoints?',
		readings: [
			works('all', 'Each endpoint that is asked for has its price.'),
			differs('some', 'Only some have: Price Source Live misses the others.'),
			differs('refused', 'Price Source Live does not work.'),
		],
		needs: [],
		ask: askTogether,
	},
];
