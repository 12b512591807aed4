import type { Emulator } from '../../emulator/index.mts';
import type { Host } from '../../scripts/n8n/host.mts';
import { N8nClient, type Credential } from '../../scripts/n8n/rest.mts';
import { withCredential, type Workflow, type WorkflowNode } from '../../scripts/n8n/workflow.mts';

// n8n and the local fal do real work: a video is made and read again.
jest.setTimeout(120_000);

/** The node as an installed community package names it. */
export const NODE_TYPE = 'n8n-nodes-fal-ltx.falLtxVideo';
const CREDENTIAL_TYPE = 'falLtxApi';

/** The n8n that `npm run e2e` started for all tests. */
export function runningHost(): Host {
	const host = process.env['E2E_HOST'];
	if (host === undefined) throw new Error('These tests need an n8n: run them with `npm run e2e`.');
	return JSON.parse(host) as Host;
}

/** A client that is logged in to that n8n. */
export function loggedIn(): N8nClient {
	const { url, session } = runningHost();
	return new N8nClient(url, session);
}

/** What a person fills in to reach the local fal. */
export function credentialData({ hosts, apiKey }: Emulator): Record<string, unknown> {
	const { queue, rest, platform } = hosts;
	return { apiKey, customHosts: true, queueUrl: queue, restUrl: rest, platformUrl: platform };
}

/** Saves a credential of this project. */
export async function saveCredential(
	n8n: N8nClient,
	data: Record<string, unknown>,
): Promise<Credential> {
	return await n8n.createCredential('fal of the tests', CREDENTIAL_TYPE, data);
}

/** The workflow, with the credential of this local fal in each node of ours. */
export async function connected(
	n8n: N8nClient,
	emulator: Emulator,
	workflow: Workflow,
): Promise<Workflow> {
	const credential = await saveCredential(n8n, credentialData(emulator));
	return [NODE_TYPE, `${NODE_TYPE}Tool`, `${NODE_TYPE}Trigger`].reduce(
		(connecting, type) => withCredential(connecting, type, credential),
		workflow,
	);
}

export const TRIGGER = 'Start';
export const VIDEO_NODE = 'Video';

/** Saves a workflow and starts it by its manual trigger; gives the execution's number. */
export async function startWorkflow(n8n: N8nClient, workflow: Workflow): Promise<string> {
	const { id } = await n8n.createWorkflow(workflow);
	return await n8n.startWorkflow(id, workflow, TRIGGER);
}

const node = (name: string, type: string, parameters: object, column: number): WorkflowNode => ({
	id: name,
	name,
	type,
	typeVersion: 1,
	position: [column * 240, 0],
	parameters: { ...parameters },
});

/** A manual trigger, then this project's node with these parameters. */
export function videoWorkflow(name: string, parameters: Record<string, unknown>): Workflow {
	return {
		name,
		nodes: [
			node(TRIGGER, 'n8n-nodes-base.manualTrigger', {}, 0),
			node(
				VIDEO_NODE,
				NODE_TYPE,
				{ resource: 'video', operation: 'textToVideo', ...parameters },
				1,
			),
		],
		connections: { [TRIGGER]: { main: [[{ node: VIDEO_NODE, type: 'main', index: 0 }]] } },
	};
}

/** A small and short video, as fast to make as one can be. */
export const SMALL_VIDEO = {
	prompt: 'A paper boat on a pond.',
	loras: { lora: [{ path: 'someone/a-lora', weightName: '', scale: 1 }] },
	videoSize: 'custom',
	width: 320,
	height: 192,
	generation: { numFrames: 25, fps: 24 },
};
