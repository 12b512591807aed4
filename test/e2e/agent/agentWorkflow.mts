import type { Emulator } from '../../../emulator/index.mts';
import type { Execution, Item } from '../../../scripts/n8n/execution.mts';
import type { N8nClient } from '../../../scripts/n8n/rest.mts';
import type { Workflow, WorkflowNode } from '../../../scripts/n8n/workflow.mts';
import { credentialData, NODE_TYPE, saveCredential, TRIGGER } from '../harness.mts';
import type { ScriptedModel } from './scriptedModel.mts';

/** The name of the node in the workflow, and what n8n calls the tool for the model. */
export const TOOL = { node: 'Make a video', name: 'Make_a_video' } as const;
export const AGENT = 'AI Agent';
const MODEL = 'Chat Model';

/** n8n runs tools in two ways: as nodes of their own since version 3 of the agent, inside it before. */
export const AGENT_VERSIONS = [2.2, 3.1];

/** Lets the model fill in a parameter, as the button next to a field does. */
export const fromAI = (name: string, description: string, type = 'string') =>
	`={{ /*n8n-auto-generated-fromAI-override*/ $fromAI('${name}', \`${description}\`, '${type}') }}`;

/** The tool with a prompt from the model, small and short otherwise. */
export const TOOL_PARAMETERS = {
	resource: 'video',
	operation: 'textToVideo',
	descriptionType: 'auto',
	prompt: fromAI('Prompt', 'What to see and to hear'),
	loras: { lora: [{ path: 'someone/a-lora' }] },
	videoSize: 'custom',
	width: 64,
	height: 64,
	generation: { numFrames: 9 },
};

/** What a test's workflow is made of. */
export interface AgentOptions {
	emulator: Emulator;
	model: ScriptedModel;
	agentVersion: number;
	/** Changes to TOOL_PARAMETERS. */
	parameters?: Record<string, unknown>;
	/** n8n's own settings of the tool's node. */
	settings?: Partial<WorkflowNode>;
}

/** Start, an AI Agent with a chat model, and this project's node as its only tool. */
export async function agentWorkflow(n8n: N8nClient, options: AgentOptions): Promise<Workflow> {
	const { emulator, model, agentVersion, parameters, settings } = options;
	const fal = await saveCredential(n8n, credentialData(emulator));
	const openAi = await n8n.createCredential('Chat model of the tests', 'openAiApi', {
		apiKey: 'none',
		url: model.url,
		header: false,
	});
	const node = (name: string, type: string, rest: Partial<WorkflowNode>): WorkflowNode => ({
		id: name,
		name,
		type,
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
		...rest,
	});
	const as = (type: string, to: string) => ({ [type]: [[{ node: to, type, index: 0 }]] });
	return {
		name: `Agent ${agentVersion}`,
		nodes: [
			node(TRIGGER, 'n8n-nodes-base.manualTrigger', {}),
			node(AGENT, '@n8n/n8n-nodes-langchain.agent', {
				typeVersion: agentVersion,
				parameters: { promptType: 'define', text: 'Make a video of a fox.', options: {} },
			}),
			node(MODEL, '@n8n/n8n-nodes-langchain.lmChatOpenAi', {
				typeVersion: 1.2,
				parameters: { model: { __rl: true, mode: 'id', value: 'scripted' }, options: {} },
				credentials: { openAiApi: openAi },
			}),
			node(TOOL.node, `${NODE_TYPE}Tool`, {
				parameters: { ...TOOL_PARAMETERS, ...parameters },
				credentials: { falLtxApi: fal },
				...settings,
			}),
		],
		connections: {
			[TRIGGER]: as('main', AGENT),
			[MODEL]: as('ai_languageModel', AGENT),
			[TOOL.node]: as('ai_tool', AGENT),
		},
		// As the editor saves it. Without it an agent continues before its tool has run.
		settings: { executionOrder: 'v1' },
	};
}

/** The items that the tool gave, by call. */
export function toolRuns(execution: Execution): Item[][] {
	return (execution.runs[TOOL.node] ?? []).map(({ data }) => {
		const given = (data as unknown as { ai_tool?: Item[][] } | undefined)?.ai_tool;
		return given?.flat() ?? [];
	});
}

/** What the tool answered the model, whichever way n8n wraps it. */
export function answerOf(text: string): Record<string, unknown> {
	const answer = JSON.parse(text) as unknown;
	return (Array.isArray(answer) ? answer[0] : answer) as Record<string, unknown>;
}
