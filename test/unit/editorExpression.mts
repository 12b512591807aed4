import {
	type INode,
	type INodeParameters,
	type INodeType,
	type INodeTypes,
	Workflow,
} from 'n8n-workflow';

/* Expressions in a node's description, as n8n's editor evaluates them. */

/** A workflow with one node, as n8n loads it. */
export function workflowOf(
	node: INodeType,
	parameters: INodeParameters,
): { workflow: Workflow; saved: INode } {
	const name = 'Subject';
	const subject: INode = {
		...{ id: '1', name, type: node.description.name, typeVersion: 1, position: [0, 0], parameters },
	};
	const byName = () => node;
	const nodeTypes = { getByName: byName, getByNameAndVersion: byName } as unknown as INodeTypes;
	const workflow = new Workflow({ nodes: [subject], connections: {}, active: false, nodeTypes });
	return { workflow, saved: workflow.getNode(name)! };
}

/** What an expression of the description gives for the node. */
export const evaluated = (workflow: Workflow, node: INode, expression: string): unknown =>
	workflow.expression.getSimpleParameterValue(node, expression, 'internal', {});
