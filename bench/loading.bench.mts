import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { installPackage } from '../scripts/n8n/communityPackage.mts';
import { ownFolder } from '../scripts/n8n/host.mts';
import { runCommand } from '../scripts/processes/command.mts';
import { Cleanup } from '../scripts/processes/cleanup.mts';
import type { Benchmark, Findings } from './benchmark.mts';
import { kibibytes, median, milliseconds, spread } from './figures.mts';

const ROUNDS = 15;
const QUICK_ROUNDS = 3;

/** Prints how long a file takes to load, in milliseconds, where n8n-workflow is loaded already. */
const LOAD = `
require('n8n-workflow');
const startedAt = performance.now();
require(process.argv[1]);
console.log(performance.now() - startedAt);
`;

/** Nodes of n8n's own that many workflows have. */
const KNOWN = ['HttpRequest/HttpRequest.node.js', 'Set/Set.node.js'];

export const benchmark: Benchmark = {
	title: 'Loading the package',
	about:
		"How long n8n's Node.js takes to load a node's file in a fresh process, in turns. n8n-workflow is loaded before, as n8n has it anyway. The table also has two of n8n's own nodes.",
	async run({ lab, isQuick, signal, report }): Promise<Findings> {
		const { installation, tarball } = await lab();
		const cleanup = new Cleanup();
		try {
			const { folder } = await installPackage(tarball, await ownFolder(cleanup), { signal });
			const base = join(installation.folder, 'node_modules', 'n8n-nodes-base', 'dist', 'nodes');
			const files = [
				join(folder, 'dist', 'nodes', 'FalLtxVideo', 'FalLtxVideo.node.js'),
				...KNOWN.map((file) => join(base, file)),
			];
			const env = { ...process.env, NODE_PATH: join(installation.folder, 'node_modules') };
			const load = async (file: string) =>
				Number(await runCommand(installation.node, ['-e', LOAD, file], { env, signal }));
			const samples = files.map((): number[] => []);
			for (let round = 0; round < (isQuick ? QUICK_ROUNDS : ROUNDS); round++) {
				report(`round ${round + 1}`);
				for (const [i, file] of files.entries()) samples[i]!.push(await load(file));
			}
			const [own] = await Promise.all(files.slice(0, 1).map(async (file) => await stat(file)));
			const { size: packed } = await stat(tarball);
			const name = (file: string) => file.slice(dirname(dirname(file)).length + 1);
			return {
				tables: [
					{
						columns: ['', 'time to load, median (range)'],
						rows: files.map((file, i) => [name(file), spread(samples[i]!, milliseconds)]),
					},
					{
						columns: ['', 'size'],
						rows: [
							['the package, packed', kibibytes(packed)],
							["the node's file, with all that is bundled into it", kibibytes(own!.size)],
						],
					},
				],
				goals: [],
				notes: [
					`Loading the node takes ${(median(samples[0]!) / median(samples[1]!)).toFixed(1)} times as long as loading HTTP Request. n8n does it once, when a workflow first uses the node.`,
				],
			};
		} finally {
			await cleanup.run();
		}
	},
};
