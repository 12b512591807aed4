import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { estimate } from '../nodes/FalLtxVideo/cost/estimate.ts';
import { endpointFor } from '../nodes/FalLtxVideo/endpoints/index.ts';
import { textToVideo as task } from '../nodes/FalLtxVideo/endpoints/tasks/textToVideo.ts';
import { shapeOf } from '../nodes/FalLtxVideo/endpoints/videoShape.ts';
import { eachItem } from '../nodes/FalLtxVideo/run/eachItem.ts';
import { estimateCost } from '../nodes/FalLtxVideo/operations/estimateCost.ts';
import { readEstimate } from '../nodes/FalLtxVideo/parameters/reading/input/readEstimate.ts';
import type { Benchmark } from './benchmark.mts';
import { measureInTurns, type Comparison, type Measurement } from './inTurns.mts';

const ITEMS = 10_000;

/** What n8n resolves for one item: the main fields, and a few of the settings that can be added. */
const parametersOf = (index: number) => ({
	videoSize: 'landscape_16_9',
	model: 'distilled',
	withLoras: true,
	durationSeconds: 5,
	generation: {
		numFrames: 97 + 8 * (index % 40),
		fps: 24,

		useMultiscale: false,
	},
});

const parameters = Array.from({ length: ITEMS }, (_, index) => parametersOf(index));
const items = parameters.map((): INodeExecutionData => ({ json: {} }));

/** n8n's own work is left out: parameters are looked up, and that is all. */
const byName = parameters.map((given) => new Map<string, unknown>(Object.entries(given)));

/** The part of n8n's context that an estimate with the published price uses. */
const context = {
	getInputData: () => items,
	getNodeParameter: (name: string, itemIndex: number, fallback: unknown) =>
		byName[itemIndex]!.get(name) ?? fallback,
	continueOnFail: () => false,
	addExecutionHints: () => undefined,
} as unknown as IExecuteFunctions;

const endpoint = endpointFor(task, 'distilled', true);
const inputs = parameters.map((_given, index) => readEstimate(context, index).input);

const idle = {
	prepare: (itemIndex: number) => itemIndex,
	execute: async () => await Promise.resolve<INodeExecutionData>({ json: {} }),
};

const comparison: Comparison = {
	count: ITEMS,
	baseline: {
		name: 'baseline: its parameters to JSON and back',
		run: () => parameters.map((given) => JSON.parse(JSON.stringify(given)) as unknown),
	},
	variants: [
		{
			name: 'video: estimateCost, from parameters to item',
			run: async () => await estimateCost.run(context),
		},
		{
			name: 'of that: reading and checking the parameters',
			run: () => parameters.map((_given, index) => readEstimate(context, index)),
		},
		{
			name: 'of reading: the check against the schema',
			run: () => inputs.map((input) => endpoint.input.partial().safeParse(input)),
		},
		{
			name: 'of that: going through the items',
			run: async () => await eachItem(context, idle),
		},
		{
			name: 'of that: size and price',
			run: () => inputs.map((input) => estimate(shapeOf(endpoint, input), endpoint.price)),
		},
	],
};

/** An estimate that is asked for thousands of items is not to be noticed among what n8n does. */
const GOAL_MS = 1000;

function row({ name, median, fastest, slowest, ratio }: Measurement): string[] {
	const total = `${((median * ITEMS) / 1000).toFixed(0)} ms`;
	return [name, total, ...[median, fastest, slowest, ratio].map((figure) => figure.toFixed(2))];
}

export const benchmark: Benchmark = {
	title: 'Ten thousand estimates',
	about: `The operation Estimate Cost for ${ITEMS} items with the published price, in this process. n8n's own work is left out: looking up a parameter costs nothing here. The baseline is work of the same size that everybody knows.`,
	async run({ isQuick }) {
		const rounds = isQuick ? { warmUp: 1, measured: 3 } : { warmUp: 5, measured: 21 };
		const measurements = await measureInTurns(comparison, rounds);
		const totalMs = (measurements[1]!.median * ITEMS) / 1000;
		return {
			tables: [
				{
					columns: ['', 'all items', 'median µs', 'fastest µs', 'slowest µs', '× baseline'],
					rows: measurements.map(row),
				},
			],
			goals: [
				{
					what: `${ITEMS} estimates within ${GOAL_MS} ms`,
					measured: `${totalMs.toFixed(0)} ms`,
					isMet: totalMs <= GOAL_MS,
				},
			],
			notes: [
				`Medians of ${rounds.measured} rounds after ${rounds.warmUp} to warm up, all in turns; figures in µs are for one item.`,
			],
		};
	},
};
