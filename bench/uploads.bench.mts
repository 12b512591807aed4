import { itemsOf } from '../scripts/n8n/execution.mts';
import { makeImage, makeShot, upload } from '../test/material.mts';
import type { Bench, Benchmark, Findings } from './benchmark.mts';
import { mebibytes, median, spread } from './figures.mts';
import { memoryRise } from './processFacts.mts';
import type { Workflow } from '../scripts/n8n/workflow.mts';
import { chain, manualTrigger, TRIGGER, VIDEO_NODE, videoStep } from './workflows.mts';

const MIB = 1024 ** 2;
const ROUNDS = 5;
const GOAL_RISE_BYTES = 64 * MIB;

/** A file that goes into a video, of a size that people have. */
interface Upload {
	title: string;
	operation: string;
	bytes: number;
	contentType: string;
	make(bytes: number): Promise<Buffer>;
}

/** Zeros that readers of the format skip: PNG ends with its IEND chunk, MP4 has boxes named free. */
async function padded(whole: Buffer, bytes: number, head: Buffer): Promise<Buffer> {
	return await Promise.resolve(
		Buffer.concat([whole, head, Buffer.alloc(bytes - whole.length - head.length)]),
	);
}

function freeBox(bytes: number): Buffer {
	const head = Buffer.from('\0\0\0\0free', 'latin1');
	head.writeUInt32BE(bytes);
	return head;
}

const UPLOADS: Upload[] = [
	{
		title: 'an image of 20 MiB',
		operation: 'imageToVideo',
		bytes: 20 * MIB,
		contentType: 'image/png',
		make: async (bytes) => await padded(await makeImage('red'), bytes, Buffer.alloc(0)),
	},
	{
		title: 'a video of 500 MiB',
		operation: 'extendVideo',
		bytes: 500 * MIB,
		contentType: 'video/mp4',
		async make(bytes) {
			const shot = await makeShot({ color: 'green', frames: 25, fps: 24 });
			return await padded(shot, bytes, freeBox(bytes - shot.length));
		},
	},
];

/** n8n's own node gets the file, so that only the reading and the upload are ours. */
const download = (url: string) => ({
	name: 'File',
	type: 'n8n-nodes-base.httpRequest',
	typeVersion: 4.2,
	parameters: { url, options: { response: { response: { responseFormat: 'file' } } } },
});

/** How far n8n's memory rose in each round, in bytes. */
interface Rises {
	/** With the whole of the workflow. */
	whole: number[];
	/** With the download alone, which is n8n's own. */
	download: number[];
}

async function measure(bench: Bench, given: Upload): Promise<Rises> {
	const lab = await bench.lab();
	const running = await lab.startN8n();
	const { emulator, credential } = await lab.startFal(running, {
		preparedBytes: MIB,
		runSeconds: 0,
	});
	const url = await upload(emulator, await given.make(given.bytes), given.contentType);
	const inputs = { operation: given.operation, loras: {} };
	const steps = [manualTrigger, download(url)];
	const video = videoStep(credential, {}, inputs);
	const alone = chain(`${given.title}, downloaded`, steps);
	const workflow = chain(given.title, [...steps, video]);
	const rises: Rises = { whole: [], download: [] };
	// The first one loads the node, and n8n's memory finds its size.
	for (let round = 0; round <= (bench.isQuick ? 1 : ROUNDS); round++) {
		bench.report(`${given.title}: ${round === 0 ? 'warming up' : `round ${round}`}`);
		const { n8n, pid } = running;
		const run = async (measured: Workflow) =>
			await memoryRise(
				pid,
				async () => await n8n.runWorkflow(measured, TRIGGER, { signal: bench.signal }),
			);
		const downloaded = await run(alone);
		await n8n.deleteExecution(downloaded.result.id);
		const { result: execution, riseBytes } = await run(workflow);
		const [item] = itemsOf(execution, VIDEO_NODE);
		if (!item?.binary) throw new Error(`No video: ${execution.error?.message}`);
		await n8n.deleteExecution(execution.id);
		if (round === 0) continue;
		rises.whole.push(riseBytes);
		rises.download.push(downloaded.riseBytes);
	}
	await running.stop();
	await emulator.close();
	return rises;
}

export const benchmark: Benchmark = {
	title: 'Files that go into a video',
	about: `A file that n8n's HTTP Request node has downloaded is checked, its size and length are read, and it is uploaded to fal; then a video of 1 MiB comes back. Memory is that of n8n's process (RSS) over the whole execution, the download by n8n's own node included: how far it rises above where it was.`,
	async run(bench): Promise<Findings> {
		const rows: string[][] = [];
		const goals: Findings['goals'] = [];
		for (const given of UPLOADS) {
			const rises = await measure(bench, given);
			rows.push([given.title, spread(rises.whole, mebibytes), spread(rises.download, mebibytes)]);
			const rise = median(rises.whole);
			goals.push({
				what: `with ${given.title} n8n's memory rises by at most ${mebibytes(GOAL_RISE_BYTES)} (median)`,
				measured: mebibytes(rise),
				isMet: rise <= GOAL_RISE_BYTES,
			});
		}
		return {
			tables: [
				{ columns: ['', "rise of n8n's memory, median (range)", 'with the download alone'], rows },
			],
			goals,
			notes: [
				`${bench.isQuick ? 1 : ROUNDS} rounds after one to warm up, each in an n8n of its own.`,
			],
		};
	},
};
