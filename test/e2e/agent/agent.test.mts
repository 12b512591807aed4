import type { Emulator, EmulatorOptions } from '../../../emulator/index.mts';
import { itemsOf, type Execution } from '../../../scripts/n8n/execution.mts';
import { loggedIn, TRIGGER } from '../harness.mts';
import {
	AGENT,
	AGENT_VERSIONS,
	agentWorkflow,
	answerOf,
	fromAI,
	TOOL,
	toolRuns,
	type AgentOptions,
} from './agentWorkflow.mts';
import { startModel, type ScriptedModel, type Turn } from './scriptedModel.mts';
import { useEmulator } from '../../useEmulator.mts';

/*
 * The node as a tool of n8n's AI Agent, with a scripted chat model. What the model is shown and what
 * fal was asked for is what counts.
 */

const emulator = useEmulator();
const n8n = loggedIn();
let model: ScriptedModel;

afterEach(async () => await model.close());

/** One execution of an agent whose model takes these turns. */
async function converse(
	agentVersion: number,
	turns: Turn[],
	changes: Pick<AgentOptions, 'parameters' | 'settings'> = {},
	fal: (emulator: Emulator) => void = () => undefined,
	falOptions: EmulatorOptions = { runSeconds: 0.1 },
): Promise<Execution> {
	await emulator.restart(falOptions);
	fal(emulator);
	model = await startModel(turns);
	const workflow = await agentWorkflow(n8n, { emulator, model, agentVersion, ...changes });
	return await n8n.runWorkflow(workflow, TRIGGER);
}

const well = ({ status, error }: Execution) =>
	expect({ status, error }).toEqual({ status: 'success' });

const call =
	(...inputs: Array<Record<string, unknown>>): Turn =>
	() =>
		inputs.map((input) => ({ tool: TOOL.name, input }));

const fox: Turn = call({ Prompt: 'a fox' });
const say =
	(text: string): Turn =>
	() =>
		text;

const submits = () =>
	emulator.calls.filter(({ listener, method }) => listener === 'queue' && method === 'POST');
const downloads = () => emulator.calls.filter(({ listener }) => listener === 'cdn');
const lastAnswers = () => model.shown.at(-1)!.answers;
const links = () => lastAnswers().map((text) => (answerOf(text)['video'] as { url: string }).url);

