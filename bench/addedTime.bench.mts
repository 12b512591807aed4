import type { Emulator } from '../emulator/index.mts';
import type { Execution } from '../scripts/n8n/execution.mts';
import type { N8nClient } from '../scripts/n8n/rest.mts';
import type { Workflow } from '../scripts/n8n/workflow.mts';
import type { Benchmark } from './benchmark.mts';
import { median, milliseconds, spread } from './figures.mts';
import { TEMPLATE_WAIT_SECONDS, templateWorkflow } from './template.mts';
import { chain, manualTrigger, TRIGGER, videoStep } from './workflows.mts';

const FILE_BYTES = 2 * 1024 ** 2;
const GOAL_MS = 100;
const GOAL_TIMES = 20;

/** How long the jobs take, in seconds: whatever the pace of polling, some end at each point of it. */
const JOBS = Array.from({ length: 12 }, (_, i) => 0.5 + i * 0.5);
const QUICK_JOBS = [1, 2.5];

/** Runs a workflow for one job and gives what it took beyond the job and the file's transfer. */
async function addedMs(
	{ n8n, fal, signal }: { n8n: N8nClient; fal: Emulator; signal: AbortSignal },
	measured: Workflow,
): Promise<number> {
	const before = fal.requests.length;
	const execution = await n8n.runWorkflow(measured, TRIGGER, { signal });
	const [made, ...more] = fal.requests.slice(before);
	if (execution.status !== 'success' || !made || more.length > 0) {
		throw new Error(`A run ended with ${execution.status}: ${execution.error?.message}`);
	}
	const jobMs = made.endedAt!.getTime() - made.submittedAt.getTime();
	const { video } = made.output as { video: { url: string } };
	return wallMs(execution) - jobMs - (await transferMs(video.url));
}

/** From the first node's start to the last one's end, without the trigger. */
function wallMs({ runs }: Execution): number {
	const all = Object.entries(runs)
		.filter(([name]) => name !== TRIGGER)
		.flatMap(([, nodeRuns]) => nodeRuns);
	const start = Math.min(...all.map(({ startTime }) => startTime));
	return Math.max(...all.map((run) => run.startTime + run.executionTime)) - start;
}

/** What a plain download of the same file takes. */
async function transferMs(url: string): Promise<number> {
	const startedAt = performance.now();
	await (await fetch(url)).arrayBuffer();
	return performance.now() - startedAt;
}

export const benchmark: Benchmark = {
	title: 'Added time per generation',
	about: `One video at a time, in a real n8n: the time from the start of the first node to the end of the last, less the time that fal took for the job and less a plain download of the same file (${FILE_BYTES / 1024 ** 2} MiB). The usual template is built from n8n's own nodes: HTTP Request, Wait (${TEMPLATE_WAIT_SECONDS} s), HTTP Request, IF, and back to Wait until the job is done. Both get jobs of the same lengths, in turns.`,
	async run({ lab, isQuick, report, signal }) {
		const opened = await lab();
		const running = await opened.startN8n();
		const { n8n } = running;
		const { emulator, credential } = await opened.startFal(running, { preparedBytes: FILE_BYTES });
		const header = { name: 'Authorization', value: `Key ${emulator.apiKey}` };
		const headerAuth = await n8n.createCredential('fal by header', 'httpHeaderAuth', header);
		const ours = chain('The node', [manualTrigger, videoStep(credential)]);
		const template = templateWorkflow(headerAuth, emulator.hosts.queue);
		const added = async (measured: Workflow, runSeconds: number) => {
			emulator.script('boat', { job: { runSeconds } });
			return await addedMs({ n8n, fal: emulator, signal }, measured);
		};
		// The first run of a node loads it.
		await added(ours, 0.5);
		await added(template, 0.5);
		const samples: Array<{ ours: number; template: number }> = [];
		for (const seconds of isQuick ? QUICK_JOBS : JOBS) {
			report(`jobs of ${seconds} s`);
			samples.push({ ours: await added(ours, seconds), template: await added(template, seconds) });
		}
		const oursMs = samples.map((sample) => sample.ours);
		const templateMs = samples.map((sample) => sample.template);
		const ratio = median(templateMs) / median(oursMs);
		return {
			tables: [
				{
					columns: ['', 'added, median (range)'],
					rows: [
						['fal LTX Video', spread(oursMs, milliseconds)],
						['the usual template', spread(templateMs, milliseconds)],
						['the template as a multiple', `${ratio.toFixed(0)} ×`],
					],
				},
			],
			goals: [
				{
					what: `the node adds ${GOAL_MS} ms at the most (median)`,
					measured: milliseconds(median(oursMs)),
					isMet: median(oursMs) <= GOAL_MS,
				},
				{
					what: `at least ${GOAL_TIMES} times less than the template`,
					measured: `${ratio.toFixed(0)} times`,
					isMet: ratio >= GOAL_TIMES,
				},
			],
			notes: [
				`${samples.length} jobs each, of ${(isQuick ? QUICK_JOBS : JOBS).join(', ')} s. What the template adds is mostly its waiting after the job has ended.`,
			],
		};
	},
};
