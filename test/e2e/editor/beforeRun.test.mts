import { connected, loggedIn, SMALL_VIDEO, VIDEO_NODE, videoWorkflow } from '../harness.mts';
import { useSharedEmulator } from '../../useEmulator.mts';
import { startBrowser, type TestBrowser } from './browser.mts';

/* What the editor shows of a node that has not given anything yet. */

const NEXT = 'Next';

let browser: TestBrowser;
const emulator = useSharedEmulator({ runSeconds: 20 });

beforeAll(async () => {
	browser = await startBrowser();
});

afterAll(async () => {
	await browser?.close();
});

test("the next node's input has the fields of a video", async () => {
	const { nodes, connections, ...workflow } = videoWorkflow('Before a run', SMALL_VIDEO);
	const next = {
		...{ id: NEXT, name: NEXT, type: 'n8n-nodes-base.noOp', typeVersion: 1 },
		...{ position: [480, 0] as [number, number], parameters: {} },
	};
	const { editor, page } = await browser.open({
		...workflow,
		nodes: [...nodes, next],
		connections: {
			...connections,
			[VIDEO_NODE]: { main: [[{ node: NEXT, type: 'main', index: 0 }]] },
		},
	});
	await editor.openNode(NEXT);
	const input = page.getByTestId('ndv-input-panel');
	for (const field of ['video', 'content_type', 'request_id', 'billable_units', 'timings']) {
		await input.getByText(field, { exact: true }).first().waitFor();
	}
});

test('values that the model makes otherwise have a hint', async () => {
	const odd = { ...SMALL_VIDEO, width: 100, generation: { numFrames: 10, fps: 24 } };
	const { editor, page } = await browser.open(videoWorkflow('Odd values', odd));
	await editor.openNode(VIDEO_NODE);
	const output = page.getByTestId('output-panel');
	await output.getByText('The model makes 9, 17, 25 … 481 frames').waitFor();
	const sides = output.getByText('widths and heights that are multiples of 32');
	await sides.waitFor();
	await editor.fill('width', '96');
	await sides.waitFor({ state: 'hidden' });
});

test('a node at which the execution waits says for what', async () => {
	const parameters = { ...SMALL_VIDEO, options: { waitMode: 'webhook' } };
	const workflow = videoWorkflow('Waiting', parameters);
	const { editor, page } = await browser.open(await connected(loggedIn(), emulator, workflow));
	await editor.openNode(VIDEO_NODE);
	await editor.executeStep();
	await page.getByTestId('output-panel').getByText('when fal calls its webhook').waitFor();
});
