import type { RequestScript } from '../../emulator/index.mts';
import { itemsOf } from '../../scripts/n8n/execution.mts';
import {
	connected,
	loggedIn,
	SMALL_VIDEO,
	TRIGGER,
	VIDEO_NODE,
	videoWorkflow,
} from './harness.mts';
import { binaryOf, probeBytes } from './savedBinary.mts';
import { useEmulator } from '../useEmulator.mts';

/* What n8n stores is the whole file, whatever the server of the file does; or the node fails. */

const emulator = useEmulator();
const n8n = loggedIn();

const PAGE = '<!doctype html><title>Sorry</title>';

const SERVED: Array<[string, RequestScript]> = [
	['has no length, and is cut', { download: [{ kind: 'noLength', afterBytes: 700 }] }],
	['has no byte', { download: [{ kind: 'emptyFile' }] }],
	["is a gateway's page", { download: [{ kind: 'status', status: 200, html: PAGE }] }],
	[
		'breaks off, with a weak validator',
		{ download: [{ kind: 'cutDownload', afterBytes: 700 }], output: { validator: 'weak' } },
	],
	['is packed with gzip', { download: [{ kind: 'encoded', encoding: 'gzip' }] }],
	['is packed with br', { download: [{ kind: 'encoded', encoding: 'br' }] }],
];

test.each(SERVED)('a response that %s', async (_how, script) => {
	emulator.script(SMALL_VIDEO.prompt, script);
	const workflow = await connected(n8n, emulator, videoWorkflow('Download', SMALL_VIDEO));
	const execution = await n8n.runWorkflow(workflow, TRIGGER);
	expect(execution).toMatchObject({ status: 'success' });
	const [item] = itemsOf(execution, VIDEO_NODE);
	const { bytes } = await binaryOf(n8n, item!);
	expect(await probeBytes(bytes)).toMatchObject({ width: 320, height: 192, frames: 25 });
});

test('a file that is not as long as fal says is an error', async () => {
	emulator.script(SMALL_VIDEO.prompt, { output: { video: { file_size: 7 } } });
	const workflow = await connected(n8n, emulator, videoWorkflow('Sized', SMALL_VIDEO));
	const execution = await n8n.runWorkflow(workflow, TRIGGER);
	expect(execution).toMatchObject({ status: 'error' });
	expect(execution.error!.message).toContain('fal says that the file has 7 bytes');
});
