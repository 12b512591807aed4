import type { Emulator, Price } from '../../emulator/index.mts';
import { validate } from '../../emulator/validation.mts';
import { FAMILY, familyEndpoints, limitsOf, type Known } from './family.mts';
import { createFal, withFal, withReceiver } from './support.mts';

const ENDPOINTS = familyEndpoints();

/** The faults of an input, as `field type`. */
function faultsOf(endpoint: string, input: object): string[] {
	const checked = validate(JSON.stringify(input), endpoint);
	if (!('errors' in checked)) return [];
	return checked.errors.map(({ loc, type }) => `${loc.slice(1).join('.')} ${type}`);
}

const required = ({ inputs }: Known) =>
	Object.fromEntries(
		Object.entries(inputs).flatMap(([name, { needed }]) => (needed ? [[name, needed]] : [])),
	);

test('are 22', () => {
	expect(ENDPOINTS).toHaveLength(22);
	expect(new Set(ENDPOINTS.map(({ id }) => id)).size).toBe(22);
});

describe.each(ENDPOINTS)('$id', (endpoint) => {
	const { id, inputs } = endpoint;
	const good = required(endpoint);

	test('wants what it needs and fills in the rest', () => {
		expect(faultsOf(id, {}).sort()).toEqual(
			Object.keys(good)
				.map((name) => `${name} missing`)
				.sort(),
		);
		const defaults = Object.entries(inputs).map(([name, { value }]) => [name, value]);
		expect(validate(JSON.stringify(good), id)).toEqual({
			input: { ...Object.fromEntries(defaults), ...good },
		});
	});

	test('holds the limits of each input', () => {
		for (const [name, known] of Object.entries(inputs)) {
			const { taken, refused } = limitsOf(known);
			for (const value of taken)
				expect([name, value, faultsOf(id, { ...good, [name]: value })]).toEqual([name, value, []]);
			for (const [value, type] of refused)
				expect([name, value, faultsOf(id, { ...good, [name]: value })]).toEqual([
					...[name, value],
					[`${name} ${type}`],
				]);
		}
	});

	test('ignores what only others have', () => {
		const foreign = Object.keys(FAMILY).filter((name) => !(name in inputs));
		expect(foreign.length).toBeGreaterThan(0);
		const strange = Object.fromEntries(foreign.map((name) => [name, { wrong: true }]));
		const checked = validate(JSON.stringify({ ...strange, ...good }), id);
		expect(checked).toHaveProperty('input');
		for (const name of foreign) expect(checked).not.toHaveProperty(`input.${name}`);
	});

	const isText = id.includes('text-to-video');
	test(`${isText ? 'has no' : 'has an'} automatic size`, () => {
		const found = faultsOf(id, { ...good, video_size: 'auto' });
		expect(found).toHaveLength(isText ? 2 : 0);
		expect(faultsOf(id, { ...good, video_size: { width: 0 } })[0]).toBe(
			'video_size.ImageSize.width greater_than',
		);
		expect(faultsOf(id, { ...good, video_size: 'square' })).toEqual([]);
	});
});

