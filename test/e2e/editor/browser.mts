import type { Browser, Page } from 'playwright-core';
import { launchChromium, openPage, type Theme } from '../../../scripts/browser/chromium.mts';
import { Editor } from '../../../scripts/browser/editor.mts';
import type { Workflow } from '../../../scripts/n8n/workflow.mts';
import { loggedIn, runningHost, TRIGGER } from '../harness.mts';

// A browser on a busy machine takes its time.
jest.setTimeout(240_000);

export const WINDOW = { width: 1440, height: 1000 };

/** A browser for the tests of one file. */
export interface TestBrowser {
	/** Opens a workflow in a window of its own. */
	open(workflow: Workflow, theme?: Theme): Promise<{ editor: Editor; page: Page }>;
	close(): Promise<void>;
}

/** Starts Chromium. @throws Error that says how to install it, when there is none */
export async function startBrowser(): Promise<TestBrowser> {
	const browser: Browser = await launchChromium();
	const { url, session } = runningHost();
	return {
		open: async (workflow, theme = 'light') => {
			const { id } = await loggedIn().createWorkflow(workflow);
			const page = await openPage(browser, { url, session }, WINDOW, theme);
			const editor = new Editor(page, url);
			await editor.open(id, workflow.nodes[0]!.name, WINDOW);
			return { editor, page };
		},
		close: async () => await browser.close(),
	};
}

/** A workflow that only starts. */
export const JUST_A_START: Workflow = {
	name: 'Just a start',
	nodes: [
		{
			id: TRIGGER,
			name: TRIGGER,
			type: 'n8n-nodes-base.manualTrigger',
			typeVersion: 1,
			position: [0, 0],
			parameters: {},
		},
	],
	connections: {},
	settings: { executionOrder: 'v1' },
};
