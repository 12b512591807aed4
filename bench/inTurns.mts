import { median } from './figures.mts';

/** One way to do the work; all variants do the same number of items. */
export interface Variant {
	name: string;
	/** Does all items once. */
	run(): unknown;
}

/** What is measured against what. */
export interface Comparison {
	/** How many items one run of a variant does. */
	count: number;
	/** What the others are held against: work of the same size that everybody knows. */
	baseline: Variant;
	variants: Variant[];
}

/** How long one variant took, in microseconds per item. */
export interface Measurement {
	name: string;
	median: number;
	fastest: number;
	slowest: number;
	/** The median as a multiple of the baseline's. */
	ratio: number;
}

/** How often everything runs. */
export interface Rounds {
	warmUp: number;
	measured: number;
}

/**
 * Measures the baseline and the variants in turns, so that whatever slows the machine down for a
 * while slows all of them down.
 */
export async function measureInTurns(
	{ baseline, variants, count }: Comparison,
	{ warmUp, measured }: Rounds,
): Promise<Measurement[]> {
	const all = [baseline, ...variants];
	const samples = all.map((): number[] => []);
	for (let round = -warmUp; round < measured; round++) {
		for (const [i, variant] of all.entries()) {
			const microseconds = await timed(variant);
			if (round >= 0) samples[i]!.push(microseconds / count);
		}
	}
	const known = median(samples[0]!);
	return all.map(({ name }, i) => summary(name, samples[i]!, known));
}

async function timed({ run }: Variant): Promise<number> {
	const startedAt = process.hrtime.bigint();
	await run();
	return Number(process.hrtime.bigint() - startedAt) / 1000;
}

function summary(name: string, samples: number[], baseline: number): Measurement {
	return {
		name,
		median: median(samples),
		fastest: Math.min(...samples),
		slowest: Math.max(...samples),
		ratio: median(samples) / baseline,
	};
}
