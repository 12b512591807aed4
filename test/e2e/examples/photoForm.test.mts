import { contentPolicyViolation } from '../../../emulator/responses.mts';
import { nodeNamed, withCredential } from '../../../scripts/n8n/workflow.mts';
import { makeImage } from '../../material.mts';
import { sha256 } from '../../integration/loraFile.mts';
import { useSharedEmulator } from '../../useEmulator.mts';
import { readWorkflow } from '../exampleWorkflow.mts';
import { connected, loggedIn } from '../harness.mts';
import { until } from '../poll.mts';

/* The example "A form: a photo in, a video out", filled in as a browser does it. */

const LOGIN = { user: 'someone', password: 'only for these tests' };
const headers = {
	authorization: `Basic ${Buffer.from(`${LOGIN.user}:${LOGIN.password}`).toString('base64')}`,
};

const emulator = useSharedEmulator({ runSeconds: 0.1 });
const n8n = loggedIn();
let form: string;
let photo: Buffer;

beforeAll(async () => {
	photo = await makeImage('green', '96x64');
	const example = await readWorkflow('photo-form-to-video.json');
	const login = await n8n.createCredential('people', 'httpBasicAuth', LOGIN);
	const guarded = withCredential(example, 'n8n-nodes-base.formTrigger', login);
	await n8n.publishWorkflow(await connected(n8n, emulator, guarded));
	form = `${n8n.url}/form/${String(nodeNamed(example, 'A photo is sent')['webhookId'])}`;
});

interface Filled {
	prompt: string;
	shape: string;
	seconds: string;
}

/** The form's fields as a browser sends them. */
function dataOf({ prompt, shape, seconds }: Filled): FormData {
	const data = new FormData();
	data.append('field-0', new Blob([new Uint8Array(photo)], { type: 'image/png' }), 'photo.png');
	[prompt, shape, seconds].forEach((value, index) => data.append(`field-${index + 1}`, value));
	return data;
}

/** Sends the form; gives the page that the person sees at the end. */
async function fillIn(fields: Filled): Promise<string> {
	const response = await fetch(form, { method: 'POST', body: dataOf(fields), headers });
	const { formWaitingUrl } = (await response.json()) as { formWaitingUrl: string };
	const status = async () =>
		await (await fetch(`${formWaitingUrl}/n8n-execution-status`, { headers })).text();
	await until('the last page is there', async () => (await status()) === 'form-waiting');
	return await (await fetch(formWaitingUrl, { headers })).text();
}

const grass = { prompt: 'The wind moves the grass', shape: 'Square', seconds: '0.4' };

test('asks for a photo and what is to move', async () => {
	const page = await (await fetch(form, { headers })).text();
	for (const text of ['Animate a photo', 'type="file"', '.jpg', 'Prompt', 'Shape', 'Seconds']) {
		expect(page).toContain(text);
	}
});

test('animates the photo and gives the file on its last page', async () => {
	const page = await fillIn(grass);
	expect(emulator.requests).toMatchObject([
		{
			endpointId: 'fal-ai/ltx-2.3-22b/distilled/image-to-video',
			input: { prompt: grass.prompt, video_size: 'square', num_frames: 9 },
			media: { image_url: { sha256: sha256(photo) } },
		},
	]);
	expect(page).toContain('Here is your video');
	expect(page).toContain('It cost 0.0029 USD');
	expect(decodeURIComponent(page)).toContain('video/mp4');
});

test('takes nothing from anybody without the login', async () => {
	const submitted = emulator.requests.length;
	expect((await fetch(form)).status).toBe(401);
	expect((await fetch(form, { method: 'POST', body: dataOf(grass) })).status).toBe(401);
	expect(emulator.requests).toHaveLength(submitted);
});

test("says that there is none, with the execution's number and no other words", async () => {
	const prompt = 'A prompt that is refused';
	emulator.script(prompt, { job: { outcome: contentPolicyViolation(prompt) } });
	const page = await fillIn({ ...grass, prompt });
	expect(page).toContain('There is no video');
	expect(page).toMatch(/finds the reason in its execution\. It is number \d+\./);
	expect(page).not.toContain('content_policy_violation');
});

test('submits nothing that costs more than its limit', async () => {
	const submitted = emulator.requests.length;
	const page = await fillIn({ ...grass, shape: 'Landscape', seconds: '20' });
	expect(page).toContain('There is no video');
	expect(page).not.toContain('Max Cost per Item');
	expect(emulator.requests).toHaveLength(submitted);
});
