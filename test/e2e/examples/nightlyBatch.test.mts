import { contentPolicyViolation } from '../../../emulator/responses.mts';
import { itemsOf, type Execution } from '../../../scripts/n8n/execution.mts';
import { nodeNamed, type Workflow } from '../../../scripts/n8n/workflow.mts';
import { readWorkflow, withNode } from '../exampleWorkflow.mts';
import { connected, loggedIn } from '../harness.mts';
import { useSharedEmulator } from '../../useEmulator.mts';

/* The example "A nightly batch from a table". One story: a night over the limit, and a good one. */

const MAKE = 'Make the videos';
const AT_NIGHT = 'At night';

const emulator = useSharedEmulator({ runSeconds: 0.1 });
const n8n = loggedIn();
let workflow: Workflow;

beforeAll(async () => {
	const example = await readWorkflow('nightly-batch.json');
	const parameters = { videoSize: 'custom', width: 64, height: 64, generation: { numFrames: 9 } };
	workflow = await connected(n8n, emulator, withNode(example, MAKE, { parameters }));
});

const well = ({ status, error }: Execution) =>
	expect({ status, error }).toEqual({ status: 'success' });

test('the two examples are put into the table', async () => {
	const execution = await n8n.runWorkflow(workflow, 'Put two examples in');
	well(execution);
	expect(itemsOf(execution, 'Into the table').map(({ json }) => json['status'])).toEqual([
		'new',
		'new',
	]);
});

test('a night that would cost too much makes none, and its rows say why', async () => {
	const options = nodeNamed(workflow, MAKE).parameters['options'] as object;
	const tight = withNode(workflow, MAKE, {
		parameters: { options: { ...options, maxCostPerRun: 0.0001 } },
	});
	const execution = await n8n.runWorkflow(tight, AT_NIGHT);
	well(execution);
	expect(emulator.requests).toEqual([]);
	const rows = itemsOf(execution, 'Failed').map(({ json }) => json);
	const error = expect.stringContaining('Max Cost per Run (maxCostPerRun) is $0.0001');
	expect(rows).toMatchObject([
		{ status: 'new', error },
		{ status: 'new', error },
	]);
	expect(execution.runs['Done']).toBeUndefined();
});

test('a good night makes all, and each row gets its result', async () => {
	emulator.script('cup of tea', { job: { outcome: contentPolicyViolation('a cup of tea') } });
	const execution = await n8n.runWorkflow(workflow, AT_NIGHT);
	well(execution);
	expect(emulator.requests).toHaveLength(2);
	const requestOf = (words: string) =>
		emulator.requests.find(({ input }) => String(input['prompt']).includes(words))!.request_id;
	expect(itemsOf(execution, 'Done').map(({ json }) => json)).toMatchObject([
		{
			prompt: expect.stringContaining('lighthouse'),
			status: 'done',
			video_url: expect.stringMatching(/\.mp4$/),
			request_id: requestOf('lighthouse'),
			cost: 0.0001,
			error: '',
		},
	]);
	expect(itemsOf(execution, 'Failed').map(({ json }) => json)).toMatchObject([
		{
			prompt: expect.stringContaining('cup of tea'),
			status: 'failed',
			error: expect.stringContaining('content_policy_violation'),
			request_id: requestOf('cup of tea'),
		},
	]);
});

test('the next night finds nothing to do', async () => {
	well(await n8n.runWorkflow(workflow, AT_NIGHT));
	expect(emulator.requests).toHaveLength(2);
});
