import { contentPolicyViolation } from '../../../emulator/responses.mts';
import { itemsOf, type Execution } from '../../../scripts/n8n/execution.mts';
import { nodeNamed, type Workflow } from '../../../scripts/n8n/workflow.mts';
import { useEmulator } from '../../useEmulator.mts';
import { readWorkflow, withNode } from '../exampleWorkflow.mts';
import { connected, loggedIn } from '../harness.mts';
import { binaryOf } from '../savedBinary.mts';

/*
 * The example "A table of mixed tasks". Its links stay as they are: n8n doesn't download them, and for
 * files of other hosts the local fal has files of its own.
 */

interface Row {
	task: string;
	prompt: string;
	file_url?: string;
	seconds: number;
}

const SMALL = { videoSize: 'custom', width: 64, height: 64 };
const SECONDS = 0.4;

/** The operation of each task, and its endpoint behind "fal-ai/ltx-2.3-22b/". */
const TASKS = [
	['textToVideo', 'Text to Video', 'distilled/text-to-video'],
	['imageToVideo', 'Image to Video', 'distilled/image-to-video'],
	['audioToVideo', 'Audio to Video', 'distilled/audio-to-video'],
	['videoToVideo', 'Video to Video', 'distilled/video-to-video'],
	['referenceVideoToVideo', 'Reference Video to Video', 'distilled/reference-video-to-video'],
	['extendVideo', 'Extend Video', 'extend-video'],
] as const;

const emulator = useEmulator({ runSeconds: 0.1 });
const n8n = loggedIn();
let example: Workflow;
let rows: Row[];

beforeAll(async () => {
	example = await readWorkflow('mixed-tasks.json');
	const { jsonOutput } = nodeNamed(example, 'The table').parameters as { jsonOutput: string };
	({ rows } = JSON.parse(jsonOutput) as { rows: Row[] });
});

async function run(given: Row[]): Promise<Execution> {
	const table = withNode(example, 'The table', {
		parameters: { jsonOutput: JSON.stringify({ rows: given }) },
	});
	const small = TASKS.reduce(
		(workflow, [, name]) => withNode(workflow, name, { parameters: SMALL }),
		table,
	);
	return await n8n.runWorkflow(await connected(n8n, emulator, small), 'Start');
}

const short = (row: Row | undefined) => ({ ...row!, seconds: SECONDS });

const requestOf = (endpoint: string) =>
	emulator.requests.find(({ endpointId }) => endpointId === `fal-ai/ltx-2.3-22b/${endpoint}`)!;

test('its rows as they stand have each task once', () => {
	expect(rows.map(({ task }) => task)).toEqual(TASKS.map(([task]) => task));
});

test('hands each row to its operation, and joins the results', async () => {
	const execution = await run(rows.map(short));
	expect({ status: execution.status, error: execution.error }).toEqual({ status: 'success' });
	expect(emulator.requests).toHaveLength(TASKS.length);
	const results = itemsOf(execution, 'Results').map(({ json }) => json);
	expect(results).toEqual(
		TASKS.map(([task, , endpoint], i) => ({
			...{ task, prompt: rows[i]!.prompt, request_id: requestOf(endpoint).request_id },
			...{ video_url: expect.stringMatching(/\.mp4$/), cost: 0.0001, error: '' },
		})),
	);
	for (const [i, [, , endpoint]] of TASKS.entries()) {
		const { input } = requestOf(endpoint);
		expect(input).toMatchObject({ prompt: rows[i]!.prompt, num_frames: 9 });
		const file = rows[i]!.file_url;
		if (file !== undefined) expect(Object.values(input)).toContain(file);
	}
	for (const item of itemsOf(execution, 'All of them')) await binaryOf(n8n, item);
	expect(execution.runs['No such task']).toBeUndefined();
});

test('lets no row stop the others', async () => {
	const prompt = 'A prompt that is refused';
	emulator.script(prompt, { job: { outcome: contentPolicyViolation(prompt) } });
	const [text, image] = rows;
	const execution = await run([
		{ ...short(image), prompt },
		short(text),
		{ ...text!, prompt: 'An unknown one', task: 'somethingElse' },
	]);
	expect({ status: execution.status, error: execution.error }).toEqual({ status: 'success' });
	const refused = requestOf('distilled/image-to-video').request_id;
	expect(itemsOf(execution, 'Results').map(({ json }) => json)).toMatchObject([
		{ task: 'textToVideo', error: '', video_url: expect.stringMatching(/\.mp4$/) },
		{
			...{ task: 'imageToVideo', prompt, request_id: refused, video_url: '' },
			error: expect.stringContaining('content_policy_violation'),
		},
	]);
	expect(itemsOf(execution, 'No such task').map(({ json }) => json['prompt'])).toEqual([
		'An unknown one',
	]);
});
