import type { Page } from 'playwright-core';
import type { Editor } from '../../../scripts/browser/editor.mts';
import { credentialData } from '../harness.mts';
import { until } from '../poll.mts';
import { JUST_A_START, startBrowser, type TestBrowser } from './browser.mts';
import { useSharedEmulator } from '../../useEmulator.mts';

/*
 * The editor as a person uses it: find the node, fill it in, connect an account, run it and look at
 * the video. One story, in its sequence; each test continues where the one before it ended.
 */

const NODE = 'fal LTX Video';
const ACTION = 'Generate a video from text';

let browser: TestBrowser;
const emulator = useSharedEmulator({ runSeconds: 0.5 });
let editor: Editor;
let page: Page;

beforeAll(async () => {
	browser = await startBrowser();
	({ editor, page } = await browser.open(JUST_A_START));
});

afterAll(async () => {
	await browser?.close();
});

const untilListed = async (name: string) =>
	await until(`${name} is listed`, async () => (await editor.listed()).includes(name));

describe('somebody who looks for a node', () => {
	beforeAll(async () => await editor.openNodeCreator());

	test.each([
		...['video', 'fal', 'fal.ai', 'ltx', 'LTX-2.3', 'lora', 'mp4', 'text to video'],
		...['image to video', 'animate', 'lip sync', 'talking avatar', 'restyle', 'extend video'],
	])('finds it by typing "%s"', async (words) => {
		await editor.searchNodes(words);
		await untilListed(NODE);
		expect((await editor.listed()).slice(0, 5)).toContain(NODE);
	});

	test('reads what it does, and not only what its trigger does', async () => {
		expect(await editor.listedDescription(NODE)).toMatch(/^Generate video with sound from text/);
	});

	test('is offered what it can do, and gets the node', async () => {
		await editor.chooseListed(NODE);
		await untilListed(ACTION);
		expect(await editor.listed()).toEqual(
			expect.arrayContaining([
				...['Animate an image', 'Generate a video from audio', 'Restyle a video'],
				...['Extend a video', 'Estimate the cost of a video', 'Get many requests'],
			]),
		);
		await editor.chooseListed(ACTION);
		await until('the panel is open', async () => await editor.shows('prompt'));
	});
});

describe('the panel', () => {
	const always = ['Model', 'Prompt', 'Video Size', 'Duration (Seconds)', 'LoRAs'];

	test('has first what every video needs, and hides the rest until it is asked for', async () => {
		const labels = await editor.labels();
		const inOrder = labels.filter((label) => always.includes(label));
		expect(inOrder).toEqual(always);
		expect(labels.slice(0, 3)).toEqual(['Resource', 'Operation', 'Model']);
		expect(labels).toEqual(expect.arrayContaining(['Generation', 'Output File', 'Options']));
		for (const hidden of ['width', 'height', 'numFrames', 'guidance', 'seed', 'maxCostPerRun']) {
			expect({ hidden, shown: await editor.shows(hidden) }).toEqual({ hidden, shown: false });
		}
	});

	test('says what is missing, before anything is sent', async () => {
		await page.getByRole('button', { name: 'Add LoRA' }).click();
		await until('its link is asked for', async () => await editor.shows('path'));
		await editor.executeStep();
		const notice = await editor.notice();
		expect(notice).toContain('Parameter "Prompt" is required');
		expect(notice).toContain('Parameter "LoRA" is required');
	});

	test('asks for width and height of a custom size, and says what the model makes', async () => {
		await editor.choose('videoSize', 'Custom');
		await until('the width is asked for', async () => await editor.shows('width'));
		expect(await page.getByText('the model makes multiples of 32').count()).toBe(2);
		await editor.fill('width', '320');
		await editor.fill('height', '192');
	});

	test('asks for a length in seconds, and says which are possible', async () => {
		expect(await page.getByText('0.38 to 20.04 seconds').count()).toBe(1);
		await editor.fill('durationSeconds', '2');
	});

	test('has guidance for the full model only', async () => {
		await editor.choose('model', 'Full');
		await until('there is guidance', async () => (await editor.labels()).includes('Guidance'));
		await editor.choose('model', 'Distilled');
		await until('there is none', async () => !(await editor.labels()).includes('Guidance'));
	});

	test('asks for a binary field in place of a path when the LoRA is a file', async () => {
		await editor.choose('source', 'Binary File');
		await until('the field is asked for', async () => await editor.shows('binaryPropertyName'));
		for (const ofLinks of ['path', 'weightName']) expect(await editor.shows(ofLinks)).toBe(false);
		await editor.choose('source', 'Link or Repository');
		await until('the path is asked for', async () => await editor.shows('path'));
		expect(await editor.shows('binaryPropertyName')).toBe(false);
	});

	test('takes a prompt and a LoRA', async () => {
		await editor.fill('prompt', 'A paper boat on a pond, ripples, birdsong');
		await editor.fill('path', 'someone/a-lora');
	});
});

describe('the credential', () => {
	const hosts = () => {
		const { queueUrl, restUrl, platformUrl } = credentialData(emulator) as Record<string, string>;
		return { queueUrl: queueUrl!, restUrl: restUrl!, platformUrl: platformUrl! };
	};

	test('with a wrong key is refused, and stays open', async () => {
		await editor.newCredential();
		await editor.fillCredential({ apiKey: 'wrong:key', customHosts: true });
		await editor.fillCredential(hosts());
		await editor.saveCredential();
		expect(await editor.credentialFailure()).toMatch(/Couldn.t connect with these settings/);
	});

	test('with the right one is taken', async () => {
		await editor.fillCredential({ apiKey: emulator.apiKey });
		await editor.saveCredential();
		await editor.untilCredentialIsClosed();
		await editor.editCredential();
		expect(await editor.credentialSuccess()).toContain('Connection tested successfully');
		await editor.closeCredential();
	});

	test('has asked for no video', () => expect(emulator.requests).toEqual([]));
});

describe('a step that is executed', () => {
	test('that fal refuses shows its words, the request and what to do', async () => {
		const detail = [{ loc: ['body', 'prompt'], msg: 'Flagged', type: 'content_policy_violation' }];
		emulator.script('paper boat', {
			job: { outcome: { status: 422, body: { detail }, billableUnits: '0' } },
		});
		await editor.executeStep();
		await editor.untilOutputShows(/Flagged \(content_policy_violation\)/);
		await editor.untilOutputShows(new RegExp(emulator.requests[0]!.request_id));
		await editor.untilOutputShows(/the same input will be refused again/);
	});

	test('shows the price and what was billed', async () => {
		await editor.fill('prompt', 'A second boat');
		await editor.executeStep();
		await editor.untilOutputShows(/1 video: estimated \$0\.0043, actual \$0\.0043/);
		await editor.showOutput('json');
		await editor.untilOutputShows('request_id');
	});

	test('plays the video in the output', async () => {
		const played = await editor.playVideo(0.5);
		expect(played).toMatchObject({ width: 320, height: 192 });
		expect(played.duration).toBeCloseTo(49 / 24, 1);
		expect(played.stoppedAt).toBeGreaterThanOrEqual(0.5);
	});
});
