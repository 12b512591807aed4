import type { Workflow, WorkflowNode } from '../../scripts/n8n/workflow.mts';
import { SMALL_VIDEO, videoWorkflow } from './harness.mts';

/** What distinguishes one such workflow from another. */
export interface ItemsWorkflow {
	name: string;
	/** One item each. */
	prompts: string[];
	/** Parameters of the video node besides its prompt and options. */
	parameters?: Record<string, unknown>;
	/** Options of the video node. */
	options?: Record<string, unknown>;
	/** n8n's own settings of the video node, e.g. `onError`. */
	settings?: Record<string, unknown>;
	/** Nodes after the video node, one after the other. */
	after?: Array<Pick<WorkflowNode, 'name' | 'type' | 'typeVersion' | 'parameters'>>;
}

/** A trigger, a list of prompts, the video node with an item for each, and what follows it. */
export function itemsWorkflow(asked: ItemsWorkflow): Workflow {
	const { name, prompts, parameters, options = {}, settings = {}, after = [] } = asked;
	const video = { ...SMALL_VIDEO, ...parameters, prompt: '={{ $json.prompt }}', options };
	const workflow = videoWorkflow(name, video);
	const [start, videoNode] = workflow.nodes as [WorkflowNode, WorkflowNode];
	const chain = [
		start,
		named('Prompts', 'n8n-nodes-base.set', 3.4, {
			mode: 'raw',
			jsonOutput: JSON.stringify({ prompt: prompts }),
		}),
		named('Items', 'n8n-nodes-base.splitOut', 1, { fieldToSplitOut: 'prompt' }),
		{ ...videoNode, ...settings },
		...after.map((node) => named(node.name, node.type, node.typeVersion, node.parameters)),
	].map((node, column): WorkflowNode => ({ ...node, position: [column * 240, 0] }));
	const connections = chain
		.slice(1)
		.map((node, i): [string, Workflow['connections'][string]] => [
			chain[i]!.name,
			{ main: [[{ node: node.name, type: 'main', index: 0 }]] },
		]);
	return { ...workflow, nodes: chain, connections: Object.fromEntries(connections) };
}

function named(
	name: string,
	type: string,
	typeVersion: number,
	parameters: Record<string, unknown>,
): WorkflowNode {
	return { id: name, name, type, typeVersion, parameters, position: [0, 0] };
}
