import { contentPolicyViolation } from '../../emulator/responses.mts';
import type { WebhookFault } from '../../emulator/index.mts';
import { itemsOf, type Execution } from '../../scripts/n8n/execution.mts';
import { nodeNamed, type Workflow } from '../../scripts/n8n/workflow.mts';
import { readWorkflow, withFields, withNode } from './exampleWorkflow.mts';
import { connected, loggedIn, SMALL_VIDEO } from './harness.mts';
import { until } from './poll.mts';
import { binaryOf } from './savedBinary.mts';
import { useEmulator } from '../useEmulator.mts';

/* The example "Wait for a batch by webhook, collect what comes late". */

const GENERATE = 'Generate';
const PROMPTS = ['good', 'also good', 'refused'];

/** n8n looks once a minute for executions whose time has come. */
const RESUMED_WITHIN_MS = 90_000;

const emulator = useEmulator({ runSeconds: 1.5 });
const n8n = loggedIn();

/** What happens to the webhook calls of all three. */
function scriptAll(webhook: WebhookFault[]): void {
	const outcome = contentPolicyViolation('refused');
	for (const prompt of PROMPTS) {
		const job = prompt === 'refused' ? { job: { runSeconds: 1.5, outcome } } : {};
		emulator.script((input) => input['prompt'] === prompt, { ...job, webhook });
	}
}

async function example(options: object = {}): Promise<Workflow> {
	const read = await readWorkflow('wait-and-collect.json');
	const { width, height, videoSize, generation } = SMALL_VIDEO;
	const own = nodeNamed(read, GENERATE).parameters['options'] as object;
	const parameters = { width, height, videoSize, generation, options: { ...own, ...options } };
	const small = withNode(read, GENERATE, { parameters });
	const prompts = `=${JSON.stringify(PROMPTS)}`;
	return await connected(n8n, emulator, withFields(small, 'Prompts', { prompts }));
}

async function runToItsEnd(workflow: Workflow): Promise<Execution> {
	const { id } = await n8n.createWorkflow(workflow);
	const executionId = await n8n.startWorkflow(id, workflow, 'Start');
	expect(await n8n.untilOver(executionId)).toMatchObject({ status: 'waiting' });
	const isResumed = async () => (await n8n.untilOver(executionId)).status !== 'waiting';
	await until('it resumes', isResumed, RESUMED_WITHIN_MS);
	return await n8n.untilOver(executionId);
}

async function expectOutcome(execution: Execution): Promise<void> {
	expect(execution).toMatchObject({ status: 'success' });
	const videos = itemsOf(execution, 'Videos');
	expect(videos.map(({ json }) => json['prompt'])).toEqual(['good', 'also good']);
	for (const video of videos) await binaryOf(n8n, video);
	const [refused] = itemsOf(execution, 'Refused or lost');
	expect(refused!.json['error']).toContain('flagged by a content checker');
	expect(emulator.requests).toHaveLength(PROMPTS.length);
}

test('resumes with the videos, and the refused one apart', async () => {
	scriptAll([]);
	const execution = await runToItsEnd(await example());
	await expectOutcome(execution);
	expect(execution.runs['Fetch what came late']).toBeUndefined();
});

test('collects them by their ids when no webhook call ever comes', async () => {
	scriptAll([{ kind: 'lost' }]);
	const execution = await runToItsEnd(await example({ timeoutSeconds: 3 }));
	expect(itemsOf(execution, 'Fetch what came late').length).toBeGreaterThan(0);
	await expectOutcome(execution);
});
