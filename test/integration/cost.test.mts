import type { IDataObject } from 'n8n-workflow';
import type { CallFault } from '../../emulator/index.mts';
import { type NodeRun, type Outcome, useEngine } from './engine.mts';
import { calls, generateIn, useScene, type VideoChanges } from './scene.mts';

const engine = useEngine();
const scene = useScene();

const estimate = async (
	{ numFrames = 9, generation, ...changes }: VideoChanges = {},
	more: Partial<NodeRun> = {},
) =>
	await engine.run({
		parameters: {
			...{ resource: 'video', operation: 'estimateCost', model: 'distilled', withLoras: true },
			...{ videoSize: 'custom', width: 64, height: 64 },
			generation: { numFrames, ...generation },
			...changes,
		},
		...more,
	});

const generate = generateIn(engine, scene);

const pricingCalls = () => scene.fal.calls.filter(({ path }) => path.includes('/models/pricing'));
const three = ['one', 'two', 'three'].map((prompt) => ({ prompt }));
/** 1000 × 1000 × 200 is 200 megapixels: $0.281 at the published price. */
const expensive = { width: 1000, height: 1000, numFrames: 200 };

describe('video: estimateCost', () => {
	test("needs no credential, makes no call, and gives the example of fal's page", async () => {
		const { outputs, error, hints } = await estimate({
			width: 1280,
			height: 720,
			numFrames: 121,
		});
		expect(error).toBeUndefined();
		expect(outputs[0]).toEqual([
			{
				json: {
					endpoint_id: 'fal-ai/ltx-2.3-22b/distilled/text-to-video/lora',
					estimated_cost: 0.1567,
					// Multi-scale generation may make it 1280 × 768.
					upper_cost: 0.1672,
					megapixels: 111.5136,
					unit_price: 0.001405,
					currency: 'USD',
					price_source: 'published',
					width: 1280,
					height: 720,
					num_frames: 121,
					fps: 24,
					duration_seconds: 5.042,
				},
				pairedItem: { item: 0 },
			},
		]);
		expect(hints).toContain('1 video: about $0.1567, at most $0.1672, at the published price.');
		expect(scene.fal.calls).toHaveLength(0);
	});

	test('every item has its own, and the run its total', async () => {
		const { outputs, hints } = await estimate(
			{ ...expensive, numFrames: '={{ $json.prompt === "two" ? 100 : 200 }}' },
			{ items: three },
		);
		expect(outputs[0]!.map(({ json }) => json.estimated_cost)).toEqual([0.281, 0.1405, 0.281]);
		expect(hints).toContain('3 videos: about $0.7025, at most $0.7378, at the published price.');
	});

	test.each([
		['distilled', false, 'distilled/text-to-video', 0.1344],
		['distilled', true, 'distilled/text-to-video/lora', 0.1567],
		['full', false, 'text-to-video', 0.179],
		['full', true, 'text-to-video/lora', 0.2013],
	])(
		'the %s model, with LoRAs: %s, has its own endpoint and price',
		async (model, withLoras, endpoint, cost) => {
			const size = { width: 1280, height: 720, numFrames: 121 };
			const { outputs } = await estimate({ ...size, model, withLoras });
			expect(outputs[0]![0]!.json).toMatchObject({
				endpoint_id: `fal-ai/ltx-2.3-22b/${endpoint}`,
				estimated_cost: cost,
			});
		},
	);

	test('a duration becomes frames, as it does when the video is made', async () => {
		const length = { durationSeconds: 1.1, generation: { fps: 30 } };
		const { outputs } = await engine.run({
			parameters: {
				...{ resource: 'video', operation: 'estimateCost', videoSize: 'square', ...length },
			},
		});
		expect(outputs[0]![0]!.json).toMatchObject({ num_frames: 33, fps: 30 });
		scene.fal.script('a fox', {});
		await engine.run({
			parameters: {
				...{ resource: 'video', operation: 'textToVideo', prompt: 'a fox', ...length },
				...{ videoSize: 'custom', width: 64, height: 64 },
			},
			credential: scene.credential,
		});
		expect(scene.fal.requests[0]!.input).toMatchObject({ num_frames: 33, fps: 30 });
	});

	test('the same mistakes get the same words as when the video is made', async () => {
		const wrong = { numFrames: 500, width: 0, generation: { fps: 'x', useMultiscale: 2 } };
		const [estimated, generated] = [await estimate(wrong), await generate(wrong)];
		const sentences = ({ error }: Outcome) =>
			error!.message.replace(' [item 0]', '').split('; ').sort();
		for (const words of ['Frames (numFrames) is 500', 'Width (width) is 0', '(useMultiscale) is 2'])
			expect(estimated.error!.message).toContain(words);
		expect(sentences(estimated)).toEqual(sentences(generated));
	});

	test('With LoRAs that is neither true nor false is refused', async () => {
		const { error } = await estimate({ withLoras: '={{ "some" }}' });
		expect(error!.message).toContain('With LoRAs (withLoras) is "some", but must be true or false');
	});
});

