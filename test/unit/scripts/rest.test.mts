import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { N8nClient } from '../../../scripts/n8n/rest.mts';

let server: Server;
let received: Record<string, unknown>[];
let n8n: N8nClient;

beforeEach(async () => {
	received = [];
	server = createServer((request, response) => {
		void json(request).then((body) => {
			received.push(body as Record<string, unknown>);
			response.setHeader('content-type', 'application/json');
			response.end(JSON.stringify({ data: { id: '1', versionId: '1' } }));
		});
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	n8n = new N8nClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

afterEach(() => {
	server.close();
});

const workflow = { name: 'w', nodes: [], connections: {} };

// n8n saves null where there is none, and its editor then fails to execute a step.
test('a workflow is saved with pinned data, if only with none', async () => {
	await n8n.createWorkflow(workflow);
	await n8n.createWorkflow({ ...workflow, pinData: null });
	await n8n.createWorkflow({ ...workflow, pinData: { Start: [{ json: {} }] } });
	expect(received.map(({ pinData }) => pinData)).toEqual([{}, {}, { Start: [{ json: {} }] }]);
});
