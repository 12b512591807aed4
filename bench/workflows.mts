import type { Credential } from '../scripts/n8n/rest.mts';
import type { Workflow, WorkflowNode } from '../scripts/n8n/workflow.mts';

/* Workflows that are measured. */

export const TRIGGER = 'Start';
export const VIDEO_NODE = 'Video';

/** A node, but for what only the canvas needs. */
export type Step = Pick<WorkflowNode, 'name' | 'type' | 'typeVersion' | 'parameters'> &
	Partial<WorkflowNode>;

const edge = (node: string) => ({ node, type: 'main', index: 0 });

/** Nodes, and where the outputs of each lead to. */
export function workflow(
	name: string,
	steps: readonly Step[],
	edges: Readonly<Record<string, readonly string[]>>,
): Workflow {
	const nodes = steps.map(
		(step, column): WorkflowNode => ({ id: step.name, position: [column * 240, 0], ...step }),
	);
	const connections = Object.fromEntries(
		Object.entries(edges).map(([from, to]) => [from, { main: to.map((node) => [edge(node)]) }]),
	);
	return { name, nodes, connections };
}

/** Nodes one after the other. */
export function chain(name: string, steps: readonly Step[]): Workflow {
	const edges = steps.slice(1).map((step, i) => [steps[i]!.name, [step.name]] as const);
	return workflow(name, steps, Object.fromEntries(edges));
}

export const manualTrigger: Step = {
	name: TRIGGER,
	type: 'n8n-nodes-base.manualTrigger',
	typeVersion: 1,
	parameters: {},
};

/** The node itself, with the prompt of each item. */
export function videoStep(
	{ id, name, type }: Credential,
	options: object = {},
	inputs: object = {},
): Step {
	return {
		name: VIDEO_NODE,
		type: 'n8n-nodes-fal-ltx.falLtxVideo',
		typeVersion: 1,
		parameters: {
			resource: 'video',
			operation: 'textToVideo',
			prompt: '={{ $json.prompt ?? "A paper boat on a pond." }}',
			loras: { lora: [{ path: 'someone/a-lora', weightName: '', scale: 1 }] },
			...inputs,
			options,
		},
		credentials: { [type]: { id, name } },
	};
}

/** One item for each of so many prompts. */
function itemSteps(count: number): Step[] {
	const prompt = Array.from({ length: count }, (_, i) => `A paper boat on a pond, take ${i}.`);
	return [
		{
			name: 'Prompts',
			type: 'n8n-nodes-base.set',
			typeVersion: 3.4,
			parameters: { mode: 'raw', jsonOutput: JSON.stringify({ prompt }) },
		},
		{
			name: 'Items',
			type: 'n8n-nodes-base.splitOut',
			typeVersion: 1,
			parameters: { fieldToSplitOut: 'prompt' },
		},
	];
}

/** A run by hand of so many items. */
export function itemsWorkflow(
	credential: Credential,
	count: number,
	options: object,
	inputs: object = {},
): Workflow {
	const steps = [manualTrigger, ...itemSteps(count), videoStep(credential, options, inputs)];
	return chain(`${count} items`, steps);
}

/** n8n's own Wait node, until somebody calls. */
export const waitStep: Step = {
	name: 'Wait',
	type: 'n8n-nodes-base.wait',
	typeVersion: 1.1,
	parameters: { resume: 'webhook', options: {} },
	webhookId: 'wait',
};

/** A step for each call of a webhook, which is answered at once. */
export function webhookWorkflow(path: string, step: Step): Workflow {
	const webhook: Step = {
		name: 'Called',
		type: 'n8n-nodes-base.webhook',
		typeVersion: 2,
		parameters: { httpMethod: 'POST', path, responseMode: 'onReceived', options: {} },
		webhookId: path,
	};
	return chain('By webhook', [webhook, step]);
}