describe('live price', () => {
	const live = { priceSource: 'live' };

	test('is asked for once a run and says so', async () => {
		await scene.restart({ price: { unit_price: 0.01, unit: 'megapixels', currency: 'EUR' } });
		const { outputs, error, hints } = await estimate(
			{ ...expensive, ...live },
			{ items: three, credential: scene.credential },
		);
		expect(error).toBeUndefined();
		expect(outputs[0]![2]!.json).toMatchObject({
			estimated_cost: 2,
			unit_price: 0.01,
			currency: 'EUR',
			price_source: 'live',
		});
		expect(hints).toContain('3 videos: about 6.00 EUR, at most 6.30 EUR, at the live price.');
		expect(pricingCalls()).toHaveLength(1);
		expect(scene.fal.calls).toHaveLength(1);
	});

	test('counts for what generate estimates and reports', async () => {
		await scene.restart({ price: { unit_price: 10, unit: 'megapixels', currency: 'USD' } });
		const { outputs } = await generate({ options: live });
		expect(outputs[0]![0]!.json.cost).toEqual({
			estimated: 0.3687,
			actual: 0.3687,
			billable_units: 0.036864,
			unit_price: 10,
			currency: 'USD',
			source: 'billed',
		});
	});

	test('another unit is an error that names it', async () => {
		await scene.restart({ price: { unit_price: 1, unit: 'seconds', currency: 'USD' } });
		const { error } = await estimate(live, { credential: scene.credential });
		expect(error!.message).toContain('fal now charges per seconds, not per megapixels');
	});

	/** As often as the price is asked for. */
	const DOWN = Array<CallFault>(5).fill({ kind: 'status', status: 503, json: { detail: 'down' } });

	test('is asked for again while the failure is transient', async () => {
		scene.fal.fault('pricing', [{ kind: 'status', status: 502, html: '<h1>Bad Gateway</h1>' }]);
		const { error } = await generate({ options: live });
		expect(error).toBeUndefined();
		expect(pricingCalls()).toHaveLength(2);
	});

	test("without a response nothing is estimated, in fal's words", async () => {
		scene.fal.fault('pricing', DOWN);
		const { error } = await generate({ options: live });
		expect(error!.message).toBe('Asking for the price failed: fal answered 503: down');
		expect(scene.fal.requests).toHaveLength(0);
	});

	test.each([0, -0.001, 1e300])('of %p is refused', async (unit_price) => {
		await scene.restart({ price: { unit_price, unit: 'megapixels', currency: 'USD' } });
		const { error } = await generate({ options: { ...live, maxCostPerRun: 1 } });
		expect(error!.message).toContain(`fal named a price of ${unit_price}`);
		expect(scene.fal.requests).toHaveLength(0);
	});

	test('needs the credential', async () => {
		const { error } = await estimate(live);
		expect(error!.message).toBe('Node does not have any credentials set');
	});
});

