import type { Locator, Page } from 'playwright-core';
import type { Viewport } from './chromium.mts';

/** How a node's run ended, as the canvas marks it. */
export type NodeMark = 'success' | 'error';

/** The views of a node's output. */
export type OutputView = 'schema' | 'table' | 'json' | 'binary';

/** A rectangle of the page, in pixels. */
export interface Area extends Viewport {
	x: number;
	y: number;
}

/** A video as the browser plays it. */
export interface Played {
	/** Pixels, of the picture itself. */
	width: number;
	height: number;
	/** Seconds. */
	duration: number;
	stoppedAt: number;
}

/** What is used of a video element; this project's types know no browser. */
interface Player {
	readonly currentTime: number;
	readonly videoWidth: number;
	readonly videoHeight: number;
	readonly duration: number;
	pause(): void;
	addEventListener(event: 'timeupdate', listener: () => void): void;
}

/** What is used of any other element. */
interface Visible {
	/** null for an element that is not shown. */
	readonly offsetParent: unknown;
	readonly innerText: string;
}

/** Where no control of the editor is: nothing there shows that a mouse is over it. */
const AWAY = { x: 700, y: 8 };

/** The neighbours' icons stand half outside of the panel, and the dark behind it shows at its corners. */
const QUIET = `
	[data-test-id="floating-nodes"] { visibility: hidden }
	[data-test-id="ndv-backdrop"] { background: white }`;

/** The buttons that lie over the canvas. */
const WORKFLOW_ALONE = `
	[data-test-id="canvas-controls"], .tab-bar-container,
	[data-test-id="canvas-wrapper"] > :not(:has([data-test-id="canvas"])) { visibility: hidden }`;

/** Space around the nodes, in pixels; their names are below and wider than they are. */
const MARGIN = { side: 60, top: 24, bottom: 76 };

/** The canvas rests when it has not moved for this long. */
const RESTS_FOR_MS = 300;
const RESTS_WITHIN_TRIES = 20;

/** n8n's editor in a browser, used as a person uses it. */
export class Editor {
	constructor(
		private readonly page: Page,
		/** n8n's address, without a slash at the end. */
		private readonly url: string,
	) {}

	/** Opens a saved workflow. */
	async open(workflowId: string, firstNode: string, viewport: Viewport): Promise<void> {
		await this.page.setViewportSize(viewport);
		await this.page.goto(`${this.url}/workflow/${workflowId}`, { waitUntil: 'domcontentloaded' });
		await this.node(firstNode).waitFor();
		await this.page.evaluate('document.fonts.ready');
	}

	/** Presses "Execute workflow" and waits for a node to be marked. */
	async execute(untilNode: string, mark: NodeMark): Promise<void> {
		await this.page.getByTestId('execute-workflow-button').click();
		await this.node(untilNode).getByTestId(`canvas-node-status-mark-${mark}`).waitFor();
		await this.dismissNotice();
	}

	/** Opens a node's panel. */
	async openNode(name: string): Promise<void> {
		await this.node(name).dblclick();
		await this.panel.waitFor();
	}

	/** Changes the size of the window. */
	async resize(viewport: Viewport): Promise<void> {
		await this.page.setViewportSize(viewport);
	}

	/** Scrolls the panel to a parameter. */
	async revealParameter(name: string): Promise<void> {
		await this.page.getByTestId(`parameter-input-${name}`).scrollIntoViewIfNeeded();
	}

	/** Gives the output more space by moving the parameters to the left. */
	async widenOutput(byPixels: number): Promise<void> {
		const { x, y, width, height } = await areaOf(this.page.getByTestId('panel-drag-button'));
		const [fromX, fromY] = [x + width / 2, y + height / 2];
		await this.page.mouse.move(fromX, fromY);
		await this.page.mouse.down();
		await this.page.mouse.move(fromX - byPixels, fromY, { steps: 10 });
		await this.page.mouse.up();
	}

	/** Chooses a view of the output. */
	async showOutput(view: OutputView): Promise<void> {
		await this.output.getByTestId(`radio-button-${view}`).click();
	}

	/** Waits until the output shows a text. */
	async untilOutputShows(text: string | RegExp): Promise<void> {
		await this.output.getByText(text).first().waitFor();
	}

	/** Opens the output's video, lets it play up to a time and stops it there. */
	async playVideo(untilSeconds: number): Promise<Played> {
		await this.showOutput('binary');
		await this.output.getByTestId('ndv-view-binary-data').click();
		const video = this.page.locator('video');
		await video.waitFor();
		return await video.evaluate(async (element, seconds) => {
			const player = element as unknown as Player;
			await new Promise<void>((resolve) => {
				player.addEventListener('timeupdate', () => {
					if (player.currentTime >= seconds) resolve();
				});
			});
			player.pause();
			const { videoWidth, videoHeight, duration, currentTime } = player;
			return { width: videoWidth, height: videoHeight, duration, stoppedAt: currentTime };
		}, untilSeconds);
	}

