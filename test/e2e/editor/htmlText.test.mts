import type { Page } from 'playwright-core';
import type { CallFault } from '../../../emulator/index.mts';
import { connected, loggedIn, SMALL_VIDEO, VIDEO_NODE, videoWorkflow } from '../harness.mts';
import { until } from '../poll.mts';
import { startBrowser, type TestBrowser } from './browser.mts';
import { useSharedEmulator } from '../../useEmulator.mts';

/* What fal says, as a person sees it: n8n shows an error's description as HTML. */

const HTML = '<img src=x onerror="document.title = 1"><a href="https://x.example">log in</a>';

let browser: TestBrowser;
const emulator = useSharedEmulator();

beforeAll(async () => {
	browser = await startBrowser();
});

afterAll(async () => {
	await browser?.close();
});

const refusal: CallFault = {
	kind: 'status',
	status: 403,
	json: { detail: HTML },
	headers: { 'x-fal-error-type': HTML },
};

/** Runs the node in the editor; gives the page. */
async function run(parameters: Record<string, unknown>): Promise<Page> {
	const workflow = await connected(
		loggedIn(),
		emulator,
		videoWorkflow('HTML', { ...SMALL_VIDEO, ...parameters }),
	);
	const { editor, page } = await browser.open({ ...workflow, pinData: {} });
	await editor.openNode(VIDEO_NODE);
	await editor.executeStep();
	return page;
}

/** A part of the page shows the text, and no element that the text would make. */
async function showsText(page: Page, testId: string): Promise<void> {
	const part = page.getByTestId(testId);
	await until('the text is there', async () => (await part.allInnerTexts()).join().includes(HTML));
	expect(await part.locator('img, a[href*="x.example"]').count()).toBe(0);
}

test('the description of an error', async () => {
	emulator.script(SMALL_VIDEO.prompt, { submit: [refusal] });
	await showsText(await run({}), 'node-error-description');
});
