import { answerOf, fromAI, TOOL } from '../agent/agentWorkflow.mts';
import { loggedIn } from '../harness.mts';
import { until } from '../poll.mts';
import { McpClient, type ToolResult } from './mcpClient.mts';
import { mcpWorkflow, type McpOptions } from './mcpWorkflow.mts';
import { useEmulator } from '../../useEmulator.mts';

/*
 * The node as a tool under n8n's MCP Server Trigger, called by an MCP client. n8n runs it while it
 * answers the call, without an execution: there is no Stop, and no call knows of another.
 */

const emulator = useEmulator({ runSeconds: 0.1 });
const n8n = loggedIn();

/** Each test publishes a workflow at a path of its own. */
let published = 0;

/** Publishes the workflow and connects a client to it. */
async function serve(
	changes: Pick<McpOptions, 'parameters' | 'settings'> = {},
): Promise<{ client: McpClient; workflowId: string }> {
	const path = `videos-${++published}`;
	const workflow = await mcpWorkflow(n8n, { emulator, path, ...changes });
	const { id } = await n8n.publishWorkflow(workflow);
	const client = new McpClient(`${n8n.url}/mcp/${path}`);
	await client.connect();
	return { client, workflowId: id };
}

const FOX = { Prompt: 'a fox' };

/** A file that is refused once, after its video was paid for. */
const REFUSED_ONCE = { download: [{ kind: 'status', status: 403 } as const] };

/** The one text of an answer. */
function textOf({ content }: ToolResult): string {
	expect(content).toEqual([{ type: 'text', text: expect.any(String) }]);
	return content[0]!.text;
}

const jsonOf = (result: ToolResult) => answerOf(textOf(result));
const idOf = (result: ToolResult) => jsonOf(result)['request_id'];
const submits = () =>
	emulator.calls.filter(({ listener, method }) => listener === 'queue' && method === 'POST');

/** n8n lists a call when it is over, and as a success whatever the tool answered. */
async function untilListed(workflowId: string): Promise<void> {
	const isListed = async () => (await n8n.countExecutions(workflowId, 'success')) === 1;
	await until('the call is listed', isListed);
}

test('the tool is listed with its description and its input', async () => {
	const { client } = await serve();
	expect(await client.listTools()).toMatchObject([
		{
			name: TOOL.name,
			description: expect.stringContaining('Generate a video from text'),
			inputSchema: {
				properties: { Prompt: { type: 'string', description: 'What to see and to hear' } },
			},
		},
	]);
});

