import type { Emulator } from '../../../emulator/index.mts';
import type { N8nClient } from '../../../scripts/n8n/rest.mts';
import type { Workflow, WorkflowNode } from '../../../scripts/n8n/workflow.mts';
import { TOOL, TOOL_PARAMETERS } from '../agent/agentWorkflow.mts';
import { connected, NODE_TYPE, runningHost } from '../harness.mts';

const TRIGGER = 'MCP Server Trigger';

/** The newest version of the trigger that each n8n has. */
const TRIGGER_VERSIONS = { newest: 2.1, oldest: 2 };

/** What distinguishes one such workflow from another. */
export interface McpOptions {
	emulator: Emulator;
	/** Of the server's address. */
	path: string;
	/** Changes to TOOL_PARAMETERS. */
	parameters?: Record<string, unknown>;
	/** n8n's own settings of the tool's node. */
	settings?: Partial<WorkflowNode>;
}

/** An MCP Server Trigger with this project's node as its only tool. */
export async function mcpWorkflow(
	n8n: N8nClient,
	{ emulator, path, parameters, settings }: McpOptions,
): Promise<Workflow> {
	const position: WorkflowNode['position'] = [0, 0];
	const trigger: WorkflowNode = {
		...{ id: TRIGGER, name: TRIGGER, position, webhookId: path },
		type: '@n8n/n8n-nodes-langchain.mcpTrigger',
		typeVersion: TRIGGER_VERSIONS[runningHost().target],
		parameters: { path },
	};
	const tool: WorkflowNode = {
		...{ id: TOOL.node, name: TOOL.node, position },
		type: `${NODE_TYPE}Tool`,
		typeVersion: 1,
		parameters: { ...TOOL_PARAMETERS, ...parameters },
		...settings,
	};
	return await connected(n8n, emulator, {
		name: `MCP ${path}`,
		nodes: [trigger, tool],
		connections: {
			[TOOL.node]: { ai_tool: [[{ node: TRIGGER, type: 'ai_tool', index: 0 }]] },
		},
	});
}
