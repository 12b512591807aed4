import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { contentPolicyViolation } from '../../../emulator/responses.mts';
import { withCredential } from '../../../scripts/n8n/workflow.mts';
import { readWorkflow, withNode } from '../exampleWorkflow.mts';
import { connected, loggedIn } from '../harness.mts';
import { until } from '../poll.mts';
import { probeBytes } from '../savedBinary.mts';
import { useSharedEmulator } from '../../useEmulator.mts';

/* The two examples in which somebody outside posts a prompt to a webhook of n8n. */

const SMALL = { videoSize: 'custom', width: 64, height: 64, generation: { numFrames: 9 } };
const REFUSED = 'a prompt that is refused';

/** What callers have to send. */
const SECRET = { name: 'x-api-key', value: 'only for these tests' };

const emulator = useSharedEmulator({ runSeconds: 1 });
const n8n = loggedIn();

beforeAll(async () => {
	// Long enough for an execution to be waiting before fal calls the webhook.
});

/** Publishes an example that makes small videos. */
async function publish(file: string, node: string): Promise<void> {
	const example = await readWorkflow(file);
	const secret = await n8n.createCredential('callers', 'httpHeaderAuth', SECRET);
	const guarded = withCredential(example, 'n8n-nodes-base.webhook', secret);
	await n8n.publishWorkflow(
		await connected(n8n, emulator, withNode(guarded, node, { parameters: SMALL })),
	);
}

const post = async (
	path: string,
	body: object,
	headers: Record<string, string> = { [SECRET.name]: SECRET.value },
) =>
	await fetch(`${n8n.url}/webhook/${path}`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', ...headers },
		body: JSON.stringify(body),
	});

/** What a caller gets when there is no video: no words of fal's, n8n's or the node's. */
const REASON = {
	error: 'The video could not be made. Whoever runs this finds the reason in its execution.',
	execution: expect.stringMatching(/^\d+$/),
};

/** The reason that an execution holds. */
const reasonIn = async (execution: string, node: string) =>
	JSON.stringify((await n8n.execution(execution)).runs[node]);

const callers: Array<[string, Record<string, string>]> = [
	['nothing', {}],
	['another value', { [SECRET.name]: 'another one' }],
];

/** Lets fal refuse the next video with this prompt. */
const refuse = (prompt: string) =>
	emulator.script(prompt, { job: { runSeconds: 1, outcome: contentPolicyViolation(prompt) } });

const requestOf = (prompt: string) =>
	emulator.requests.find(({ input }) => input['prompt'] === prompt)!.request_id;

describe('the example "POST a prompt, get the video"', () => {
	beforeAll(async () => await publish('webhook-to-video.json', 'Make the video'));

	test('responds with the file, its request and its cost', async () => {
		const response = await post('make-video', { prompt: 'a boat' });
		expect(response.status).toBe(200);
		expect(response.headers.get('content-type')).toBe('video/mp4');
		expect(response.headers.get('x-request-id')).toBe(requestOf('a boat'));
		expect(response.headers.get('x-cost')).toBe('0.0001 USD');
		const bytes = Buffer.from(await response.arrayBuffer());
		expect(await probeBytes(bytes)).toMatchObject({ width: 64, frames: 9 });
	});

	test('responds with the execution that holds the reason when there is none', async () => {
		refuse(REFUSED);
		const response = await post('make-video', { prompt: REFUSED });
		expect(response.status).toBe(422);
		const refusal = (await response.json()) as { execution: string };
		expect(refusal).toEqual({ ...REASON, request_id: requestOf(REFUSED) });
		await n8n.untilOver(refusal.execution);
		expect(await reasonIn(refusal.execution, 'Make the video')).toContain(
			'content_policy_violation',
		);
	});

	test('responds to a call without a prompt in the same way, and submits nothing', async () => {
		const submitted = emulator.requests.length;
		const response = await post('make-video', {});
		expect(response.status).toBe(422);
		expect(await response.json()).toEqual(REASON);
		expect(emulator.requests).toHaveLength(submitted);
	});

	test.each(callers)('refuses a caller who sends %s', async (_what, headers) => {
		const submitted = emulator.requests.length;
		expect((await post('make-video', { prompt: 'a boat' }, headers)).status).toBe(403);
		expect(emulator.requests).toHaveLength(submitted);
	});
});

describe('the example "POST a prompt, get the video by webhook"', () => {
	interface Call {
		headers: IncomingHttpHeaders;
		body: Buffer;
	}

	let caller: Server;
	let calls: Call[];

	beforeAll(async () => {
		caller = createServer((request, response) => {
			const chunks: Buffer[] = [];
			request.on('data', (chunk: Buffer) => chunks.push(chunk));
			request.on('end', () => {
				calls.push({ headers: request.headers, body: Buffer.concat(chunks) });
				response.end();
			});
		});
		caller.listen(0, '127.0.0.1');
		await once(caller, 'listening');
		await publish('video-by-webhook.json', 'Make the video');
	});

	beforeEach(() => {
		calls = [];
	});

	afterAll(() => {
		caller.closeAllConnections();
		caller.close();
	});

	/** Submits a prompt; gives the call with its video. */
	async function submit(prompt: string): Promise<Call> {
		const { port } = caller.address() as AddressInfo;
		const response = await post('submit-video', {
			prompt,
			webhook_url: `http://127.0.0.1:${port}/done`,
		});
		expect(response.status).toBe(202);
		const { execution } = (await response.json()) as { execution: string };
		const isWaiting = async () => (await n8n.execution(execution)).status === 'waiting';
		await until('it is waiting', isWaiting);
		expect(calls).toEqual([]);
		await until('the caller is called', () => calls.length > 0, 60_000);
		return calls[0]!;
	}

	test('responds at once, and gives the file when it is there', async () => {
		const { headers, body } = await submit('a second boat');
		expect(headers).toMatchObject({
			'content-type': 'video/mp4',
			'x-request-id': requestOf('a second boat'),
			'x-cost': '0.0001 USD',
		});
		expect(await probeBytes(body)).toMatchObject({ width: 64, frames: 9 });
	});

	test('gives the execution that holds the reason when there is none', async () => {
		refuse(REFUSED);
		const { body } = await submit(`${REFUSED}, too`);
		const refusal = JSON.parse(body.toString()) as { execution: string };
		expect(refusal).toEqual({ ...REASON, request_id: requestOf(`${REFUSED}, too`) });
		await n8n.untilOver(refusal.execution);
		expect(await reasonIn(refusal.execution, 'Make the video')).toContain(
			'content_policy_violation',
		);
	});

	test.each(callers)('refuses a caller who sends %s', async (_what, headers) => {
		const body = { prompt: 'a boat', webhook_url: 'http://127.0.0.1:1/' };
		expect((await post('submit-video', body, headers)).status).toBe(403);
		expect(calls).toEqual([]);
	});
});