describe('a call', () => {
	test('makes a video and answers with its link, its request and its cost', async () => {
		const { client } = await serve();
		const result = await client.callTool(TOOL.name, FOX);
		expect(result.isError).toBeUndefined();
		const [request] = emulator.requests;
		expect(request?.input['prompt']).toBe('a fox');
		expect(jsonOf(result)).toMatchObject({
			video: { url: expect.stringMatching(/^http.*\.mp4$/), num_frames: 9 },
			request_id: request?.request_id,
			cost: { estimated: 0.0001, actual: 0.0001, currency: 'USD' },
		});
		expect(submits()).toHaveLength(1);
	});

	test('with a value that fal would refuse is answered with what is allowed', async () => {
		const parameters = { generation: { numFrames: fromAI('Frames', 'How many', 'number') } };
		const { client } = await serve({ parameters });
		const refused = await client.callTool(TOOL.name, { ...FOX, Frames: 5 });
		expect(jsonOf(refused)['error']).toContain(
			'Frames (numFrames) is 5, but must be a whole number from 9 to 481. Nothing was sent to fal',
		);
		expect(submits()).toHaveLength(0);
	});

	test("is answered with fal's refusal in fal's words, and with the request ID", async () => {
		const body = {
			detail: [{ loc: ['body', 'prompt'], msg: 'Flagged', type: 'content_policy_violation' }],
		};
		emulator.script('a fox', { job: { outcome: { status: 422, body, billableUnits: '0' } } });
		const { client, workflowId } = await serve();
		const { error } = jsonOf(await client.callTool(TOOL.name, FOX));
		expect(error).toContain('prompt: Flagged (content_policy_violation)');
		expect(error).toContain(emulator.requests[0]!.request_id);
		await untilListed(workflowId);
	});

	test('waits for the video in Wait Mode Webhook, too', async () => {
		const { client } = await serve({ parameters: { options: { waitMode: 'webhook' } } });
		expect(jsonOf(await client.callTool(TOOL.name, FOX))).toHaveProperty('video.url');
		expect(emulator.requests[0]?.query).not.toHaveProperty('fal_webhook');
	});

	test('submits once although n8n tries the node again', async () => {
		emulator.script('a fox', REFUSED_ONCE);
		// Only an error that is thrown is tried again here.
		const retry = { retryOnFail: true, maxTries: 2, waitBetweenTries: 10 };
		const { client } = await serve({
			parameters: { options: { downloadVideo: true } },
			settings: { ...retry, onError: 'stopWorkflow' },
		});
		expect(idOf(await client.callTool(TOOL.name, FOX))).toBe(emulator.requests[0]?.request_id);
		expect(submits()).toHaveLength(1);
	});

	test('is cancelled on fal at the timeout of the node', async () => {
		emulator.script('a fox', { job: { runSeconds: 60 } });
		const { client } = await serve({ parameters: { options: { timeoutSeconds: 1 } } });
		const { error } = jsonOf(await client.callTool(TOOL.name, FOX));
		expect(error).toContain('There was no video within 1 s');
		expect(emulator.requests[0]?.cancelledAt).toBeDefined();
	});

	describe('whose client no longer waits', () => {
		beforeEach(() => emulator.script('a fox', { job: { runSeconds: 1 } }));

		test.each([
			['cancels the call', async (client: McpClient) => await client.cancelLast()],
			['breaks the connection', (_client: McpClient, leaving: AbortController) => leaving.abort()],
		])('and %s is not cancelled on fal: nothing reaches the node', async (_name, leave) => {
			const { client, workflowId } = await serve();
			const leaving = new AbortController();
			const unanswered = client.callTool(TOOL.name, FOX, leaving.signal).catch(() => undefined);
			await until('fal runs it', () => emulator.requests[0]?.state === 'IN_PROGRESS');
			expect(await n8n.executionsOf(workflowId)).toEqual([]);
			await leave(client, leaving);
			await until('the video is made', () => emulator.requests[0]?.state === 'COMPLETED');
			expect(emulator.requests[0]?.cancelledAt).toBeUndefined();
			await untilListed(workflowId);
			leaving.abort();
			await unanswered;
		});
	});
});

describe('two calls', () => {
	test('at once make two videos, for the same input as well', async () => {
		const { client } = await serve();
		const calls = [FOX, FOX, { Prompt: 'an owl' }].map((input) =>
			client.callTool(TOOL.name, input),
		);
		const ids = (await Promise.all(calls)).map(idOf);
		expect(ids.sort()).toEqual(emulator.requests.map(({ request_id: id }) => id).sort());
		expect(new Set(ids).size).toBe(3);
	});

	test('know nothing of each other: one that is repeated after a failure submits again', async () => {
		emulator.script('a fox', REFUSED_ONCE);
		const { client } = await serve({ parameters: { options: { downloadVideo: true } } });
		const { error } = jsonOf(await client.callTool(TOOL.name, FOX));
		expect(error).toContain(emulator.requests[0]!.request_id);
		expect(idOf(await client.callTool(TOOL.name, FOX))).toBe(emulator.requests[1]?.request_id);
	});

	test('are not advised, as a repeated one would be billed again', async () => {
		emulator.script('a fox', REFUSED_ONCE);
		const { client } = await serve({ parameters: { options: { downloadVideo: true } } });
		const { error } = jsonOf(await client.callTool(TOOL.name, FOX));
		expect(error).toContain(emulator.requests[0]!.request_id);
		expect(error).not.toMatch(/retry of this execution|same call with the same input/i);
	});

	// A video of 64 × 64 × 481 costs $0.0028.
	test.each([
		[0.003, 2],
		[0.001, 0],
	])('have a limit per run of $%d each, so %d of them submit', async (maxCostPerRun, submitted) => {
		const { client } = await serve({
			parameters: { generation: { numFrames: 481 }, options: { maxCostPerRun } },
		});
		const answers = [];
		for (let calls = 0; calls < 2; calls++) {
			answers.push(jsonOf(await client.callTool(TOOL.name, FOX)));
		}
		expect(submits()).toHaveLength(submitted);
		const refused = answers.filter(({ error }) => String(error).includes('Max Cost per Run'));
		expect(refused).toHaveLength(2 - submitted);
	});
});