describe.each(AGENT_VERSIONS)('an AI Agent of version %d', (version) => {
	test('hands over what the model says, and gets back what it needs to answer', async () => {
		const answer: Turn = ({ answers }) => {
			const { video } = answerOf(answers[0]!) as { video: { url: string } };
			return `Here it is: ${video.url}`;
		};
		const execution = await converse(version, [fox, answer]);
		well(execution);

		const [tool] = model.shown[0]!.tools;
		expect(tool).toMatchObject({
			name: TOOL.name,
			description: expect.stringContaining('Generate a video from text'),
			parameters: {
				properties: { Prompt: { type: 'string', description: 'What to see and to hear' } },
			},
		});
		expect(emulator.requests.map(({ input }) => input['prompt'])).toEqual(['a fox']);

		const [request] = emulator.requests;
		expect(answerOf(lastAnswers()[0]!)).toMatchObject({
			video: { url: expect.stringMatching(/^http.*\.mp4$/), num_frames: 9 },
			seed: expect.any(Number),
			request_id: request!.request_id,
			cost: { estimated: 0.0001, actual: 0.0001, currency: 'USD' },
		});
		const [item] = itemsOf(execution, AGENT);
		expect(item?.json['output']).toBe(`Here it is: ${links()[0]}`);
	});

	test('is given no file, and none is fetched', async () => {
		const execution = await converse(version, [fox, say('Done')]);
		well(execution);
		expect(downloads()).toEqual([]);
		expect(toolRuns(execution).flat()[0]?.binary).toBeUndefined();
		expect(answerOf(lastAnswers()[0]!)).toMatchObject({ timings: { download_seconds: null } });
	});

	test('may fill in numbers, choices and switches as text', async () => {
		const parameters = {
			videoSize: fromAI('Size', 'square or landscape_16_9'),
			generation: {
				numFrames: fromAI('Frames', 'How many'),
				generateAudio: fromAI('Sound', 'true or false'),
				seed: fromAI('Seed', ''),
			},
		};
		const input = { Prompt: 'a fox', Size: 'square', Frames: '17', Sound: 'false', Seed: '7' };
		well(await converse(version, [call(input), say('Done')], { parameters }));
		expect(emulator.requests[0]?.input).toMatchObject({
			prompt: 'a fox',
			video_size: 'square',
			num_frames: 17,
			generate_audio: false,
			seed: 7,
		});
		expect(emulator.violations).toEqual([]);
	});

	test('may animate an image that it has the link of', async () => {
		const parameters = {
			...{ operation: 'imageToVideo', loras: {} },
			...{ imageSource: 'link', imageUrl: fromAI('Image', 'The link of the image') },
		};
		const image = 'https://example.com/photo.png';
		const turns = [call({ Prompt: 'it waves', Image: image }), say('Done')];
		well(await converse(version, turns, { parameters }));
		expect(emulator.requests[0]).toMatchObject({
			endpointId: 'fal-ai/ltx-2.3-22b/distilled/image-to-video',
			input: { prompt: 'it waves', image_url: image },
		});
		expect(model.shown[0]!.tools[0]).toMatchObject({
			description: expect.stringContaining('Animate an image'),
		});
	});

	test('reads which value is wrong and what is allowed, and can try again', async () => {
		const parameters = { generation: { numFrames: fromAI('Frames', 'How many', 'number') } };
		const turns = [
			call({ Prompt: 'a fox', Frames: 5 }),
			call({ Prompt: 'a fox', Frames: 9 }),
			say('Done'),
		];
		well(await converse(version, turns, { parameters }));
		expect(model.shown[1]!.answers[0]).toContain(
			'Frames (numFrames) is 5, but must be a whole number from 9 to 481. Nothing was sent to fal',
		);
		expect(submits()).toHaveLength(1);
	});

	test('reads that the video would cost too much', async () => {
		const parameters = { generation: { numFrames: 481 }, options: { maxCostPerItem: 0.001 } };
		well(await converse(version, [fox, say('Too expensive')], { parameters }));
		expect(lastAnswers()[0]).toContain(
			'The video would cost about $0.0028, but Max Cost per Item (maxCostPerItem) is $0.001. Nothing was sent to fal for it, so nothing is billed.',
		);
		expect(submits()).toEqual([]);
	});

	test('can ask for the price first', async () => {
		const parameters = { operation: 'estimateCost', priceSource: 'published' };
		well(await converse(version, [fox, say('Cheap')], { parameters }));
		expect(model.shown[0]!.tools[0]?.description).toContain('Estimate the cost of a video');
		expect(answerOf(lastAnswers()[0]!)).toMatchObject({ estimated_cost: 0.0001, currency: 'USD' });
		expect(emulator.calls).toEqual([]);
	});

	test("reads fal's refusal in fal's words, with the request and what to do", async () => {
		const body = {
			detail: [{ loc: ['body', 'prompt'], msg: 'Flagged', type: 'content_policy_violation' }],
		};
		const refuse = (fal: Emulator) =>
			fal.script('a fox', { job: { outcome: { status: 422, body, billableUnits: '0' } } });
		well(await converse(version, [fox, fox, say('Refused')], {}, refuse));
		const { request_id: requestId } = emulator.requests[0]!;
		for (const answer of lastAnswers()) {
			expect(answer).toContain('prompt: Flagged (content_policy_violation)');
			expect(answer).toContain(`Request ID: ${requestId}`);
			expect(answer).toContain('the same input will be refused again');
			expect(answer).not.toContain('[item 0]');
		}
		expect(submits()).toHaveLength(1);
	});

	test('that cannot reach fal reads why, although n8n has words of its own for it', async () => {
		const unreachable = 'http://127.0.0.1:1';
		const unplug = (fal: Emulator) => Object.assign(fal.hosts, { queue: unreachable });
		well(await converse(version, [fox, say('Unreachable')], {}, unplug));
		expect(lastAnswers()[0]).toContain('Submitting the request failed: the connection to fal');
		expect(lastAnswers()[0]).toContain('ECONNREFUSED');
	});
});

