import type { IDataObject } from 'n8n-workflow';
import type { CallFault } from '../../emulator/index.mts';
import { useEngine } from './engine.mts';
import { useScene, videoParameters } from './scene.mts';

/* fal's list of requests: what is asked of it, and what comes of each item. */

const engine = useEngine();
const scene = useScene();

const ENDPOINT = 'fal-ai/ltx-2.3-22b/distilled/text-to-video/lora';

const makeVideos = async (...prompts: string[]) =>
	await engine.run({
		parameters: videoParameters(),
		items: prompts.map((prompt) => ({ prompt })),
		credential: scene.credential,
	});

const getMany = async (changes = {}, more = {}) =>
	await engine.run({
		parameters: {
			...{ resource: 'request', operation: 'getMany', endpoints: [ENDPOINT] },
			...changes,
		},
		credential: scene.credential,
		...more,
	});

/** What fal was asked for. */
const queries = () =>
	scene.fal.calls
		.filter(({ path }) => path.includes('by-endpoint'))
		.map(({ path }) => Object.fromEntries(new URL(path, 'http://fal').searchParams));

test("lists fal's requests with their inputs, up to the limit or all", async () => {
	await makeVideos('one', 'two', 'three');
	const all = await getMany({ returnAll: true });
	expect(all.outputs[0]!.map(({ json }) => json.request_id).sort()).toEqual(
		scene.fal.requests.map(({ request_id }) => request_id).sort(),
	);
	expect(all.outputs[0]![0]!.json).toMatchObject({
		json_input: { loras: [{ path: 'owner/repo' }] },
		status_code: 200,
	});
	expect((await getMany({ limit: '={{ "2" }}' })).outputs[0]).toHaveLength(2);
	expect((await getMany({ returnAll: '={{ "TRUE" }}' })).outputs[0]).toHaveLength(3);
});

test('narrows by status and time', async () => {
	await makeVideos('one');
	expect((await getMany({ status: 'user_error' })).outputs[0]).toEqual([]);
	expect((await getMany({ status: 'success' })).outputs[0]).toHaveLength(1);
	const later = new Date(Date.now() + 60_000).toISOString();
	expect((await getMany({ startedAfter: later })).outputs[0]).toEqual([]);
});

describe('Endpoints', () => {
	const full = 'fal-ai/ltx-2.3-22b/text-to-video';

	const makeBoth = async () => {
		await makeVideos('one');
		await engine.run({
			parameters: videoParameters({ model: 'full', loras: {} }),
			items: [{ prompt: 'two' }],
			credential: scene.credential,
		});
	};

	test('none chosen is all of them, the newest request first', async () => {
		await makeBoth();
		const { outputs } = await getMany({ endpoints: [], returnAll: true });
		expect(outputs[0]!.map(({ json }) => json.endpoint_id)).toEqual([full, ENDPOINT]);
		expect(queries()).toHaveLength(22);
		const limited = await getMany({ endpoints: [], limit: 1 });
		expect(limited.outputs[0]!.map(({ json }) => json.endpoint_id)).toEqual([full]);
	});

	test('of those that are chosen, one call each', async () => {
		await makeBoth();
		const { outputs } = await getMany({ endpoints: [full], returnAll: true });
		expect(outputs[0]!.map(({ json }) => json.endpoint_id)).toEqual([full]);
		expect(queries().map(({ endpoint_id }) => endpoint_id)).toEqual([full]);
	});

	test('one that is not of this node is named', async () => {
		const { error } = await getMany({ endpoints: '={{ "fal-ai/flux" }}' });
		expect(error!.message).toContain('Endpoints (endpoints) is "fal-ai/flux", but must be');
		expect(queries()).toEqual([]);
	});
});

