import type { Page } from 'playwright-core';
import type { Editor } from '../../../scripts/browser/editor.mts';
import { readWorkflow, withNode } from '../exampleWorkflow.mts';
import { until } from '../poll.mts';
import { startBrowser, type TestBrowser } from './browser.mts';

/* The node as a tool in the editor: found below an agent, and filled in by the model. */

const TOOL = 'Make a video';

let browser: TestBrowser;
let editor: Editor;
let page: Page;

beforeAll(async () => {
	browser = await startBrowser();
	const { nodes, ...example } = await readWorkflow('agent.json');
	const withoutNotes = nodes.filter(({ type }) => type !== 'n8n-nodes-base.stickyNote');
	const workflow = { ...example, nodes: withoutNotes };
	// The model fills in all but this.
	const fixed = withNode(workflow, TOOL, { parameters: { durationSeconds: 5 } });
	({ editor, page } = await browser.open(fixed, 'dark'));
});

afterAll(async () => await browser?.close());

test("n8n's dark theme has an icon of its own", async () => {
	const icon = page.locator('[data-node-name="Make a video"] img').first();
	await until('the icon is dark', async () =>
		String(await icon.getAttribute('src')).endsWith('falLtx.dark.svg'),
	);
});

test('shows what the model fills in, and nothing that only a person could', async () => {
	await editor.openNode(TOOL);
	const labels = await editor.labels();
	expect(labels).toEqual(
		expect.arrayContaining(['Tool Description', 'Model', 'Prompt', 'Video Size', 'LoRAs']),
	);
	expect(await page.getByText('Defined automatically by the').count()).toBe(2);
});

test('hands another field to the model with one button', async () => {
	await editor.letModelFill('durationSeconds');
	await until('it is handed over', async () => {
		return (await page.getByText('Defined automatically by the').count()) === 3;
	});
});
