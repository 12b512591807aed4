import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { contentPolicyViolation } from '../../../emulator/answers.mts';
import { startEmulator } from '../../../emulator/index.mts';
import type { N8nClient } from '../../../scripts/n8n/rest.mts';
import { readWorkflow, withNode } from '../exampleWorkflow.mts';
import { connected, loggedIn, type Emulator } from '../harness.mts';
import { until } from '../poll.mts';
import { probeBytes } from '../savedBinary.mts';

/* The two examples in which somebody outside posts a prompt to a webhook of n8n. */

const SMALL = { videoSize: 'custom', width: 64, height: 64, numFrames: 9 };
const REFUSED = 'a prompt that is refused';

let emulator: Emulator;
let n8n: N8nClient;

beforeAll(async () => {
	// Long enough for an execution to be parked before fal calls back.
	emulator = await startEmulator({ runSeconds: 1 });
	n8n = loggedIn();
});

afterAll(async () => await emulator.close());

/** Publishes an example that makes small videos. */
async function publish(file: string, node: string): Promise<void> {
	const example = await readWorkflow(file);
	await n8n.publishWorkflow(
		await connected(n8n, emulator, withNode(example, node, { parameters: SMALL })),
	);
}

const post = async (path: string, body: object) =>
	await fetch(`${n8n.url}/webhook/${path}`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(body),
	});

/** Lets fal refuse the next video with this prompt. */
const refuse = (prompt: string) =>
	emulator.script(prompt, { job: { runSeconds: 1, outcome: contentPolicyViolation(prompt) } });

const requestOf = (prompt: string) =>
	emulator.requests.find(({ input }) => input['prompt'] === prompt)!.request_id;

describe('the example "POST a prompt, get the video"', () => {
	beforeAll(async () => await publish('webhook-to-video.json', 'Make the video'));

	test('answers with the file, its request and its cost', async () => {
		const answer = await post('make-video', { prompt: 'a boat' });
		expect(answer.status).toBe(200);
		expect(answer.headers.get('content-type')).toBe('video/mp4');
		expect(answer.headers.get('x-request-id')).toBe(requestOf('a boat'));
		expect(answer.headers.get('x-cost')).toBe('0.0001 USD');
		const bytes = Buffer.from(await answer.arrayBuffer());
		expect(await probeBytes(bytes)).toMatchObject({ width: 64, frames: 9 });
	});

	test('answers with the reason when there is none', async () => {
		refuse(REFUSED);
		const answer = await post('make-video', { prompt: REFUSED });
		expect(answer.status).toBe(422);
		expect(await answer.json()).toEqual({
			error: expect.stringContaining('content_policy_violation'),
			request_id: requestOf(REFUSED),
		});
	});

	test('answers a call without a prompt with what is missing, and buys nothing', async () => {
		const bought = emulator.requests.length;
		const answer = await post('make-video', {});
		expect(answer.status).toBe(422);
		expect(await answer.json()).toMatchObject({ error: expect.stringContaining('Prompt') });
		expect(emulator.requests).toHaveLength(bought);
	});
});

describe('the example "POST a prompt, be called back"', () => {
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
		await publish('webhook-callback.json', 'Make the video, parked');
	});

	beforeEach(() => {
		calls = [];
	});

	afterAll(() => {
		caller.closeAllConnections();
		caller.close();
	});

	/** Orders a video; gives the call that came back for it. */
	async function order(prompt: string): Promise<Call> {
		const { port } = caller.address() as AddressInfo;
		const answer = await post('order-video', {
			prompt,
			callback_url: `http://127.0.0.1:${port}/done`,
		});
		expect(answer.status).toBe(202);
		const { execution } = (await answer.json()) as { execution: string };
		const isParked = async () => (await n8n.execution(execution)).status === 'waiting';
		await until('it is parked', isParked);
		expect(calls).toEqual([]);
		await until('the caller is called', () => calls.length > 0, 60_000);
		return calls[0]!;
	}

	test('answers at once, and gives the file when it is there', async () => {
		const { headers, body } = await order('a second boat');
		expect(headers).toMatchObject({
			'content-type': 'video/mp4',
			'x-request-id': requestOf('a second boat'),
			'x-cost': '0.0001 USD',
		});
		expect(await probeBytes(body)).toMatchObject({ width: 64, frames: 9 });
	});

	test('gives the reason when there is none', async () => {
		refuse(REFUSED);
		const { body } = await order(`${REFUSED}, too`);
		expect(JSON.parse(body.toString())).toEqual({
			error: expect.stringContaining('content_policy_violation'),
			request_id: requestOf(`${REFUSED}, too`),
		});
	});
});
