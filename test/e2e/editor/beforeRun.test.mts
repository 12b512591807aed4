import { SMALL_VIDEO, VIDEO_NODE, videoWorkflow } from '../harness.mts';
import { startBrowser, type TestBrowser } from './browser.mts';

/* What the editor shows of a node that has not run yet. */

const NEXT = 'Next';

let browser: TestBrowser;

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