	/** Opens the list of nodes that could follow the last one. */
	async openNodeCreator(): Promise<void> {
		await this.page.getByTestId('canvas-handle-plus').first().click();
		await this.searchBar.waitFor();
	}

	/** Types into the list's search, as a person does who looks for a node. */
	async searchNodes(text: string): Promise<void> {
		await this.searchBar.fill(text);
	}

	/** The names in the list, best first, or those of a node's actions. */
	async listed(): Promise<string[]> {
		return await this.creatorItems.allInnerTexts();
	}

	/** Chooses something in the list: a node, or one of its actions. */
	async chooseListed(name: string): Promise<void> {
		await this.creatorItems.getByText(name, { exact: true }).click();
	}

	/** What the list says below a node's name. */
	async listedDescription(name: string): Promise<string> {
		const item = this.page.getByTestId('item-iterator-item').filter({ hasText: name });
		return await item.getByTestId('node-creator-item-description').innerText();
	}

	/** The labels of the parameters, from top to bottom. */
	async labels(): Promise<string[]> {
		const labels = this.page.getByTestId('node-parameters').getByTestId('input-label');
		const texts = await labels.evaluateAll((all) =>
			all
				.map((label) => label as unknown as Visible)
				.filter(({ offsetParent }) => offsetParent !== null)
				.map(({ innerText }) => innerText),
		);
		// Below a label there are the switch to an expression and the like.
		return texts.map((text) => text.split('\n')[0]!.trim());
	}

	/** Types a parameter's value. */
	async fill(parameter: string, text: string): Promise<void> {
		const field = this.parameter(parameter).locator('input, textarea').first();
		await field.fill(text);
		await field.blur();
	}

	/** Chooses one of a parameter's values by its label. */
	async choose(parameter: string, label: string): Promise<void> {
		const input = this.parameter(parameter).locator('input');
		await input.click();
		// A long list has the option out of sight; typing leaves only those that fit.
		if (await input.isEditable()) await input.fill(label);
		// An option that explains itself has more than its label as its name.
		const named = this.page.getByText(label, { exact: true });
		await this.page.getByRole('option').filter({ has: named }).click();
	}

	/** Presses the star next to a tool's parameter. */
	async letModelFill(parameter: string): Promise<void> {
		const field = this.page.getByTestId('parameter-item').filter({
			has: this.page.getByTestId(`parameter-input-${parameter}`),
		});
		await field.getByTestId('from-ai-override-button').click();
	}

	/** Whether a parameter is to be seen. */
	async shows(parameter: string): Promise<boolean> {
		return await this.parameter(parameter).isVisible();
	}

	/** The value that a parameter shows. */
	async valueOf(parameter: string): Promise<string> {
		return await this.parameter(parameter).locator('input, textarea').first().inputValue();
	}

	/** Presses "Execute step" in the node's panel. */
	async executeStep(): Promise<void> {
		await this.page.getByTestId('node-execute-button').first().click();
	}

	/** The text of n8n's notice in the corner; it is closed. */
	async notice(): Promise<string> {
		const text = await this.page.getByRole('alert').first().innerText();
		await this.dismissNotice();
		return text;
	}

	/** Opens a new credential from the node's panel, whether there are some to choose from or none. */
	async newCredential(): Promise<void> {
		const first = this.page.getByTestId('node-credentials-empty-state').getByRole('button');
		const choice = this.page.getByTestId('node-credentials-select');
		await first.or(choice).click();
		const another = this.page.getByTestId('node-credentials-select-item-new');
		await another.or(this.credential).first().waitFor();
		if (await another.isVisible()) await another.click();
		await this.credential.waitFor();
	}

	/** Opens the node's credential again. */
	async editCredential(): Promise<void> {
		await this.page.getByTestId('credential-edit-button').click();
		await this.credential.waitFor();
	}

	/** Fills in a credential's fields by their names, and turns on its switches. */
	async fillCredential(fields: Record<string, string | true>): Promise<void> {
		for (const [name, value] of Object.entries(fields)) {
			const field = this.credential.getByTestId(`parameter-input-${name}`);
			if (value === true) await field.locator('.el-switch').click();
			else await field.locator('input').fill(value);
		}
	}

	/** Saves the credential. n8n tests it then, and closes it when the test went well. */
	async saveCredential(): Promise<void> {
		await this.page.getByTestId('credential-save-button').getByRole('button').click();
	}