describe('at their hosts', () => {
	let fal: Awaited<ReturnType<typeof createFal>>;
	beforeAll(async () => (fal = await createFal({ preparedBytes: 64 })));
	afterAll(() => fal.close());

	const listed = async ({ hosts }: Emulator, query: string) => {
		const response = await fal.get(`${hosts.platform}/models/requests/by-endpoint?${query}`);
		return { status: response.status, body: (await response.json()) as { items: unknown[] } };
	};

	test.each(ENDPOINTS)(
		'$id takes a request, names it in its own list and has its price',
		async (endpoint) => {
			const { id } = endpoint;
			const { request_id, ...urls } = await fal.submit(required(endpoint), { endpoint: id });
			const address = `${fal.hosts.queue}/fal-ai/ltx-2.3-22b/requests/${request_id}`;
			expect(urls).toMatchObject({ response_url: address, cancel_url: `${address}/cancel` });
			expect(fal.requests.at(-1)).toMatchObject({ request_id, endpointId: id });
			const { body } = await listed(fal, `endpoint_id=${id}`);
			expect(body.items).toEqual([expect.objectContaining({ request_id, endpoint_id: id })]);
			const prices = await fal.get(`${fal.hosts.platform}/models/pricing?endpoint_id=${id}`);
			expect(await prices.json()).toMatchObject({
				prices: [{ endpoint_id: id, unit_price: endpoint.price }],
			});
		},
	);

	test.each(['image-to-video', 'audio-to-video/lora', 'extend-video'])(
		'scripts, lost submits and webhooks are the same for %s',
		(task) =>
			withReceiver(
				(response) => response.end(),
				async (hook, received) => {
					const id = `fal-ai/ltx-2.3-22b/${task}`;
					fal.script(task, {
						submit: [{ kind: 'status', status: 502, html: '<h1>Bad Gateway</h1>', accepted: true }],
						result: [{ kind: 'status', status: 500 }],
						output: { seed: 7 },
					});
					const input = { ...required(ENDPOINTS.find((one) => one.id === id)!), prompt: task };
					const how = { endpoint: id, query: `?fal_webhook=${encodeURIComponent(hook)}` };
					expect((await fal.post(input, how)).status).toBe(502);
					const { request_id } = fal.requests.at(-1)!;
					const [webhook] = await received(1);
					expect(JSON.parse(webhook!.body)).toMatchObject({ request_id, payload: { seed: 7 } });
					const result = `${fal.hosts.queue}/fal-ai/ltx-2.3-22b/requests/${request_id}`;
					expect((await fal.get(result)).status).toBe(500);
					expect((await fal.get(result)).status).toBe(200);
				},
			),
	);

	test('no other path takes one', async () => {
		for (const id of [
			'fal-ai/ltx-2.3-22b',
			'fal-ai/ltx-2.3-22b/distilled/extend-video',
			'fal-ai/ltx-2.3-22b/text-to-video/lora/',
			'fal-ai/ltx-2.3-22b/lora/text-to-video',
			'fal-ai/other/text-to-video',
		]) {
			const response = await fal.post({ prompt: 'fox' }, { endpoint: id });
			expect([id, response.status]).toEqual([id, 404]);
		}
	});

	test('the list is of one endpoint', async () => {
		const [one, other] = ENDPOINTS;
		const query = `endpoint_id=${one!.id}&endpoint_id=${other!.id}`;
		expect(await listed(fal, query)).toMatchObject({ status: 400 });
		expect(await listed(fal, `endpoint_id=${one!.id},${other!.id}`)).toMatchObject({
			...{ status: 200, body: { items: [] } },
		});
		expect(await listed(fal, '')).toMatchObject({ status: 400 });
	});

	test('prices of several are asked at once', async () => {
		const ids = ENDPOINTS.slice(0, 3).map(({ id }) => id);
		const query = `endpoint_id=${ids[2]},fal-ai/other&endpoint_id=${ids[0]}`;
		const response = await fal.get(`${fal.hosts.platform}/models/pricing?${query}`);
		const { prices } = (await response.json()) as { prices: Array<{ endpoint_id: string }> };
		expect(prices.map(({ endpoint_id }) => endpoint_id)).toEqual([ids[2], ids[0]]);
	});
});

test('a price can be set for all endpoints, and for one', async () => {
	const of = (unit_price: number): Price => ({ unit_price, unit: 'megapixels', currency: 'USD' });
	const [one, other] = ENDPOINTS.map(({ id }) => id);
	await withFal(
		async (fal) => {
			const query = `endpoint_id=${one},${other}`;
			const response = await fal.get(`${fal.hosts.platform}/models/pricing?${query}`);
			expect(await response.json()).toMatchObject({
				prices: [{ unit_price: 3 }, { unit_price: 2 }],
			});
		},
		{ price: of(2), prices: { [one!]: of(3) } },
	);
	await expect(createFal({ prices: { 'fal-ai/other': of(1) } })).rejects.toThrow('fal-ai/other');
});
