import type { JsonObject } from '../../emulator/json.mts';
import { itemsOf } from '../../scripts/n8n/execution.mts';
import type { Workflow } from '../../scripts/n8n/workflow.mts';
import {
	connected,
	loggedIn,
	SMALL_VIDEO,
	TRIGGER,
	VIDEO_NODE,
	videoWorkflow,
} from './harness.mts';
import { itemsWorkflow } from './itemsWorkflow.mts';
import { useSharedEmulator } from '../useEmulator.mts';

/* Responses and inputs that are made to break a run, or n8n itself. */

/** Responds at once, as a workflow of somebody else in the same n8n. */
const echo: Workflow = {
	name: 'Somebody else',
	nodes: [
		{
			...{ id: 'hook', name: 'Webhook', type: 'n8n-nodes-base.webhook', typeVersion: 2 },
			...{ position: [0, 0], webhookId: 'somebody-else' },
			parameters: { path: 'somebody-else', responseMode: 'onReceived', options: {} },
		},
	],
	connections: {},
};

const emulator = useSharedEmulator();
const n8n = loggedIn();

beforeAll(async () => {
	await n8n.publishWorkflow(echo);
});

test.each(['continueRegularOutput', 'continueErrorOutput'])(
	'malformed responses lose no other video of the run (%s)',
	async (onError) => {
		const prompts = ['good one', 'bad details', 'bad type', 'bad figures', 'good two'];
		const failed = (body: JsonObject) => ({
			job: { outcome: { status: 422, body, billableUnits: '9'.repeat(400) } },
		});
		emulator.script(
			'bad details',
			failed({ detail: [{ loc: [null, 'prompt', { a: null }], msg: null, ctx: [] }] }),
		);
		emulator.script(
			'bad type',
			failed({ detail: [{ type: '__proto__' }], error_type: 'constructor' }),
		);
		emulator.script('bad figures', {
			output: {
				billableUnits: '9'.repeat(400),
				video: { width: 1e300, num_frames: -1, fps: null },
			},
		});
		const workflow = itemsWorkflow({ name: 'Malformed', prompts, settings: { onError } });
		const execution = await n8n.runWorkflow(await connected(n8n, emulator, workflow), TRIGGER);
		expect({ status: execution.status, error: execution.error }).toEqual({ status: 'success' });
		const items = itemsOf(execution, VIDEO_NODE);
		const delivered = items.filter(({ binary }) => binary).map(({ json }) => json['prompt']);
		expect(delivered).toEqual(['good one', 'bad figures', 'good two']);
		const errors = items.filter(({ binary }) => !binary).map(({ json }) => json['error']);
		expect(errors).toEqual([
			expect.stringContaining('fal answered 422'),
			expect.stringContaining('fal answered 422'),
		]);
		const unknown = items.find(({ json }) => json['prompt'] === 'bad figures');
		expect(unknown!.json['cost']).toMatchObject({ actual: null, source: 'unknown' });
	},
);

test.each([
	['number', { generation: { numFrames: '={{ "1".repeat(131072) + "x" }}' } }],
	['whole number as text', { generation: { seed: '={{ "1".repeat(131072) + "x" }}' } }],
	['text of blanks', { generation: { seed: '={{ " ".repeat(131072) + "x" }}' } }],
])('a %s of 128 kB is refused, and holds nothing up', async (_what, parameters) => {
	const bad = await connected(
		n8n,
		emulator,
		videoWorkflow('Long number', { ...SMALL_VIDEO, ...parameters }),
	);
	let isOver = false;
	const running = n8n.runWorkflow(bad, TRIGGER).finally(() => (isOver = true));
	const responses: Array<{ status: number; ms: number }> = [];
	while (!isOver) {
		const started = performance.now();
		const { status } = await fetch(`${n8n.url}/webhook/somebody-else`);
		responses.push({ status, ms: performance.now() - started });
	}
	const execution = await running;
	expect(execution).toMatchObject({ status: 'error', lastNodeExecuted: VIDEO_NODE });
	expect(execution.runs[VIDEO_NODE]![0]!.executionTime).toBeLessThan(2_000);
	expect(responses.length).toBeGreaterThan(0);
	expect(responses.filter(({ status, ms }) => status !== 200 || ms > 2_000)).toEqual([]);
});
