import { TINY, withFal, type Fal } from './support.mts';

const ENDPOINT = 'fal-ai/ltx-2.3-22b/distilled/text-to-video/lora';

interface Item {
	request_id: string;
	status_code: number | null;
	ended_at: string | null;
	json_input?: unknown;
	json_output?: unknown;
}

interface Page {
	items: Item[];
	next_cursor: string | null;
	has_more: boolean;
}

const pricing = (fal: Fal, endpoint = ENDPOINT) =>
	fal.get(`${fal.hosts.platform}/models/pricing?endpoint_id=${encodeURIComponent(endpoint)}`);

async function list(fal: Fal, query: Record<string, string> = {}): Promise<Page> {
	const asked = new URLSearchParams({ endpoint_id: ENDPOINT, ...query });
	const response = await fal.get(`${fal.hosts.platform}/models/requests/by-endpoint?${asked}`);
	expect(response.status).toBe(200);
	return (await response.json()) as Page;
}

describe('pricing', () => {
	test('gives the published price, or the one that was asked for', async () => {
		await withFal(async (fal) => {
			expect(fal.hosts.platform).toMatch(/\/v1$/);
			expect(await (await pricing(fal)).json()).toEqual({
				prices: [
					{ endpoint_id: ENDPOINT, unit_price: 0.001405, unit: 'megapixels', currency: 'USD' },
				],
				...{ next_cursor: null, has_more: false },
			});
			expect((await pricing(fal, 'fal-ai/other')).status).toBe(404);
		});
		const price = { unit_price: 0.5, unit: 'megapixels', currency: 'EUR' };
		await withFal(
			async (fal) => {
				expect(await (await pricing(fal)).json()).toMatchObject({ prices: [price] });
			},
			{ price },
		);
	});

	test('a wrong key is an error with a type', () =>
		withFal(async (fal) => {
			const response = await fetch(`${fal.hosts.platform}/models/pricing?endpoint_id=${ENDPOINT}`);
			expect(response.status).toBe(401);
			expect(await response.json()).toEqual({
				error: { type: 'authorization_error', message: expect.any(String) },
			});
		}));

	test('has its own faults, one per call', () =>
		withFal(async (fal) => {
			fal.fault('pricing', [{ kind: 'status', status: 500 }, null, { kind: 'truncatedJson' }]);
			expect((await pricing(fal)).status).toBe(500);
			expect((await pricing(fal)).status).toBe(200);
			await expect((await pricing(fal)).json()).rejects.toThrow('JSON');
			expect((await pricing(fal)).status).toBe(200);
		}));
});

describe('the list of requests', () => {
	/** One done, one refused by the model, one that runs. */
	async function three(fal: Fal): Promise<string[]> {
		fal.script('endless', { job: { runSeconds: 3600 } });
		const done = await fal.submit({ prompt: 'fox', seed: 4 });
		await fal.until(done, 'COMPLETED');
		const refused = await fal.submit({ prompt: 'fox', fps: 0 });
		await fal.until(refused, 'COMPLETED');
		const running = await fal.submit({ prompt: 'endless' });
		await fal.until(running, 'IN_PROGRESS');
		return [done, refused, running].map(({ request_id }) => request_id);
	}

	test('is sorted by their end and can be filtered', () =>
		withFal(async (fal) => {
			const ids = await three(fal);
			const ofList = async (query?: Record<string, string>) =>
				(await list(fal, query)).items.map(({ request_id }) => ids.indexOf(request_id));
			expect(await ofList()).toEqual([0, 1, 2]);
			expect(await ofList({ status: 'success' })).toEqual([0]);
			expect(await ofList({ status: 'user_error' })).toEqual([1]);
			expect(await ofList({ status: 'error' })).toEqual([]);
			expect(await ofList({ request_id: ids[1]! })).toEqual([1]);
			expect(await ofList({ start: fal.requests[1]!.submittedAt.toISOString() })).toEqual([1, 2]);
			expect(await ofList({ end: fal.requests[0]!.submittedAt.toISOString() })).toEqual([0]);
			expect(await ofList({ endpoint_id: 'fal-ai/other' })).toEqual([]);
		}));

	test('gives what is known of each', () =>
		withFal(async (fal) => {
			const ids = await three(fal);
			const [done, refused, running] = (await list(fal)).items;
			expect(done).toEqual({
				...{ request_id: ids[0], endpoint_id: ENDPOINT, status_code: 200 },
				sent_at: fal.requests[0]!.submittedAt.toISOString(),
				started_at: fal.requests[0]!.startedAt!.toISOString(),
				ended_at: fal.requests[0]!.endedAt!.toISOString(),
				duration: expect.any(Number),
			});
			expect(refused).toMatchObject({ status_code: 422 });
			expect(running).toMatchObject({ status_code: null, ended_at: null });
		}));

	test('continues where its cursor says', () =>
		withFal(async (fal) => {
			const ids = await three(fal);
			const first = await list(fal, { limit: '2' });
			expect(first.has_more).toBe(true);
			const second = await list(fal, { limit: '2', cursor: first.next_cursor! });
			expect(second).toMatchObject({ has_more: false, next_cursor: null });
			const items = [...first.items, ...second.items];
			expect(items.map(({ request_id }) => request_id)).toEqual(ids);
		}));

	test('has payloads only when asked, and never those that were not to be stored', () =>
		withFal(async (fal) => {
			const [plain] = [await fal.submit({ prompt: 'fox', seed: 4 })];
			const unstored = await fal.submit({ prompt: 'fox' }, '', { 'x-fal-store-io': '0' });
			const inline = await fal.submit({ prompt: 'fox', sync_mode: true });
			for (const request of [plain, unstored, inline]) await fal.until(request, 'COMPLETED');
			const { items } = await list(fal, { expand: 'payloads' });
			const item = (id: string) => items.find(({ request_id }) => request_id === id)!;
			expect(item(plain.request_id)).toMatchObject({
				json_input: { ...TINY, prompt: 'fox', seed: 4 },
				json_output: { seed: 4 },
			});
			expect(item(unstored.request_id)).not.toHaveProperty('json_input');
			expect(item(inline.request_id)).toHaveProperty('json_input');
			expect(item(inline.request_id)).not.toHaveProperty('json_output');
		}));

	test('read otherwise: late, without what has not ended, without payloads', async () => {
		await withFal(
			async (fal) => {
				await three(fal);
				expect((await list(fal)).items).toEqual([]);
			},
			{ variants: { listedAfterMs: 3_600_000 } },
		);
		await withFal(
			async (fal) => {
				await three(fal);
				const { items } = await list(fal, { expand: 'payloads' });
				expect(items).toHaveLength(2);
				expect(items[0]).not.toHaveProperty('json_input');
			},
			{ variants: { listsUnfinished: false, listHasPayloads: false } },
		);
	});

	test.each(['0', '101', 'x'])('a limit of %s is refused', (limit) =>
		withFal(async (fal) => {
			const query = `endpoint_id=${ENDPOINT}&limit=${limit}`;
			const response = await fal.get(`${fal.hosts.platform}/models/requests/by-endpoint?${query}`);
			expect(response.status).toBe(400);
		}),
	);

	test('has its own faults', () =>
		withFal(async (fal) => {
			fal.fault('requests', [{ kind: 'status', status: 429, headers: { 'retry-after': '1' } }]);
			const url = `${fal.hosts.platform}/models/requests/by-endpoint?endpoint_id=${ENDPOINT}`;
			expect((await fal.get(url)).headers.get('retry-after')).toBe('1');
			expect((await fal.get(url)).status).toBe(200);
		}));
});
