import { existsSync } from 'node:fs';
import { chromium, selectors, type Browser, type Page } from 'playwright-core';
import type { Session } from '../n8n/rest.mts';

const DEFAULT_PATH = '/usr/bin/chromium';
const FLAGS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];
const WAIT_MS = 30_000;

/** The size of a browser's window, in pixels. */
export interface Viewport {
	width: number;
	height: number;
}

/** The browser's executable: `CHROMIUM_PATH`, else where Debian has it. */
function chromiumPath(): string {
	const path = process.env['CHROMIUM_PATH'] || DEFAULT_PATH;
	if (existsSync(path)) return path;
	throw new Error(
		`There is no Chromium at ${path}. Install it (on Debian: apt-get install chromium), or set CHROMIUM_PATH to the executable of a Chromium or Chrome.`,
	);
}

/** Starts Chromium without a window. */
export async function launchChromium(): Promise<Browser> {
	selectors.setTestIdAttribute('data-test-id');
	return await chromium.launch({ executablePath: chromiumPath(), args: FLAGS });
}

/** n8n's themes; it takes the one that the browser asks for. */
export type Theme = 'light' | 'dark';

/** A page that is logged in to an n8n already. */
export async function openPage(
	browser: Browser,
	n8n: { url: string; session: Session },
	viewport: Viewport,
	colorScheme: Theme = 'light',
): Promise<Page> {
	const context = await browser.newContext({ viewport, colorScheme, locale: 'en-GB' });
	const [name = '', value = ''] = n8n.session.cookie.split('=', 2);
	await context.addCookies([{ name, value, url: n8n.url }]);
	const browserId = JSON.stringify(n8n.session.browserId);
	// As text: this project's types know no browser.
	await context.addInitScript(`localStorage.setItem('n8n-browserId', ${browserId})`);
	context.setDefaultTimeout(WAIT_MS);
	return await context.newPage();
}
