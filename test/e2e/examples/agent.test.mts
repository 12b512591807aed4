import { randomUUID } from 'node:crypto';
import { nodeNamed, withCredential } from '../../../scripts/n8n/workflow.mts';
import { answerOf } from '../agent/agentWorkflow.mts';
import { startModel, type ScriptedModel } from '../agent/scriptedModel.mts';
import { readWorkflow, withNode } from '../exampleWorkflow.mts';
import { connected, loggedIn } from '../harness.mts';
import { useSharedEmulator } from '../../useEmulator.mts';

/* The example "An agent that makes videos", spoken to in its chat. */

const emulator = useSharedEmulator({ runSeconds: 0.1 });
let model: ScriptedModel;
const n8n = loggedIn();

const SMALL = { Video_Size: 'square', Seconds: 0.4 };

beforeAll(async () => {
	model = await startModel([
		() => [{ tool: 'Estimate_the_cost', input: SMALL }],
		() => [{ tool: 'Make_a_video', input: { ...SMALL, Prompt: 'A fox in the snow' } }],
		({ answers }) => {
			const [price, made] = answers.map(answerOf);
			const { url } = made!['video'] as { url: string };
			return `It costs ${price!['estimated_cost']} USD. Here it is: ${url}`;
		},
		// The next message: too many for the limit.
		() => [{ tool: 'Make_a_video', input: { ...SMALL, Seconds: 20, Prompt: 'A long fox' } }],
		() => [{ tool: 'Make_a_video', input: { ...SMALL, Seconds: 20, Prompt: 'A fox again' } }],
		() => [{ tool: 'Make_a_video', input: { ...SMALL, Seconds: 20, Prompt: 'And another' } }],
		() => [{ tool: 'Make_a_video', input: { ...SMALL, Seconds: 20, Prompt: 'One more' } }],
		({ answers }) => `That is enough: ${String(answerOf(answers.at(-1)!)['error'])}`,
	]);
});

afterAll(async () => {
	await model.close();
});

/** Sends messages to the published chat; gives what is answered. */
async function chat(...messages: string[]): Promise<string[]> {
	const openAi = await n8n.createCredential('Chat model of the tests', 'openAiApi', {
		apiKey: 'none',
		url: model.url,
		header: false,
	});
	const example = await connected(n8n, emulator, await readWorkflow('agent.json'));
	const type = nodeNamed(example, 'Chat Model').type;
	const trigger = 'A message arrives';
	const open = withNode(withCredential(example, type, openAi), trigger, {
		parameters: { public: true },
	});
	await n8n.publishWorkflow(open);
	const webhookId = String(nodeNamed(example, trigger)['webhookId']);
	const sessionId = randomUUID();
	const outputs: string[] = [];
	for (const chatInput of messages) {
		const answer = await fetch(`${n8n.url}/webhook/${webhookId}/chat`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ action: 'sendMessage', sessionId, chatInput }),
		});
		outputs.push(((await answer.json()) as { output: string }).output);
	}
	return outputs;
}

test('says the price, makes the video, answers with its link, and keeps to its limits', async () => {
	const [made, refused] = await chat('A fox, please. What is it?', 'Four very long ones!');
	const first = emulator.requests[0]!;
	expect(made).toMatch(/^It costs 0\.0029 USD\. Here it is: http.*\.mp4$/);
	expect(first.input).toMatchObject({
		prompt: 'A fox in the snow',
		video_size: 'square',
		num_frames: 9,
	});

	// A video of 512 × 512 × 481 costs $0.152: the fourth would be over $0.50.
	expect(emulator.requests).toHaveLength(4);
	expect(refused).toContain('That is enough: The video would cost about $0.152 after 3 of');
	expect(refused).toContain('Max Cost per Run (maxCostPerRun) is $0.5');

	const [estimate, make] = model.shown[0]!.tools.sort((a, b) => a.name.localeCompare(b.name));
	expect(estimate).toMatchObject({
		name: 'Estimate_the_cost',
		description: expect.stringContaining('without making it'),
	});
	expect(make).toMatchObject({
		name: 'Make_a_video',
		description: expect.stringContaining('video.url'),
		parameters: {
			properties: {
				Prompt: { description: expect.stringContaining('What to see and to hear') },
				Video_Size: { description: expect.stringContaining('landscape_16_9') },
				Seconds: { type: 'number', description: expect.stringContaining('0.4 to 20') },
			},
		},
	});
});
