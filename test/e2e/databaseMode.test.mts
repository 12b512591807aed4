import { itemsOf } from '../../scripts/n8n/execution.mts';
import { safetensors, sha256 } from '../integration/loraFile.mts';
import { connected, SMALL_VIDEO, TRIGGER, VIDEO_NODE, videoWorkflow } from './harness.mts';
import { startOwnN8n, type OwnN8n } from './ownN8n.mts';
import { binaryOf } from './savedBinary.mts';
import { runUploadExample } from './uploadedLora.mts';
import { useEmulator } from '../useEmulator.mts';

const MIB = 1024 * 1024;
/** Above what is uploaded in one piece. */
const LIMIT_MIB = 96;

const emulator = useEmulator({ preparedBytes: 1 });
let own: OwnN8n;

beforeAll(async () => {
	own = await startOwnN8n({
		N8N_DEFAULT_BINARY_DATA_MODE: 'database',
		N8N_BINARY_DATA_DATABASE_MAX_FILE_SIZE: String(LIMIT_MIB),
	});
});

afterAll(async () => await own?.close());

/** Makes one video whose file is so large; gives the execution and the file as fal has it. */
async function generate(preparedBytes: number) {
	const { n8n } = own;
	await emulator.restart({ preparedBytes });
	const workflow = await connected(n8n, emulator, videoWorkflow('Large', SMALL_VIDEO));
	const execution = await n8n.runWorkflow(workflow, TRIGGER);
	const [item] = itemsOf(execution, VIDEO_NODE);
	const { url } = (item?.json['video'] ?? {}) as { url?: string };
	const onCdn = url && Buffer.from(await (await fetch(url)).arrayBuffer());
	return { execution, item, onCdn };
}

describe("n8n's database as the store of files", () => {
	test('takes a file as large as it may be, every byte of it', async () => {
		const { item, onCdn, execution } = await generate(LIMIT_MIB * MIB);
		expect({ status: execution.status, error: execution.error }).toEqual({ status: 'success' });
		const { reference, bytes } = await binaryOf(own.n8n, item);
		expect(reference).toMatchObject({ id: expect.stringMatching(/^database:/) });
		expect(bytes.equals(onCdn as Buffer)).toBe(true);
	});

	test('refuses a larger one with the setting that allows it, and names what is paid for', async () => {
		const { execution } = await generate(LIMIT_MIB * MIB + 1);
		expect(execution.status).toBe('error');
		const { message, description } = execution.error!;
		expect(message).toMatch(/^The video is made and paid for, but did not arrive\. /);
		expect(message).toContain('N8N_BINARY_DATA_DATABASE_MAX_FILE_SIZE');
		expect(message).toContain(`(request ${emulator.requests[0]!.request_id})`);
		expect(description).toMatch(/^A retry of this execution fetches it without paying again\./);
	});

	test('gives a LoRA in parts, every byte of it', async () => {
		const file = safetensors(LIMIT_MIB * MIB);
		const execution = await runUploadExample(own.n8n, emulator, file);
		expect({ status: execution.status, error: execution.error }).toEqual({ status: 'success' });
		expect(emulator.requests[0]!.loras).toMatchObject([{ sha256: sha256(file) }]);
	});
});
