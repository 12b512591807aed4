// npm run bench [-- part of a file's name …]: prints how long our own code takes.
//
// A new benchmark is one more file named `*.bench.mts` beside this one that exports `benchmark`.
// The figures are for people: nothing fails when they are high.
import { readdir } from 'node:fs/promises';
import { cpus } from 'node:os';
import { measure, type Benchmark, type Measurement, type Rounds } from './benchmark.mts';

const FOLDER = new URL('.', import.meta.url);
const ROUNDS: Rounds = { warmUp: 5, measured: 21 };

const wanted = process.argv.slice(2);
const files = (await readdir(FOLDER))
	.filter((file) => file.endsWith('.bench.mts'))
	.filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
	.sort();

function row({ name, median, fastest, slowest, ratio }: Measurement) {
	return {
		name,
		'median µs': Number(median.toFixed(2)),
		'fastest µs': Number(fastest.toFixed(2)),
		'slowest µs': Number(slowest.toFixed(2)),
		'× baseline': Number(ratio.toFixed(2)),
	};
}

const [cpu] = cpus();
console.log(
	`${cpu?.model.trim() ?? 'unknown processor'}, ${cpus().length} threads; ${process.platform} ${process.arch}; Node.js ${process.version}`,
);
console.log(`${ROUNDS.measured} rounds after ${ROUNDS.warmUp} to warm up; all in turns\n`);
for (const file of files) {
	const { benchmark } = (await import(new URL(file, FOLDER).href)) as { benchmark: Benchmark };
	console.log(`${benchmark.title}: per ${benchmark.unit}, of ${benchmark.count}`);
	console.table(
		(await measure(benchmark, ROUNDS))
			.map(row)
			.reduce<
				Record<string, object>
			>((table, { name, ...figures }) => ({ ...table, [name]: figures }), {}),
	);
}
