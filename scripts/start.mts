// npm start [-- --once]: from a fresh clone to a video in a running n8n.
import { performance } from 'node:perf_hooks';
import { itemsOf, type Execution, type Item } from './n8n/execution.mts';
import { startHost } from './n8n/host.mts';
import { N8nClient } from './n8n/rest.mts';
import type { Workflow } from './n8n/workflow.mts';
import type { Cleanup } from './processes/cleanup.mts';
import { untilAborted } from './processes/interruption.mts';
import { runMain } from './processes/main.mts';
import { estimatedCost, EXAMPLE_NODES, readExample } from './start/example.mts';
import { localFal, realFal, type Fal } from './start/fal.mts';
import { importExample } from './start/importExample.mts';
import { readOptions } from './start/options.mts';
import { credentialReport, editorReport, videoReport } from './start/report.mts';
import { saveVideo } from './start/saveVideo.mts';
import { runStep } from './terminal/steps.mts';
import { probeVideo } from './video/ffprobe.mts';

/** fal.ai may let a request wait in its queue for long. */
const VIDEO_WITHIN_MS = 30 * 60_000;
const CANCEL_WITHIN_MS = 10_000;

/** The local fal, or fal.ai itself when there is a key. */
async function chooseFal(cleanup: Cleanup, falKey: string | undefined): Promise<Fal> {
	if (falKey !== undefined) return realFal(falKey);
	const fal = await runStep('Local fal started', localFal);
	cleanup.add(fal.close);
	return fal;
}

function failureOf({ status, error, lastNodeExecuted }: Execution): Error {
	const where = lastNodeExecuted === undefined ? '' : ` in the node "${lastNodeExecuted}"`;
	const words = [error?.message, error?.description].filter(Boolean).join('\n');
	return new Error(`The workflow ended with ${status}${where}.\n${words}`);
}

/** Waits for the video; when a person ends that, n8n first has the time to cancel it on fal. */
async function untilMade(n8n: N8nClient, executionId: string, signal: AbortSignal) {
	try {
		return await n8n.untilOver(executionId, { signal, withinMs: VIDEO_WITHIN_MS });
	} catch (error) {
		if (!signal.aborted) throw error;
		await n8n.stopExecution(executionId);
		await n8n.untilOver(executionId, { withinMs: CANCEL_WITHIN_MS });
		throw error;
	}
}

async function makeVideo(
	n8n: N8nClient,
	{ id, workflow }: { id: string; workflow: Workflow },
	signal: AbortSignal,
): Promise<Item> {
	const executionId = await n8n.startWorkflow(id, workflow, EXAMPLE_NODES.trigger);
	const execution = await untilMade(n8n, executionId, signal);
	const [item] = itemsOf(execution, EXAMPLE_NODES.next);
	if (execution.status !== 'success' || !item) throw failureOf(execution);
	return item;
}

async function run(signal: AbortSignal, cleanup: Cleanup): Promise<number> {
	const since = performance.now();
	const { once, falKey } = readOptions();
	const example = await readExample();
	if (falKey !== undefined) {
		console.log('FAL_KEY is set: the video is made by fal.ai itself and COSTS MONEY,');
		console.log(
			`about ${estimatedCost(example)}. Press Ctrl-C now if that is not what you want.\n`,
		);
	}
	const fal = await chooseFal(cleanup, falKey);
	const { url, owner, session } = await startHost({ signal, cleanup });
	const n8n = new N8nClient(url, session);
	const imported = await runStep('Credential tested, example workflow imported', () =>
		importExample(n8n, fal, example),
	);
	const began = performance.now();
	const item = await runStep(`Video made by ${fal.name}`, () => makeVideo(n8n, imported, signal));
	const runMs = performance.now() - began;
	const file = await saveVideo(n8n, item);
	const facts = await probeVideo(file);
	const totalMs = performance.now() - since;
	console.log(
		videoReport({ file, facts, json: item.json, paid: falKey !== undefined, runMs, totalMs }),
	);
	if (once) return 0;
	console.log(editorReport(`${url}/workflow/${imported.id}`, owner));
	console.log(credentialReport(fal));
	console.log('\nCtrl-C ends n8n and removes its folder; the video stays.');
	await untilAborted(signal);
	return 0;
}

await runMain(run);
