import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Execution, itemsOf } from '../../scripts/n8n/execution.mts';
import type { Workflow } from '../../scripts/n8n/workflow.mts';
import { loggedIn, saveCredential, TRIGGER } from './harness.mts';

/* Who may use the credential, but not see its key, can put it into an HTTP Request node as well. */

const API_KEY = '00000000-0000-4000-8000-000000000000:4e5f6a7b8c9d0e1f';
const HTTP = 'HTTP Request';

/** All versions of the node with other authentication than they list themselves. */
const VERSIONS = [2, 3, 4.2];

/** n8n's words, or those of the credential, depending on who looks first. */
const NOT_ALLOWED = /Domain not allowed|not among the Allowed Domains/;

/** A host that records what it is sent, and redirects where the test says. */
interface RecordingHost {
	url: string;
	calls: IncomingHttpHeaders[];
	close(): Promise<void>;
}

async function recordingHost(location?: string): Promise<RecordingHost> {
	const calls: IncomingHttpHeaders[] = [];
	const server = createServer((request, response) => {
		calls.push(request.headers);
		request.resume();
		if (location) response.writeHead(302, { location });
		else response.writeHead(200, { 'content-type': 'application/json' });
		response.end('{"is":"answered"}');
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}/`,
		calls,
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

const hosts: RecordingHost[] = [];

async function startHost(location?: string): Promise<RecordingHost> {
	const host = await recordingHost(location);
	hosts.push(host);
	return host;
}

afterEach(async () => {
	for (const host of hosts.splice(0)) await host.close();
});

/** A call by n8n's own node, with a credential that has these fields. */
async function request(
	parameters: Record<string, unknown>,
	fields: Record<string, unknown> = {},
	typeVersion = 4.2,
): Promise<Execution> {
	const n8n = loggedIn();
	const { id, name, type } = await saveCredential(n8n, { apiKey: API_KEY, ...fields });
	const workflow: Workflow = {
		name: HTTP,
		nodes: [
			{
				...{ id: TRIGGER, name: TRIGGER, type: 'n8n-nodes-base.manualTrigger', typeVersion: 1 },
				...{ position: [0, 0], parameters: {} },
			},
			{
				...{ id: HTTP, name: HTTP, type: 'n8n-nodes-base.httpRequest', typeVersion },
				position: [240, 0],
				parameters: {
					authentication: 'predefinedCredentialType',
					nodeCredentialType: type,
					options: {},
					...parameters,
				},
				credentials: { [type]: { id, name } },
			},
		],
		connections: { [TRIGGER]: { main: [[{ node: HTTP, type: 'main', index: 0 }]] } },
	};
	return await n8n.runWorkflow(workflow, TRIGGER);
}

const wordsOf = ({ error }: Execution) => `${error?.message} ${error?.description}`;

test.each(VERSIONS)(
	'version %d sends the key to no other host unless it is allowed',
	async (version) => {
		const { url, calls } = await startHost();
		const execution = await request({ url }, {}, version);
		expect({ status: execution.status, calls }).toEqual({ status: 'error', calls: [] });
		expect(wordsOf(execution)).toMatch(NOT_ALLOWED);
	},
);

test('a host that the credential allows gets it', async () => {
	const { url, calls } = await startHost();
	const execution = await request({ url }, { allowedDomains: 'queue.fal.run, 127.0.0.1' });
	expect({ status: execution.status, error: execution.error }).toEqual({ status: 'success' });
	expect(itemsOf(execution, HTTP)).toMatchObject([{ json: { is: 'answered' } }]);
	expect(calls).toMatchObject([{ authorization: `Key ${API_KEY}` }]);
});

test.each<[string, Record<string, unknown>, string]>([
	[
		'to another site on a server that the credential allows',
		{
			sendHeaders: true,
			headerParameters: { parameters: [{ name: 'Host', value: 'evil.example' }] },
		},
		'another host in its Host header',
	],
	['with a method whose response repeats it', { method: '={{ "TRACE" }}' }, 'not sent with TRACE'],
])('it is not sent %s', async (_how, parameters, words) => {
	const { url, calls } = await startHost();
	const execution = await request({ url, ...parameters }, { allowedDomains: '127.0.0.1' });
	expect({ status: execution.status, calls }).toEqual({ status: 'error', calls: [] });
	expect(wordsOf(execution)).toContain(words);
});

test('so does a private host where all are allowed', async () => {
	const { url, calls } = await startHost();
	const execution = await request({ url }, { allowedHttpRequestDomains: 'all' });
	expect({ status: execution.status, error: execution.error }).toEqual({ status: 'success' });
	expect(calls).toMatchObject([{ authorization: `Key ${API_KEY}` }]);
});

test('no host gets it where none is allowed', async () => {
	const { url, calls } = await startHost();
	const execution = await request({ url }, { allowedHttpRequestDomains: 'none' });
	expect({ status: execution.status, calls }).toEqual({ status: 'error', calls: [] });
});

test.each(VERSIONS)('version %d takes it along with no redirect', async (version) => {
	const other = await startHost();
	const { url, calls } = await startHost(other.url);
	const followed = { redirect: { redirect: { followRedirects: true, maxRedirects: 5 } } };
	const options = version < 3 ? { followRedirect: true, followAllRedirects: true } : followed;
	const execution = await request({ url, options }, { allowedDomains: '127.0.0.1' }, version);
	expect({ status: execution.status, other: other.calls }).toEqual({ status: 'error', other: [] });
	expect(calls).toMatchObject([{ authorization: `Key ${API_KEY}` }]);
});

test('nor does it go through a proxy that the node names', async () => {
	const proxy = await startHost();
	const { url, calls } = await startHost();
	const options = { proxy: proxy.url };
	const execution = await request({ url, options }, { allowedDomains: '127.0.0.1' });
	expect({ calls, proxied: proxy.calls }).toEqual({ calls: [], proxied: [] });
	expect(wordsOf(execution)).toContain('not sent through a proxy');
});

test('nor in the clear to a public host', async () => {
	const execution = await request({ url: 'http://queue.fal.run/fal-ai/x' });
	expect(execution.status).toBe('error');
	expect(wordsOf(execution)).toContain('The key is not sent to queue.fal.run');
});
