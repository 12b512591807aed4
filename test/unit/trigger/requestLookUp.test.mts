import { type Ownership, RequestLookUps } from '../../../nodes/FalLtxVideoTrigger/requestLookUp';

const MINUTE = 60_000;

let now: number;
let asked: string[];
let lookUps: RequestLookUps;

beforeEach(() => {
	now = 0;
	asked = [];
	lookUps = new RequestLookUps(() => now);
});

const lookUp = async (requestId: string, answer: boolean | undefined): Promise<Ownership> =>
	await lookUps.ownership(requestId, async () => {
		asked.push(requestId);
		return await Promise.resolve(answer);
	});

const many = async (count: number, answer: boolean | undefined, prefix = 'r') =>
	await Promise.all(
		Array.from({ length: count }, async (_value, i) => await lookUp(`${prefix}${i}`, answer)),
	);

test('a request that is not of the account is asked for once, then remembered for ten minutes', async () => {
	expect(await lookUp('r', false)).toBe('foreign');
	now = 10 * MINUTE - 1;
	expect(await lookUp('r', true)).toBe('foreign');
	expect(asked).toEqual(['r']);
	now = 10 * MINUTE;
	expect(await lookUp('r', true)).toBe('own');
});

test.each([false, undefined])(
	'sixty that find nothing (%s) are asked for in a minute',
	async (answer) => {
		const found = await many(200, answer);
		expect(asked).toHaveLength(60);
		expect(found.filter((ownership) => ownership === 'not asked')).toHaveLength(140);
		now = MINUTE - 1;
		expect(await lookUp('mine', true)).toBe('not asked');
		now = MINUTE;
		expect(await lookUp('mine', true)).toBe('own');
		expect(await many(60, answer, 'later')).not.toContain('not asked');
	},
);

test('requests of the account are asked for as often as they come', async () => {
	expect(new Set(await many(180, true))).toEqual(new Set(['own']));
	expect(asked).toHaveLength(180);
});

test('a request that fal could not be asked about is not lost, and not remembered', async () => {
	expect(await lookUp('r', undefined)).toBe('own');
	expect(await lookUp('r', false)).toBe('foreign');
});

test("fal's history is read three times in a minute, what is in the queue is found all the same", async () => {
	const inHistory = async (requestId: string) =>
		await lookUps.ownership(
			requestId,
			async (mayReadHistory) => await Promise.resolve(mayReadHistory() ? true : 'not asked'),
		);
	const found = [];
	for (let i = 0; i < 5; i++) found.push(await inHistory(`h${i}`));
	expect(found).toEqual(['own', 'own', 'own', 'not asked', 'not asked']);
	expect(await lookUp('queued', true)).toBe('own');
	now = MINUTE;
	expect(await inHistory('h3')).toBe('own');
});

test('what waits for its turn is limited', async () => {
	let answer: (isOwn: boolean) => void;
	const held = new Promise<boolean>((resolve) => (answer = resolve));
	const calls = Array.from(
		{ length: 1_000 },
		async (_value, i) => await lookUps.ownership(`r${i}`, async () => await held),
	);
	expect(await calls.at(-1)).toBe('not asked');
	answer!(true);
	const own = (await Promise.all(calls)).filter((ownership) => ownership === 'own');
	// Up to ten are asked for already when the line fills.
	expect(own.length).toBeGreaterThanOrEqual(200);
	expect(own.length).toBeLessThanOrEqual(210);
});