	/** Waits until the credential is closed. */
	async untilCredentialIsClosed(): Promise<void> {
		await this.credential.waitFor({ state: 'detached' });
	}

	/** What n8n says of a credential that its service took. */
	async credentialSuccess(): Promise<string> {
		const shown = this.credential.getByTestId('credentials-config-container-test-success');
		await shown.waitFor();
		return await shown.innerText();
	}

	/** What n8n says of a credential that failed its test, with the details. */
	async credentialFailure(): Promise<string> {
		await this.credential.getByText('More details').click();
		return await this.credential.innerText();
	}

	/** Closes the credential. */
	async closeCredential(): Promise<void> {
		await this.credential.getByRole('button', { name: 'Close' }).click();
		await this.untilCredentialIsClosed();
	}

	/** Saves a picture of the window, or of a part of the panel. */
	async picture(
		path: string,
		of: 'window' | 'parameters' | 'parameters and output',
	): Promise<void> {
		await this.page.mouse.move(AWAY.x, AWAY.y);
		await this.page.screenshot({
			path,
			animations: 'disabled',
			caret: 'hide',
			style: QUIET,
			...(of === 'window' ? {} : { clip: await this.parametersArea(of) }),
		});
	}

	/** Saves a picture of the whole workflow, without the editor around it. */
	async canvasPicture(path: string): Promise<void> {
		await this.page.getByTestId('zoom-to-fit').click();
		await this.page.mouse.move(AWAY.x, AWAY.y);
		await this.untilCanvasRests();
		await this.page.screenshot({
			path,
			animations: 'disabled',
			style: WORKFLOW_ALONE,
			clip: await this.workflowArea(),
		});
	}

	private async workflowArea(): Promise<Area> {
		const nodes = await this.page.locator('.vue-flow__node').all();
		const areas = await Promise.all(nodes.map(areaOf));
		const canvas = await areaOf(this.page.getByTestId('canvas'));
		const left = Math.max(canvas.x, Math.min(...areas.map(({ x }) => x)) - MARGIN.side);
		const top = Math.max(canvas.y, Math.min(...areas.map(({ y }) => y)) - MARGIN.top);
		const right = Math.max(...areas.map(({ x, width }) => x + width)) + MARGIN.side;
		const bottom = Math.max(...areas.map(({ y, height }) => y + height)) + MARGIN.bottom;
		return {
			x: left,
			y: top,
			width: Math.min(canvas.x + canvas.width, right) - left,
			height: Math.min(canvas.y + canvas.height, bottom) - top,
		};
	}

	/** Fitting the workflow into the window takes a moment. */
	private async untilCanvasRests(): Promise<void> {
		const place = async () =>
			await this.page.locator('.vue-flow__transformationpane').getAttribute('style');
		for (let before = await place(), tries = 0; tries < RESTS_WITHIN_TRIES; tries++) {
			await this.page.waitForTimeout(RESTS_FOR_MS);
			const now = await place();
			if (now === before) return;
			before = now;
		}
	}

	private get searchBar(): Locator {
		return this.page.getByTestId('node-creator-search-bar');
	}

	private get creatorItems(): Locator {
		return this.page.getByTestId('node-creator-item-name');
	}

	private get credential(): Locator {
		return this.page.getByTestId('editCredential-modal');
	}

	private parameter(name: string): Locator {
		return this.page.getByTestId('node-parameters').getByTestId(`parameter-input-${name}`);
	}

	private get panel(): Locator {
		return this.page.getByTestId('ndv');
	}

	private get output(): Locator {
		return this.page.getByTestId('output-panel');
	}

	private node(name: string): Locator {
		return this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
	}

	private async dismissNotice(): Promise<void> {
		const first = this.page.getByRole('alert').first();
		// By its own id: another one may come while this one goes.
		const notice = this.page.locator(`[id="${await first.getAttribute('id')}"]`);
		await notice.locator('.el-notification__closeBtn').click();
		await notice.waitFor({ state: 'detached' });
	}

	/** All of the panel but its input, which is empty after a manual start, and its head. */
	private async parametersArea(part: 'parameters' | 'parameters and output'): Promise<Area> {
		const panel = await areaOf(this.panel);
		const parameters = await areaOf(this.page.getByTestId('node-parameters'));
		const output = await areaOf(this.output);
		const [left, top] = [Math.floor(parameters.x), Math.floor(output.y)];
		const right = part === 'parameters' ? output.x : panel.x + panel.width;
		return {
			x: left,
			y: top,
			width: Math.floor(right) - left,
			height: Math.floor(panel.y + panel.height) - top,
		};
	}
}

async function areaOf(element: Locator): Promise<Area> {
	const area = await element.boundingBox();
	if (area === null) throw new Error(`${String(element)} is not to be seen.`);
	return area;
}