describe('a cost limit', () => {
	test('an item over its limit: nothing is submitted', async () => {
		const { error } = await generate(
			{
				...expensive,
				numFrames: '={{ $json.prompt === "three" ? 200 : 9 }}',
				options: { maxCostPerItem: 0.28 },
			},
			{ items: three },
		);
		expect(error!.message).toBe(
			'The video would cost about $0.281, but Max Cost per Item (maxCostPerItem) is $0.28 [item 2]',
		);
		expect(error!.description).toContain('nothing is billed');
		expect(scene.fal.calls).toHaveLength(0);
	});

	test('a cost that is just the limit is allowed', async () => {
		const { error } = await generate({ options: { maxCostPerItem: 0.0001 } });
		expect(error).toBeUndefined();
	});

	test.each(['maxCostPerItem', 'maxCostPerRun'])(
		'%s: 0 allows nothing that costs',
		async (name) => {
			const { error } = await generate({ options: { [name]: '={{ 5 - 5 }}' } });
			expect(error!.message).toContain(`(${name}) is $0`);
			expect(scene.fal.calls).toHaveLength(0);
		},
	);

	const NOTHING = [
		['={{ $json.limit }}', 'its expression gives nothing'],
		['={{ null }}', 'its expression gives nothing'],
		['={{ "" }}', 'is empty'],
		['={{ "\\u00a0 " }}', 'is empty'],
	] as const;

	test.each(
		NOTHING.flatMap(([limit, words]) => [
			['Max Cost per Item (maxCostPerItem)', limit, words, ' [item 0]'],
			['Max Cost per Run (maxCostPerRun)', limit, words, ''],
		]),
	)('%s of %s is not no limit', async (field, limit, words, item) => {
		const name = /\((\w+)\)/.exec(field)![1]!;
		const { error } = await generate({ options: { [name]: limit } });
		expect(error!.message).toBe(
			`${field} was added, but ${words}: it must be a number from 0 up, or be removed${item}`,
		);
		expect(error!.description).toContain('nothing is billed');
		expect(scene.fal.calls).toHaveLength(0);
	});

	test('a limit that comes to nothing for one item fails that item alone', async () => {
		const { outputs } = await generate(
			{ options: { maxCostPerItem: '={{ $json.prompt === "two" ? undefined : 1 }}' } },
			{ items: three, onError: 'continueRegularOutput' },
		);
		expect(outputs[0]!.map(({ json }) => json.prompt ?? json.error)).toEqual([
			'one',
			expect.stringContaining('Max Cost per Item (maxCostPerItem) was added, but'),
			'three',
		]);
	});

	test('with continue on fail it fails alone', async () => {
		const { outputs } = await generate(
			{
				numFrames: '={{ $json.prompt === "two" ? 481 : 9 }}',
				options: { maxCostPerItem: 0.001 },
			},
			{ items: three, onError: 'continueRegularOutput' },
		);
		expect(outputs[0]!.map(({ json }) => json.prompt ?? json.error)).toEqual([
			'one',
			expect.stringContaining('$0.0028'),
			'three',
		]);
		expect(calls(scene.fal, 'submit')).toHaveLength(2);
	});

	describe('a run over its limit submits nothing', () => {
		const message =
			'The 3 videos of this run (items 0 to 2) would cost about $0.843, but Max Cost per Run (maxCostPerRun) is $0.5';
		const over = async (
			onError: 'stopWorkflow' | 'continueRegularOutput' | 'continueErrorOutput',
		) =>
			await generate({ ...expensive, options: { maxCostPerRun: 0.5 } }, { items: three, onError });

		afterEach(() => expect(scene.fal.calls).toHaveLength(0));

		test('and ends', async () => {
			const { error } = await over('stopWorkflow');
			expect(error!.message).toBe(message);
		});

		test('and fails each item where the node continues', async () => {
			const { error, outputs } = await over('continueRegularOutput');
			expect(error).toBeUndefined();
			expect(outputs[0]!.map(({ json }) => json)).toEqual(three.map(() => ({ error: message })));
		});

		test('and fails each item to the error output, none to the other', async () => {
			const { error, outputs } = await over('continueErrorOutput');
			expect(error).toBeUndefined();
			expect(outputs[0]).toEqual([]);
			expect(outputs[1]!.map(({ json }) => json.error)).toEqual(three.map(() => message));
		});
	});

	test('a run that costs just its limit is allowed', async () => {
		// In binary numbers three times 0.0001 is 0.00030000000000000003.
		const { error } = await generate({ options: { maxCostPerRun: 0.0003 } }, { items: three });
		expect(error).toBeUndefined();
	});

	test('a limit in dollars is not held against another currency', async () => {
		await scene.fal.close();
		await scene.restart({ price: { unit_price: 1, unit: 'megapixels', currency: 'EUR' } });
		const { error } = await generate({ options: { priceSource: 'live', maxCostPerRun: 5 } });
		expect(error!.message).toBe(
			"fal's price is in EUR now, so limits in USD can't be checked: remove Max Cost per Item and Max Cost per Run to continue without",
		);
		expect(scene.fal.requests).toHaveLength(0);
	});

	test('an option that makes no sense is named', async () => {
		const { error } = await generate({ options: { maxCostPerRun: 'much', maxConcurrency: 0 } });
		expect(error!.message).toBe(
			'Max Concurrency (maxConcurrency) is 0, but must be a whole number from 1 up; Max Cost per Run (maxCostPerRun) is "much", but must be a number from 0 up',
		);
		expect(scene.fal.calls).toHaveLength(0);
	});
});

describe('actual cost', () => {
	test('a video larger than asked costs more than estimated, and both figures are shown', async () => {
		await scene.restart({ delivered: 'enlarged' });
		const { outputs, hints } = await generate({ width: 512, height: 512, numFrames: 25 });
		const { video, cost } = outputs[0]![0]!.json as { video: IDataObject; cost: IDataObject };
		const delivered = (Number(video.width) * Number(video.height) * 25) / 1e6;
		expect(delivered).toBeGreaterThan((512 * 512 * 25) / 1e6);
		expect(cost).toMatchObject({ estimated: 0.0093, billable_units: delivered, source: 'billed' });
		expect(cost.actual).toBeGreaterThan(Number(cost.estimated));
		expect(hints).toContain(`1 video: estimated $0.0093, actual $${String(cost.actual)}.`);
	});

	test('a failure that fal bills says how much', async () => {
		scene.fal.script('a fox', {
			job: {
				outcome: {
					status: 422,
					body: {
						detail: [{ loc: ['body', 'prompt'], msg: 'Flagged', type: 'content_policy_violation' }],
					},
					billableUnits: '100',
				},
			},
		});
		const { error } = await generate();
		expect(error!.description).toContain('fal bills 100 megapixels, about $0.1405.');
	});
});
