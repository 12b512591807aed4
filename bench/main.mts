// npm run bench [-- [--quick] [part of a file's name …]]: measures, prints the tables, and writes
// docs/performance.md when everything was measured in full.
//
// A new benchmark is one more file named `*.bench.mts` in this folder that exports `benchmark`.
// The figures are for people: nothing fails when they are high.
import { readdir } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { Cleanup } from '../scripts/processes/cleanup.mts';
import { runMain } from '../scripts/processes/main.mts';
import { runStep, type Report } from '../scripts/terminal/steps.mts';
import type { Benchmark, Findings } from './benchmark.mts';
import { Lab } from './lab.mts';
import { printFindings, REPORT, writeReport } from './report.mts';

const FOLDER = new URL('.', import.meta.url);

function readOptions() {
	const { values, positionals } = parseArgs({
		options: { quick: { type: 'boolean', default: false } },
		allowPositionals: true,
	});
	return { isQuick: values.quick, wanted: positionals };
}

async function findBenchmarks(wanted: string[]): Promise<Benchmark[]> {
	const files = (await readdir(FOLDER))
		.filter((file) => file.endsWith('.bench.mts'))
		.filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
		.sort();
	if (files.length === 0) throw new Error(`No benchmark's name has ${wanted.join(' or ')} in it.`);
	const modules = files.map(async (file) => (await import(new URL(file, FOLDER).href)) as object);
	return (await Promise.all(modules)).map(
		(module) => (module as { benchmark: Benchmark }).benchmark,
	);
}

await runMain(async (signal, cleanup) => {
	const { isQuick, wanted } = readOptions();
	const benchmarks = await findBenchmarks(wanted);
	const [loadBefore = 0] = loadavg();
	let opened: Promise<Lab> | undefined;
	const measured: Array<[Benchmark, Findings]> = [];
	for (const benchmark of benchmarks) {
		const own = new Cleanup();
		const lab = async (report: Report) => {
			opened ??= Lab.open(report, signal, cleanup);
			return (await opened).within(own);
		};
		const findings = await runStep(
			benchmark.title,
			async (report) =>
				await benchmark.run({ isQuick, lab: async () => await lab(report), report, signal }),
		).finally(async () => await own.run());
		console.log(printFindings(findings));
		measured.push([benchmark, findings]);
	}
	if (isQuick || wanted.length > 0) return 0;
	await writeReport(measured, loadBefore);
	console.log(`Written to ${REPORT}.`);
	return 0;
});
