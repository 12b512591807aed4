import { itemsOf } from '../../scripts/n8n/execution.mts';
import { connected, loggedIn, TRIGGER, VIDEO_NODE, videoWorkflow } from './harness.mts';
import { binaryOf, probeBytes } from './savedBinary.mts';
import { useSharedEmulator } from '../useEmulator.mts';

/** Beyond 2^53: read as a number it would become another seed. */
const SEED = '9007199254740993';

/** Each parameter of the endpoint, and none as fal would set it by itself. */
const everything = {
	prompt: 'A lighthouse in a storm, "seen" from a boat.\nWaves – and gulls 🕊️.',
	loras: {
		lora: [
			{ path: 'someone/lighthouse', weightName: 'style.safetensors', scale: 0.75 },
			{ path: 'https://example.com/second.safetensors', weightName: '', scale: 1.5 },
		],
	},
	videoSize: 'custom',
	width: 320,
	height: 192,
	generation: {
		numFrames: 33,
		fps: 12.5,
		acceleration: 'high',
		cameraLora: 'dolly_left',
		cameraLoraScale: 0.4,
		distillLoraSecondPassScale: 0.25,
		enablePromptExpansion: false,
		enableSafetyChecker: false,
		generateAudio: false,
		negativePrompt: 'blurry',
		scheduler: 'linear_quadratic',
		seed: SEED,
		useMultiscale: false,
	},
	outputFile: {
		syncMode: true,
		videoOutputType: 'VP9 (.webm)',
		videoQuality: 'low',
		videoWriteMode: 'fast',
	},
};

const expectedBody = {
	prompt: everything.prompt,
	loras: [
		{ path: 'someone/lighthouse', weight_name: 'style.safetensors', scale: 0.75 },
		{ path: 'https://example.com/second.safetensors', scale: 1.5 },
	],
	video_size: { width: 320, height: 192 },
	num_frames: 33,
	fps: 12.5,
	acceleration: 'high',
	camera_lora: 'dolly_left',
	camera_lora_scale: 0.4,
	distill_lora_second_pass_scale: 0.25,
	enable_prompt_expansion: false,
	enable_safety_checker: false,
	generate_audio: false,
	negative_prompt: 'blurry',
	scheduler: 'linear_quadratic',
	seed: SEED,
	use_multiscale: false,
	sync_mode: true,
	video_output_type: 'VP9 (.webm)',
	video_quality: 'low',
	video_write_mode: 'fast',
};

/** Reads a request with the digits of its seed as text, and as a number on the wire. */
function readBody(rawBody: string): unknown {
	const quoted = rawBody.replace(/("seed"\s*:\s*)(\d+)/, '$1"$2"');
	expect(quoted).not.toBe(rawBody);
	return JSON.parse(quoted);
}

describe('all 20 parameters of the endpoint', () => {
	const emulator = useSharedEmulator({ runSeconds: 0.1 });

	test('reach fal exactly as they were set, and the file is as asked', async () => {
		expect(Object.keys(expectedBody)).toHaveLength(20);
		const n8n = loggedIn();
		const workflow = await connected(n8n, emulator, videoWorkflow('Everything', everything));
		const execution = await n8n.runWorkflow(workflow, TRIGGER);
		expect({ status: execution.status, error: execution.error }).toEqual({ status: 'success' });
		expect(emulator.requests).toHaveLength(1);
		expect(readBody(String(emulator.requests[0]?.rawBody))).toEqual(expectedBody);
		expect(emulator.violations).toEqual([]);

		const [item] = itemsOf(execution, VIDEO_NODE);
		expect(String(item?.json['seed'])).toBe(SEED);
		const { reference, bytes } = await binaryOf(n8n, item);
		expect(reference).toMatchObject({ mimeType: 'video/webm', fileExtension: 'webm' });
		expect(await probeBytes(bytes)).toMatchObject({
			container: expect.stringContaining('webm'),
			audioCodec: undefined,
			width: 320,
			height: 192,
			frames: 33,
		});
	});
});