describe.each(AGENT_VERSIONS)('what an AI Agent of version %d submits', (version) => {
	test('is one video for each call: two in one turn, and one more', async () => {
		const turns = [call({ Prompt: 'a fox' }, { Prompt: 'an owl' }), fox, say('Done')];
		well(await converse(version, turns));
		expect(emulator.requests.map(({ input }) => input['prompt']).sort()).toEqual([
			'a fox',
			'a fox',
			'an owl',
		]);
		expect(new Set(links()).size).toBe(3);
	});

	test('is two videos when it asks for the same twice at once', async () => {
		const turns = [call({ Prompt: 'a fox' }, { Prompt: 'a fox' }), say('Done')];
		well(await converse(version, turns));
		expect(submits()).toHaveLength(2);
		expect(new Set(links()).size).toBe(2);
	});

	const parameters = { options: { downloadVideo: true } };
	const refuseOnce = (fal: Emulator) =>
		fal.script('a fox', { download: [{ kind: 'status', status: 403 }] });

	test('is not submitted again when it repeats a call that failed afterwards', async () => {
		well(await converse(version, [fox, fox, say('Done')], { parameters }, refuseOnce));
		const [failed, collected] = lastAnswers();
		expect(failed).toContain('The video is made and paid for, but did not arrive.');
		expect(failed).toContain('The same call with the same input collects');
		expect(answerOf(collected!)['request_id']).toBe(emulator.requests[0]!.request_id);
		expect(submits()).toHaveLength(1);
	});

	test('is submitted again when fal cancelled the earlier one at the timeout', async () => {
		const changes = { parameters: { options: { timeoutSeconds: 1 } } };
		const slow = (fal: Emulator) => fal.script('a fox', { job: { runSeconds: 60 } });
		well(await converse(version, [fox, fox, say('Done')], changes, slow));
		const [first, second] = emulator.requests;
		expect(first?.cancelledAt).toBeDefined();
		expect(answerOf(lastAnswers()[1]!)['request_id']).toBe(second!.request_id);
	});

	test('stays within the limit of a run over all calls of the execution', async () => {
		// A video of 64 × 64 × 481 costs $0.0028.
		const expensive = { generation: { numFrames: 481 }, options: { maxCostPerRun: 0.006 } };
		well(await converse(version, [fox, fox, fox, say('Enough')], { parameters: expensive }));
		expect(submits()).toHaveLength(2);
		expect(lastAnswers()[2]).toContain(
			'The video would cost about $0.0028 after 2 of about $0.0056 in this execution, but Max Cost per Run (maxCostPerRun) is $0.006',
		);
	});

	test('stays within it although all calls of one turn begin at once', async () => {
		const expensive = { generation: { numFrames: 481 }, options: { maxCostPerRun: 0.006 } };
		const three = ['a fox', 'an owl', 'a hare'].map((Prompt) => ({ Prompt }));
		well(await converse(version, [call(...three), say('Enough')], { parameters: expensive }));
		expect(submits()).toHaveLength(2);
		const refused = lastAnswers().filter((text) => text.includes('Max Cost per Run'));
		expect(refused).toHaveLength(1);
	});

	test('is collected by a retry of the whole execution', async () => {
		const broken = await converse(version, [fox]);
		expect(broken).toMatchObject({ status: 'error' });
		expect(submits()).toHaveLength(1);
		await model.close();
		const port = Number(new URL(model.url).port);
		model = await startModel([fox, say('Done')], port);
		const retried = await n8n.retryExecution(broken.id);
		well(retried);
		expect(submits()).toHaveLength(1);
	});
});

describe('a tool with Wait Mode "Webhook"', () => {
	test.each(AGENT_VERSIONS)('is waited for by an agent of version %d', async (version) => {
		const parameters = { options: { waitMode: 'webhook' } };
		well(await converse(version, [fox, say('Done')], { parameters }));
		expect(links()).toHaveLength(1);
	});
});

describe("n8n's Retry On Fail of a tool", () => {
	test('collects what was submitted, with agents that run it as a node', async () => {
		const parameters = { options: { downloadVideo: true } };
		const settings = { retryOnFail: true, maxTries: 2, waitBetweenTries: 10 };
		const refuseOnce = (fal: Emulator) =>
			fal.script('a fox', { download: [{ kind: 'status', status: 403 }] });
		well(await converse(3.1, [fox, say('Done')], { parameters, settings }, refuseOnce));
		expect(answerOf(lastAnswers()[0]!)['request_id']).toBe(emulator.requests[0]!.request_id);
		expect(submits()).toHaveLength(1);
	});
});

describe('a tool that is asked to keep the file', () => {
	test.each(AGENT_VERSIONS)('does, with an agent of version %d', async (version) => {
		const parameters = { options: { downloadVideo: true } };
		const execution = await converse(version, [fox, say('Done')], { parameters });
		well(execution);
		expect(downloads()).toHaveLength(1);
		expect(answerOf(lastAnswers()[0]!)).toMatchObject({ video: { url: expect.any(String) } });
	});
});
