import type { EmulatorOptions } from '../../emulator/index.mts';
import { itemsOf } from '../../scripts/n8n/execution.mts';
import type { Workflow } from '../../scripts/n8n/workflow.mts';
import { withNode } from './exampleWorkflow.mts';
import {
	connected,
	loggedIn,
	SMALL_VIDEO,
	TRIGGER,
	VIDEO_NODE,
	videoWorkflow,
} from './harness.mts';
import { hintsOf } from './hints.mts';
import { useSharedEmulator } from '../useEmulator.mts';

/** The example on the endpoint's page. */
const PAGE_EXAMPLE = {
	operation: 'estimateCost',
	withLoras: true,
	videoSize: 'custom',
	width: 1280,
	height: 720,
	durationSeconds: 5,
};

const ITEMS = 'Items';
const SPLIT = 'One item each';

/** A workflow in which the video's node gets one item per number of frames. */
function framesWorkflow(
	name: string,
	frames: number[],
	parameters: Record<string, unknown>,
	settings: Record<string, unknown> = {},
): Workflow {
	const workflow = videoWorkflow(name, {
		...SMALL_VIDEO,
		generation: { numFrames: '={{ $json.frames }}' },
		...parameters,
	});
	const place = { typeVersion: 1, position: [120, 120] as [number, number] };
	const jsonOutput = JSON.stringify({ frames });
	const to = (node: string) => ({ main: [[{ node, type: 'main', index: 0 }]] });
	return withNode(
		{
			...workflow,
			nodes: [
				...workflow.nodes,
				{
					...place,
					id: ITEMS,
					name: ITEMS,
					type: 'n8n-nodes-base.set',
					typeVersion: 3.4,
					parameters: { mode: 'raw', jsonOutput, options: {} },
				},
				{
					...place,
					id: SPLIT,
					name: SPLIT,
					type: 'n8n-nodes-base.splitOut',
					parameters: { fieldToSplitOut: 'frames', options: {} },
				},
			],
			connections: { [TRIGGER]: to(ITEMS), [ITEMS]: to(SPLIT), [SPLIT]: to(VIDEO_NODE) },
		},
		VIDEO_NODE,
		settings,
	);
}

const n8n = loggedIn();
const emulator = useSharedEmulator();

/** Another local fal for the tests of a `describe`. */
const useOther = (options: EmulatorOptions) =>
	beforeAll(async () => await emulator.restart(options));

const run = async (workflow: Workflow) => await n8n.runWorkflow(workflow, TRIGGER);
const runConnected = async (workflow: Workflow) =>
	await run(await connected(n8n, emulator, workflow));

describe('video: estimateCost', () => {
	const pageEstimate = {
		endpoint_id: 'fal-ai/ltx-2.3-22b/distilled/text-to-video/lora',
		estimated_cost: 0.1567,
		// Multi-scale generation may make 1280 × 768 of it.
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
	};

	test("gives the page's example without a credential", async () => {
		const execution = await run(videoWorkflow('No credential', PAGE_EXAMPLE));
		expect({ status: execution.status, error: execution.error }).toEqual({ status: 'success' });
		expect(itemsOf(execution, VIDEO_NODE).map(({ json }) => json)).toEqual([pageEstimate]);
		expect(hintsOf(execution, VIDEO_NODE)).toContain(
			'1 video: about $0.1567, at most $0.1672, at the published price.',
		);
	});

	test('makes no call, even where a credential is chosen', async () => {
		const execution = await runConnected(videoWorkflow('Credential left there', PAGE_EXAMPLE));
		expect(itemsOf(execution, VIDEO_NODE).map(({ json }) => json)).toEqual([pageEstimate]);
		expect(emulator.calls).toEqual([]);
	});
});

describe('the live price', () => {
	useOther({ price: { unit_price: 0.002, unit: 'megapixels', currency: 'USD' } });

	test('is what is estimated with, and is named', async () => {
		const parameters = { ...PAGE_EXAMPLE, priceSource: 'live' };
		const execution = await runConnected(videoWorkflow('Live price', parameters));
		expect({ status: execution.status, error: execution.error }).toEqual({ status: 'success' });
		expect(itemsOf(execution, VIDEO_NODE)[0]?.json).toMatchObject({
			estimated_cost: 0.2231,
			unit_price: 0.002,
			currency: 'USD',
			price_source: 'live',
		});
		expect(hintsOf(execution, VIDEO_NODE).join()).toContain('at the live price.');
		expect(emulator.calls.map(({ listener }) => listener)).toEqual(['platform']);
	});
});

describe('a cost limit', () => {
	useOther({ runSeconds: 0.1 });

	test('of a run: over it the execution ends, and nothing is submitted', async () => {
		const execution = await runConnected(
			framesWorkflow('Over the limit of the run', [9, 481, 25], {
				options: { maxCostPerRun: 0.04 },
			}),
		);
		expect(execution).toMatchObject({ status: 'error', lastNodeExecuted: VIDEO_NODE });
		expect(execution.error?.message).toBe(
			'The 3 videos of this run (items 0 to 2) would cost about $0.0446, but Max Cost per Run (maxCostPerRun) is $0.04',
		);
		expect(emulator.calls).toEqual([]);
	});

	test('that is empty is not no limit', async () => {
		const execution = await runConnected(
			framesWorkflow('A limit that the item lacks', [9], {
				options: { maxCostPerItem: '={{ $json.missing }}', maxCostPerRun: '={{ null }}' },
			}),
		);
		expect(execution.error?.message).toContain(
			'Max Cost per Run (maxCostPerRun) was added, but its expression gives nothing',
		);
		expect(emulator.calls).toEqual([]);
	});

	test('of an item: with continue on fail only that one fails', async () => {
		const execution = await runConnected(
			framesWorkflow(
				'Over the limit of an item',
				[9, 481, 25],
				{ options: { maxCostPerItem: 0.01 } },
				{ onError: 'continueRegularOutput' },
			),
		);
		expect({ status: execution.status, error: execution.error }).toEqual({ status: 'success' });
		const [first, second, third] = itemsOf(execution, VIDEO_NODE);
		expect(second?.json).toEqual({
			error: 'The video would cost about $0.0416, but Max Cost per Item (maxCostPerItem) is $0.01',
		});
		expect(first?.json).toMatchObject({ video: { num_frames: 9 } });
		expect(third?.json).toMatchObject({ video: { num_frames: 25 } });
		expect(emulator.requests.map(({ input }) => input['num_frames']).sort()).toEqual([25, 9]);
	});
});

describe('the actual cost', () => {
	useOther({ runSeconds: 0.1, delivered: 'enlarged' });

	test('of a video that came out larger is more than estimated, and both are shown', async () => {
		const execution = await runConnected(videoWorkflow('Larger than asked', SMALL_VIDEO));
		expect({ status: execution.status, error: execution.error }).toEqual({ status: 'success' });
		expect(itemsOf(execution, VIDEO_NODE)[0]?.json).toMatchObject({
			// 320 × 192 × 25 were asked for, 384 × 256 × 25 came.
			video: { width: 384, height: 256 },
			cost: {
				estimated: 0.0022,
				actual: 0.0035,
				billable_units: 2.4576,
				source: 'billed',
			},
		});
		expect(hintsOf(execution, VIDEO_NODE)).toContain('1 video: estimated $0.0022, actual $0.0035.');
	});
});
