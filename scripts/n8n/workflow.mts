/** A node of a workflow, as n8n saves it. */
export interface WorkflowNode {
	id: string;
	name: string;
	type: string;
	typeVersion: number;
	position: [number, number];
	parameters: Record<string, unknown>;
	credentials?: Record<string, { id: string; name: string }>;
	[setting: string]: unknown;
}

/** What a node is connected to, by output. */
export interface Connections {
	main?: Connection[][];
	[kind: `ai_${string}`]: Connection[][];
}

/** One end of a connection. */
export interface Connection {
	node: string;
	type: string;
	index: number;
}

/** A workflow, as n8n exports and imports it. */
export interface Workflow {
	name: string;
	nodes: WorkflowNode[];
	/** By the node's name, then by the kind of connection: `main`, and those of an agent's parts. */
	connections: Record<string, Connections>;
	settings?: Record<string, unknown>;
	[field: string]: unknown;
}

/** The node with this name; a workflow without it is a mistake of the caller. */
export function nodeNamed(workflow: Workflow, name: string): WorkflowNode {
	const node = workflow.nodes.find((candidate) => candidate.name === name);
	if (!node) throw new Error(`The workflow "${workflow.name}" has no node named "${name}".`);
	return node;
}

/** A copy of the workflow in which every node of a type uses this credential. */
export function withCredential(
	workflow: Workflow,
	nodeType: string,
	credential: { id: string; name: string; type: string },
): Workflow {
	const { id, name, type } = credential;
	const connect = (node: WorkflowNode) =>
		node.type === nodeType ? { ...node, credentials: { [type]: { id, name } } } : node;
	return { ...workflow, nodes: workflow.nodes.map(connect) };
}
