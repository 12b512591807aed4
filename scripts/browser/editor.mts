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

/** What is used of a video element; this project's types know no browser. */
interface Player {
	readonly currentTime: number;
	pause(): void;
	addEventListener(event: 'timeupdate', listener: () => void): void;
}

/** Where no control of the editor is: nothing there shows that a mouse is over it. */
const AWAY = { x: 700, y: 8 };

/** The neighbours' icons stand half outside of the panel, and the dark behind it shows at its corners. */
const QUIET = `
	[data-test-id="floating-nodes"] { visibility: hidden }
	[data-test-id="ndv-backdrop"] { background: white }`;

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
		await this.page.goto(`${this.url}/workflow/${workflowId}`);
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

	/** Gives the output more room by moving the parameters to the left. */
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
	async playVideo(untilSeconds: number): Promise<void> {
		await this.showOutput('binary');
		await this.output.getByTestId('ndv-view-binary-data').click();
		const video = this.page.locator('video');
		await video.waitFor();
		await video.evaluate(async (element, seconds) => {
			const player = element as unknown as Player;
			await new Promise<void>((resolve) => {
				player.addEventListener('timeupdate', () => {
					if (player.currentTime >= seconds) resolve();
				});
			});
			player.pause();
		}, untilSeconds);
	}

	/** Saves a picture of the window, or of the part of the panel from the parameters on. */
	async picture(path: string, of: 'window' | 'parameters and output'): Promise<void> {
		await this.page.mouse.move(AWAY.x, AWAY.y);
		await this.page.screenshot({
			path,
			animations: 'disabled',
			caret: 'hide',
			style: QUIET,
			...(of === 'window' ? {} : { clip: await this.parametersAndOutput() }),
		});
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
		const notice = this.page.getByRole('alert');
		await notice.first().waitFor();
		await notice.locator('.el-notification__closeBtn').first().click();
		await notice.first().waitFor({ state: 'detached' });
	}

	/** All of the panel but its input, which is empty after a manual start, and its head. */
	private async parametersAndOutput(): Promise<Area> {
		const panel = await areaOf(this.panel);
		const parameters = await areaOf(this.page.getByTestId('node-parameters'));
		const { y } = await areaOf(this.output);
		const [left, top] = [Math.floor(parameters.x), Math.floor(y)];
		return {
			x: left,
			y: top,
			width: Math.floor(panel.x + panel.width) - left,
			height: Math.floor(panel.y + panel.height) - top,
		};
	}
}

async function areaOf(element: Locator): Promise<Area> {
	const area = await element.boundingBox();
	if (area === null) throw new Error(`${String(element)} is not to be seen.`);
	return area;
}
