import { Readable } from 'node:stream';
import { currentPrices } from '../../../nodes/FalLtxVideo/cost/currentPrice';
import { endpoints } from '../../../nodes/FalLtxVideo/endpoints';
import type { FalConnection } from '../../../nodes/FalLtxVideo/fal/connection';
import { FAL_HOSTS } from '../../../nodes/FalLtxVideo/fal/hosts';
import type { HttpCall, HttpResponse } from '../../../nodes/FalLtxVideo/fal/http/n8nHttp';

/* Today's prices of several endpoints, out of one answer of fal's. */

const [one, other, third] = endpoints as Required<typeof endpoints>;
const asked = [one!, other!];

const named = (id: string, changes: object = {}) => ({
	...{ endpoint_id: id, unit_price: 0.002, unit: 'megapixels', currency: 'USD' },
	...changes,
});

/** A fal that answers with these prices, and takes the calls down. */
function fal(prices: object[]) {
	const urls: string[] = [];
	const answer = async (call: HttpCall): Promise<HttpResponse> => {
		urls.push(call.url);
		const body = Readable.from([Buffer.from(JSON.stringify({ prices }))]);
		const close = () => void body.destroy();
		return await Promise.resolve({ status: 200, headers: {}, body, close });
	};
	const http = { withKey: answer, withoutKey: answer };
	const connect = async () =>
		await Promise.resolve({ http, hosts: FAL_HOSTS } as unknown as FalConnection);
	return { urls, connect };
}

const live = async (prices: object[]) => await currentPrices('live', asked, fal(prices).connect);

test('the published ones make no call, and there is one of each endpoint', async () => {
	const connect = () => Promise.reject(new Error('not to be called'));
	const prices = await currentPrices('published', asked, connect);
	for (const endpoint of endpoints) expect(prices.of(endpoint)).toBe(endpoint.price);
	expect(prices.source).toBe('published');
});

test('the live ones are asked for in one call', async () => {
	const { urls, connect } = fal([named(other!.id, { unit_price: 0.003 }), named(one!.id)]);
	const prices = await currentPrices('live', asked, connect);
	expect(urls).toHaveLength(1);
	const { searchParams, pathname } = new URL(urls[0]!);
	expect(pathname).toMatch(/\/models\/pricing$/);
	expect(searchParams.getAll('endpoint_id')).toEqual([one!.id, other!.id]);
	expect(prices.of(one!)).toEqual({ ...one!.price, unitPrice: '0.002' });
	expect(prices.of(other!)).toEqual({ ...other!.price, unitPrice: '0.003' });
	expect(prices.source).toBe('live');
});

test('an endpoint that fal names no price for fails alone, by its name', async () => {
	const prices = await live([named(one!.id)]);
	expect(prices.of(one!).unitPrice).toBe('0.002');
	expect(() => prices.of(other!)).toThrow(`fal named no price for ${other!.id}`);
	expect(() => prices.of(third!)).toThrow(`fal named no price for ${third!.id}`);
});

test('none at all is a failure', async () => {
	await expect(live([])).rejects.toThrow(`fal named no price for ${one!.id}`);
	await expect(live([named('fal-ai/other')])).rejects.toThrow('fal named no price for');
});

test('currencies that differ can not be added up', async () => {
	const mixed = [named(one!.id), named(other!.id, { currency: 'EUR' })];
	await expect(live(mixed)).rejects.toThrow(
		"fal named prices in USD and EUR, which can't be added up",
	);
});

test('one currency may be another than US dollars', async () => {
	const prices = await live(asked.map(({ id }) => named(id, { currency: 'EUR' })));
	expect(prices.of(other!).currency).toBe('EUR');
});

test('a currency of an endpoint that was not asked for is no matter', async () => {
	const prices = await live([named(one!.id), named('fal-ai/other', { currency: 'EUR' })]);
	expect(prices.of(one!).currency).toBe('USD');
});

test.each([
	[{ unit: 'seconds' }, 'fal now charges per seconds, not per megapixels'],
	[{ unit_price: 0 }, 'fal named a price of 0'],
	[{ unit_price: 101 }, 'fal named a price of 101'],
	[{ unit_price: -1 }, 'fal named a price of -1'],
])('a price with %j is no price', async (changes, message) => {
	await expect(live([named(one!.id), named(other!.id, changes)])).rejects.toThrow(message);
});

test.each(['Megapixel', ' megapixels '])('the unit %j is the same', async (unit) => {
	const prices = await live(asked.map(({ id }) => named(id, { unit })));
	expect(prices.of(one!).unit).toBe('megapixels');
});
