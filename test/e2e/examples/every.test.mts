import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeNamed } from '../../../scripts/n8n/workflow.mts';
import { readWorkflow } from '../exampleWorkflow.mts';
import { loggedIn } from '../harness.mts';

/* What holds for each workflow in examples/, whatever it is about. */

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
/** Nodes that anybody who knows an address can start a workflow with, and that respond to them. */
const OPEN_TO_OTHERS = ['n8n-nodes-base.webhook', 'n8n-nodes-base.formTrigger'];
const REPLIES = [
	'n8n-nodes-base.respondToWebhook',
	'n8n-nodes-base.form',
	'n8n-nodes-base.httpRequest',
];

const EXAMPLES = readdirSync(join(ROOT, 'examples'));

/** The end-to-end tests, but for this one. */
function testSources(): string {
	const folder = join(ROOT, 'test/e2e');
	return readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.mts') && !import.meta.url.endsWith(file))
		.map((file) => readFileSync(join(folder, file), 'utf8'))
		.join('\n');
}

test('there are some, and nothing else', () => {
	expect(EXAMPLES.length).toBeGreaterThan(5);
	expect(EXAMPLES.filter((file) => !file.endsWith('.json'))).toEqual([]);
});

describe.each(EXAMPLES)('examples/%s', (file) => {
	test('can be imported, with nodes that every n8n has and this one', async () => {
		const n8n = loggedIn();
		const workflow = await readWorkflow(file);
		const known = await n8n.nodeTypes();
		const unknown = workflow.nodes.filter(({ type }) => !known.includes(type));
		expect(unknown.map(({ type }) => type)).toEqual([]);
		expect((await n8n.createWorkflow(workflow)).id).toBeTruthy();
	});

	test('explains itself on its canvas', async () => {
		const { nodes } = await readWorkflow(file);
		const notes = nodes.filter(({ type }) => type === 'n8n-nodes-base.stickyNote');
		expect(notes.map(({ parameters }) => parameters['content'])).toContainEqual(
			expect.stringMatching(/^## .{10,}\n[^]{200,}/),
		);
	});

	test('holds no credential, and no two nodes or connections that do not fit', async () => {
		const workflow = await readWorkflow(file);
		const { nodes, connections, settings } = workflow;
		expect(nodes.filter((node) => 'credentials' in node)).toEqual([]);
		const unique = (values: string[]) => expect(new Set(values).size).toBe(values.length);
		unique(nodes.map(({ id }) => id));
		unique(nodes.map(({ name }) => name));
		const ends = Object.values(connections).flatMap((from) => Object.values(from).flat(2));
		for (const name of [...Object.keys(connections), ...ends.map(({ node }) => node)]) {
			expect(nodeNamed(workflow, name).name).toBe(name);
		}
		expect(settings).toEqual({ executionOrder: 'v1' });
	});

	test('lets no one in without a credential, and gives callers no internal words', async () => {
		const { nodes } = await readWorkflow(file);
		const open = nodes.filter(
			({ type, parameters }) =>
				OPEN_TO_OTHERS.includes(type) && !/Auth$/.test(String(parameters['authentication'])),
		);
		expect(open.map(({ name }) => name)).toEqual([]);
		const replies = nodes.filter(({ type }) => REPLIES.includes(type));
		for (const { parameters } of replies) {
			expect(JSON.stringify(parameters)).not.toMatch(/\$json\.(error|detail)/);
		}
	});

	test('is shown in docs/examples.md', () => {
		expect(readFileSync(join(ROOT, 'docs/examples.md'), 'utf8')).toContain(`examples/${file}`);
	});

	test('is run by a test', () => expect(testSources()).toContain(`'${file}'`));
});
