import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { itemsOf } from '../../scripts/n8n/execution.mts';
import { withCredential } from '../../scripts/n8n/workflow.mts';
import { NODE_TYPE, saveCredential, TRIGGER, VIDEO_NODE } from './harness.mts';
import { itemsWorkflow } from './itemsWorkflow.mts';
import { startOwnN8n, type OwnN8n } from './ownN8n.mts';
import { FILE_HOST, startPublicFal, type PublicFal } from './publicFal.mts';
import { useSharedEmulator } from '../useEmulator.mts';

/* A fal on the internet that names files in n8n's own network: n8n would fetch them for it. */

/** It begins as an MP4 does. */
const FILE = Buffer.from('\0\0\0\x18ftypmp42 and so on');
const REFUSED = 'its address is not a public one that starts with https';

const emulator = useSharedEmulator();
let fal: PublicFal;
let own: OwnN8n;
let inside: Server;
let insideCalls = 0;

beforeAll(async () => {
	inside = createServer((_request, response) => {
		insideCalls++;
		response.end(FILE);
	});
	await new Promise<void>((resolve) => inside.listen(0, '127.0.0.1', resolve));
	fal = await startPublicFal(emulator, (path, response) => {
		if (path === '/file.mp4') response.end(FILE);
		else response.writeHead(302, { location: insideUrl('127.0.0.1') }).end();
	});
	own = await startOwnN8n(fal.env);
});

afterAll(async () => {
	await own?.close();
	await fal?.close();
	inside?.closeAllConnections();
	await new Promise((resolve) => inside.close(resolve));
});

const insideUrl = (host: string, scheme = 'http') =>
	`${scheme}://${host}:${(inside.address() as AddressInfo).port}/file.mp4`;

test('no address in a private network is called, and a public one is', async () => {
	const urls: Record<string, string> = {
		loopback: insideUrl('127.0.0.1'),
		'with https': insideUrl('127.0.0.1', 'https'),
		mapped: insideUrl('[::ffff:127.0.0.1]'),
		decimal: insideUrl('2130706433'),
		'by name': insideUrl('localhost', 'https'),
		metadata: 'http://169.254.169.254/latest/meta-data',
		neighbour: 'https://10.0.0.1/file.mp4',
		redirected: `https://${FILE_HOST}/elsewhere.mp4`,
		'in the clear': `http://${FILE_HOST}/file.mp4`,
		public: `https://${FILE_HOST}/file.mp4`,
	};
	for (const [prompt, url] of Object.entries(urls)) {
		emulator.script(prompt, { output: { video: { url }, without: ['file_size'] } });
	}
	const { apiKey } = emulator;
	const credential = await saveCredential(own.n8n, { apiKey });
	const workflow = itemsWorkflow({
		name: 'Files of a private network',
		prompts: Object.keys(urls),
		settings: { onError: 'continueRegularOutput' },
	});
	const execution = await own.n8n.runWorkflow(
		withCredential(workflow, NODE_TYPE, credential),
		TRIGGER,
	);
	expect({ status: execution.status, error: execution.error }).toEqual({ status: 'success' });
	const outcomes = itemsOf(execution, VIDEO_NODE).map(({ json, binary }) =>
		binary ? 'delivered' : String(json['error']),
	);
	const refused = Object.keys(urls).map(() => expect.stringContaining(REFUSED) as string);
	expect(outcomes).toEqual([...refused.slice(1), 'delivered']);
	expect(insideCalls).toBe(0);
	expect([...fal.asked].sort()).toEqual(['queue.fal.run:443', `${FILE_HOST}:443`]);
});
