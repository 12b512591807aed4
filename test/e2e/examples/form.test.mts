import { contentPolicyViolation } from '../../../emulator/responses.mts';
import { nodeNamed, withCredential } from '../../../scripts/n8n/workflow.mts';
import { readWorkflow } from '../exampleWorkflow.mts';
import { connected, loggedIn } from '../harness.mts';
import { until } from '../poll.mts';
import { useSharedEmulator } from '../../useEmulator.mts';

/* The example "A form that makes videos", filled in as a browser does it. */

const LOGIN = { user: 'someone', password: 'only for these tests' };
const headers = {
	authorization: `Basic ${Buffer.from(`${LOGIN.user}:${LOGIN.password}`).toString('base64')}`,
};

const emulator = useSharedEmulator({ runSeconds: 0.1 });
const n8n = loggedIn();
let form: string;

beforeAll(async () => {
	const example = await readWorkflow('form-to-video.json');
	const login = await n8n.createCredential('people', 'httpBasicAuth', LOGIN);
	const guarded = withCredential(example, 'n8n-nodes-base.formTrigger', login);
	await n8n.publishWorkflow(await connected(n8n, emulator, guarded));
	form = `${n8n.url}/form/${String(nodeNamed(example, 'A video is asked for')['webhookId'])}`;
});

/** Sends the form; gives the page that the person sees at the end. */
async function fillIn(fields: { prompt: string; shape: string; seconds: string }): Promise<string> {
	const data = new FormData();
	Object.values(fields).forEach((value, index) => data.append(`field-${index}`, value));
	const response = await fetch(form, { method: 'POST', body: data, headers });
	const { formWaitingUrl } = (await response.json()) as { formWaitingUrl: string };
	const status = async () =>
		await (await fetch(`${formWaitingUrl}/n8n-execution-status`, { headers })).text();
	await until('the last page is there', async () => (await status()) === 'form-waiting');
	return await (await fetch(formWaitingUrl, { headers })).text();
}

const fox = { prompt: 'A fox in the snow', shape: 'Square', seconds: '0.4' };

test('asks for what is needed', async () => {
	const page = await (await fetch(form, { headers })).text();
	for (const text of ['Make a video', 'Prompt', 'Shape', 'Seconds', 'Portrait']) {
		expect(page).toContain(text);
	}
});

test('gives the file on its last page', async () => {
	const page = await fillIn(fox);
	expect(emulator.requests[0]?.input).toMatchObject({
		prompt: fox.prompt,
		video_size: 'square',
		num_frames: 9,
	});
	expect(page).toContain('Here is your video');
	expect(page).toContain('It cost 0.0029 USD');
	expect(decodeURIComponent(page)).toContain('video/mp4');
});

test('is shown to no one without the login', async () => {
	expect((await fetch(form)).status).toBe(401);
	const wrong = { authorization: `Basic ${Buffer.from('someone:else').toString('base64')}` };
	const body = new FormData();
	expect((await fetch(form, { method: 'POST', body, headers: wrong })).status).toBe(401);
	expect(emulator.requests).toHaveLength(1);
});

test("says that there is none, with the execution's number and no other words", async () => {
	const prompt = 'A prompt that is refused';
	emulator.script(prompt, { job: { outcome: contentPolicyViolation(prompt) } });
	const page = await fillIn({ ...fox, prompt });
	expect(page).toContain('There is no video');
	expect(page).toMatch(/finds the reason in its execution\. It is number \d+\./);
	expect(page).not.toContain('content_policy_violation');
});

test('submits nothing that costs more than its limit', async () => {
	const submitted = emulator.requests.length;
	const page = await fillIn({ ...fox, shape: 'Landscape', seconds: '20' });
	expect(page).toContain('There is no video');
	expect(page).not.toContain('Max Cost per Item');
	expect(emulator.requests).toHaveLength(submitted);
});
