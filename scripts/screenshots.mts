// node scripts/with-packages.mjs scripts/screenshots.mts: takes the pictures of docs/images
// from a real n8n, a real browser and a video of the local fal.
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchChromium, openPage } from './browser/chromium.mts';
import { Editor } from './browser/editor.mts';
import { nodeTypeOf } from './n8n/communityPackage.mts';
import { startHost } from './n8n/host.mts';
import { N8nClient, type Credential } from './n8n/rest.mts';
import { withCredential, type Workflow } from './n8n/workflow.mts';
import type { Cleanup } from './processes/cleanup.mts';
import { runMain } from './processes/main.mts';
import { EXAMPLE_NODES, readExample } from './start/example.mts';
import { localFal } from './start/fal.mts';
import { runStep } from './terminal/steps.mts';

const IMAGES = fileURLToPath(new URL('../docs/images', import.meta.url));
const EXAMPLES = fileURLToPath(new URL('../examples', import.meta.url));
const CREDENTIAL_TYPE = 'falLtxApi';
/** High enough for the whole of the node's parameters. */
const PANEL = { width: 1440, height: 1200 };
/** Down to what the model fills in last. */
const TOOL = { width: 1440, height: 1300 };
const WINDOW = { width: 1440, height: 900 };
const OUTPUT_WIDER_BY = 180;
/** More than fal makes. */
const TOO_LONG = '={{ 10 + 11 }}';

/** The example as it is, and with a duration that fal would refuse. */
async function importWorkflows(n8n: N8nClient, credential: Credential) {
	const nodeType = await nodeTypeOf('falLtxVideo');
	const good = withCredential(await readExample(), nodeType, credential);
	const save = async (workflow: Workflow) => (await n8n.createWorkflow(workflow)).id;
	return { good: await save(good), bad: await save(withDuration(good, TOO_LONG)) };
}

function withDuration(workflow: Workflow, durationSeconds: string): Workflow {
	const nodes = workflow.nodes.map((node) =>
		node.name === EXAMPLE_NODES.video
			? { ...node, parameters: { ...node.parameters, durationSeconds } }
			: node,
	);
	return { ...workflow, name: `${workflow.name}, too long`, nodes };
}

const image = (name: string) => join(IMAGES, `${name}.png`);

async function takeGood(editor: Editor, workflowId: string): Promise<void> {
	await editor.open(workflowId, EXAMPLE_NODES.trigger, WINDOW);
	await editor.execute(EXAMPLE_NODES.last, 'success');
	await editor.picture(image('canvas'), 'window');
	await editor.openNode(EXAMPLE_NODES.video);
	await editor.widenOutput(OUTPUT_WIDER_BY);
	await editor.playVideo(2);
	await editor.picture(image('video'), 'parameters and output');
	await editor.resize(PANEL);
	await editor.showOutput('json');
	await editor.untilOutputShows('request_id');
	await editor.picture(image('panel'), 'parameters and output');
}

async function takeBad(editor: Editor, workflowId: string): Promise<void> {
	await editor.open(workflowId, EXAMPLE_NODES.trigger, WINDOW);
	await editor.execute(EXAMPLE_NODES.video, 'error');
	await editor.openNode(EXAMPLE_NODES.video);
	await editor.untilOutputShows(/must be a number of seconds/);
	await editor.revealParameter('durationSeconds');
	await editor.picture(image('error'), 'parameters and output');
}

const STICKY_NOTE = 'n8n-nodes-base.stickyNote';
const CHAT_MODEL = '@n8n/n8n-nodes-langchain.lmChatOpenAi';

/** The workflow, with the credential in each HTTP Request node that speaks to fal. */
function withFalInRequests(workflow: Workflow, { id, name, type }: Credential): Workflow {
	const nodes = workflow.nodes.map((node) =>
		node.parameters['nodeCredentialType'] === type
			? { ...node, credentials: { [type]: { id, name } } }
			: node,
	);
	return { ...workflow, nodes };
}

/** Each example on its canvas, as it is after a person has chosen credentials. */
async function takeExamples(editor: Editor, n8n: N8nClient, fal: Credential): Promise<void> {
	await mkdir(join(IMAGES, 'examples'), { recursive: true });
	const model = await n8n.createCredential('Chat model', 'openAiApi', { apiKey: 'none' });
	const nodeType = await nodeTypeOf('falLtxVideo');
	for (const file of await readdir(EXAMPLES)) {
		const example = JSON.parse(await readFile(join(EXAMPLES, file), 'utf8')) as Workflow;
		const ours = [nodeType, `${nodeType}Tool`, `${nodeType}Trigger`];
		const connected = ours.reduce(
			(workflow, type) => withCredential(workflow, type, fal),
			withCredential(example, CHAT_MODEL, model),
		);
		const { id } = await n8n.createWorkflow(withFalInRequests(connected, fal));
		const first = example.nodes.find(({ type }) => type !== STICKY_NOTE)!;
		await editor.open(id, first.name, WINDOW);
		await editor.canvasPicture(image(`examples/${basename(file, '.json')}`));
	}
}

/** The node as a tool of the example's agent, with what its model fills in. */
async function takeTool(editor: Editor, n8n: N8nClient, fal: Credential): Promise<void> {
	const agent = JSON.parse(await readFile(join(EXAMPLES, 'agent.json'), 'utf8')) as Workflow;
	const tool = `${await nodeTypeOf('falLtxVideo')}Tool`;
	const { id } = await n8n.createWorkflow(withCredential(agent, tool, fal));
	await editor.open(id, 'AI Agent', TOOL);
	await editor.openNode('Make a video');
	await editor.picture(image('tool'), 'parameters');
}

async function run(signal: AbortSignal, cleanup: Cleanup): Promise<number> {
	// First, as it may be missing and all else takes its time.
	const browser = await launchChromium();
	cleanup.add(async () => await browser.close());
	const fal = await localFal();
	cleanup.add(fal.close);
	const { url, session } = await startHost({ signal, cleanup });
	const n8n = new N8nClient(url, session);
	const credential = await n8n.createCredential('Fal LTX API', CREDENTIAL_TYPE, fal.credential);
	const { good, bad } = await importWorkflows(n8n, credential);
	await mkdir(IMAGES, { recursive: true });
	const editor = new Editor(await openPage(browser, { url, session }, WINDOW), url);
	await runStep('A video in the editor', () => takeGood(editor, good));
	await runStep('A refused parameter in the editor', () => takeBad(editor, bad));
	await runStep('The examples in the editor', () => takeExamples(editor, n8n, credential));
	await runStep('A tool in the editor', () => takeTool(editor, n8n, credential));
	console.log(`\nThe pictures are in ${IMAGES}`);
	return 0;
}

await runMain(run);