describe('Started After', () => {
	const TOKYO = '2026-07-01T03:00:00.000Z';
	const MILLISECONDS = Date.parse(TOKYO);

	test.each([
		['2026-07-01T12:00:00', TOKYO],
		['2026-07-01 12:00', TOKYO],
		['2026-07-01T12:00:00.000', TOKYO],
		['2026-07-01', '2026-06-30T15:00:00.000Z'],
		['2026-07-01T12:00:00+02:00', '2026-07-01T10:00:00.000Z'],
		['2026-07-01T12:00:00z', '2026-07-01T12:00:00.000Z'],
		['Wed, 01 Jul 2026 03:00:00 GMT', TOKYO],
		[`={{ ${MILLISECONDS} }}`, TOKYO],
		[`${MILLISECONDS}`, TOKYO],
		[`={{ new Date(${MILLISECONDS}) }}`, TOKYO],
		[`={{ new Date(${MILLISECONDS}).toString() }}`, TOKYO],
		['={{ DateTime.fromISO("2026-07-01T12:00:00") }}', TOKYO],
		[`={{ DateTime.fromMillis(${MILLISECONDS}, { zone: "America/New_York" }) }}`, TOKYO],
		['', undefined],
		['={{ " \u00a0" }}', undefined],
	])('%s in a workflow of Tokyo is %s', async (startedAfter, start) => {
		const { error } = await getMany({ startedAfter }, { timezone: 'Asia/Tokyo' });
		expect(error).toBeUndefined();
		expect(queries().map((query) => query.start)).toEqual([start]);
	});

	test('without a zone it is not the time of the server', async () => {
		const startedAfter = '2026-03-08T12:00:00';
		await getMany({ startedAfter }, { timezone: 'America/New_York' });
		await getMany({ startedAfter }, { timezone: 'Asia/Kolkata' });
		// Summer time began in New York on this day.
		expect(queries().map(({ start }) => start)).toEqual([
			'2026-03-08T16:00:00.000Z',
			'2026-03-08T06:30:00.000Z',
		]);
	});

	test.each([
		'yesterday-ish',
		'2026-02-30T12:00:00',
		'01/07/2026',
		'20260701',
		'=2026-07-01T12:00:00") }}',
		'={{ 1782874800 }}',
		'={{ { time: 1 } }}',
		'={{ true }}',
	])('%s is refused', async (startedAfter) => {
		const { error } = await getMany({ startedAfter });
		expect(error!.message).toContain('Started After (startedAfter) is ');
		expect(error!.message).toContain('but must be a date and time such as');
		expect(scene.fal.calls).toHaveLength(0);
	});
});

test.each([
	[{ limit: 0 }, 'Limit (limit) is 0, but must be a whole number from 1 up'],
	[{ limit: '={{ 1.5 }}' }, 'Limit (limit) is 1.5, but'],
	[{ limit: '={{ "many" }}' }, 'Limit (limit) is "many", but'],
	[{ limit: '={{ $json.missing }}' }, 'Limit (limit) is empty, but'],
	[{ limit: '={{ Infinity }}' }, 'Limit (limit) is Infinity, but'],
	[
		{ status: '={{ "failed" }}' },
		'Status (status) is "failed", but must be one of any, error, success, user_error',
	],
	[{ status: '={{ $json.missing }}' }, 'Status (status) is empty, but'],
	[{ returnAll: '={{ "perhaps" }}' }, 'Return All (returnAll) is "perhaps", but'],
])('%j is refused', async (changes, words) => {
	const { error } = await getMany(changes);
	expect(error!.message).toContain(words);
	expect(scene.fal.calls).toHaveLength(0);
});

describe('many items', () => {
	const items: IDataObject[] = [{ status: 'success' }, { status: 'wrong' }, { status: 'any' }];
	const parameters = { status: '={{ $json.status }}' };

	test('a wrong one fails alone where the node continues, and each list has its item', async () => {
		await makeVideos('one', 'two');
		const { outputs, error } = await getMany(parameters, {
			items,
			onError: 'continueRegularOutput',
		});
		expect(error).toBeUndefined();
		expect(outputs[0]!.map(({ json, pairedItem }) => [Object.keys(json)[0], pairedItem])).toEqual([
			['request_id', { item: 0 }],
			['request_id', { item: 0 }],
			['error', { item: 1 }],
			['request_id', { item: 2 }],
			['request_id', { item: 2 }],
		]);
	});

	test('a list that breaks off is asked for again', async () => {
		await makeVideos('one');
		scene.fal.fault('requests', [{ kind: 'status', status: 502, html: '<h1>Bad Gateway</h1>' }]);
		const { outputs } = await getMany({ returnAll: true });
		expect(outputs[0]).toHaveLength(1);
	});

	test('one whose list breaks off fails alone, to the error output', async () => {
		await makeVideos('one');
		const down = { kind: 'status', status: 500, json: { detail: 'down' } } as const;
		scene.fal.fault('requests', Array<CallFault>(5).fill(down));
		const { outputs } = await getMany(
			{ returnAll: true },
			{ items: [{}, {}], onError: 'continueErrorOutput' },
		);
		expect(outputs[0]!.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 1 }]);
		expect(outputs[1]!.map(({ json }) => json.error)).toEqual([
			'Listing requests failed: fal answered 500: down',
		]);
	});

	test('a wrong one ends the run before anything is asked, where the node stops', async () => {
		const { error } = await getMany(parameters, { items });
		expect(error!.message).toMatch(/^Status \(status\) is "wrong", but .* \[item 1\]$/);
		expect(scene.fal.calls).toHaveLength(0);
	});
});
