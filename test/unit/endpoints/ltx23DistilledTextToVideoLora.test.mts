import { videoOutput } from '../../../nodes/FalLtxVideo/endpoints/output';
import { checkInput } from '../../../nodes/FalLtxVideo/parameters/checkInput';
import { ltx23DistilledTextToVideoLora as endpoint } from '../../../nodes/FalLtxVideo/endpoints/ltx23DistilledTextToVideoLora';

/*
 * The endpoint's page on fal.ai, row by row, read a second time: what it takes, what it refuses and
 * what it uses when nothing is sent.
 */
interface Row {
	name: string;
	takes: unknown[];
	refuses: unknown[];
	default?: unknown;
	required?: boolean;
}

const unit = { takes: [0, 0.25, 1], refuses: [-0.01, 1.01, '1', NaN] };
const yesNo = { takes: [true, false], refuses: ['true', 1] };
const lora = { path: 'owner/repo' };

const PAGE: Row[] = [
	{ name: 'prompt', takes: ['a fox', '2049'], refuses: [2049, '', {}], required: true },
	{ name: 'num_frames', takes: [9, 121, 481], refuses: [8, 482, 121.5, '121'], default: 121 },
	{
		name: 'video_size',
		takes: [
			'square_hd',
			'square',
			'portrait_4_3',
			'portrait_16_9',
			'landscape_4_3',
			'landscape_16_9',
			{ width: 1, height: 14142 },
			{ width: 1280, height: 720 },
		],
		refuses: [
			'custom',
			'1080p',
			{ width: 0, height: 512 },
			{ width: 512, height: 14143 },
			{ width: 512.5, height: 512 },
			{ width: 512 },
		],
		default: 'landscape_16_9',
	},
	{ name: 'generate_audio', ...yesNo, default: true },
	{ name: 'use_multiscale', ...yesNo, default: true },
	{ name: 'fps', takes: [1, 23.976, 60], refuses: [0.99, 60.01, '24'], default: 24 },
	{
		name: 'scheduler',
		takes: ['ltx2', 'linear_quadratic', 'beta'],
		refuses: ['Beta', ''],
		default: 'beta',
	},
	{
		name: 'acceleration',
		takes: ['none', 'regular', 'high', 'full'],
		refuses: ['low'],
		default: 'none',
	},
	{
		name: 'camera_lora',
		takes: [
			'dolly_in',
			'dolly_out',
			'dolly_left',
			'dolly_right',
			'jib_up',
			'jib_down',
			'static',
			'none',
		],
		refuses: ['pan_left'],
		default: 'none',
	},
	{ name: 'camera_lora_scale', ...unit, default: 1 },
	{
		name: 'negative_prompt',
		takes: ['', 'blurry'],
		refuses: [0],
		default:
			'news broadcast, 3d animation, computer graphics, pc game, console game, video game, cartoon, childish, watermark, logo, text, on screen text, subtitles, titles, signature, slowmo, static',
	},
	{
		name: 'seed',
		takes: [0, -1, 149063119, 2n ** 64n, null],
		refuses: [1.5, '1', 2 ** 53],
	},
	{ name: 'enable_prompt_expansion', ...yesNo, default: true },
	{ name: 'enable_safety_checker', ...yesNo, default: true },
	{
		name: 'video_output_type',
		takes: ['X264 (.mp4)', 'VP9 (.webm)', 'PRORES4444 (.mov)', 'GIF (.gif)'],
		refuses: ['mp4'],
		default: 'X264 (.mp4)',
	},
	{
		name: 'video_quality',
		takes: ['low', 'medium', 'high', 'maximum'],
		refuses: ['best'],
		default: 'high',
	},
	{
		name: 'video_write_mode',
		takes: ['fast', 'balanced', 'small'],
		refuses: ['slow'],
		default: 'balanced',
	},
	{ name: 'sync_mode', ...yesNo, default: false },
	{
		name: 'loras',
		takes: [
			[lora],
			[{ ...lora, scale: 0 }],
			[
				{ ...lora, scale: 4, weight_name: 'a.safetensors' },
				{ ...lora, weight_name: null },
			],
		],
		refuses: [
			[],
			[{}],
			[{ path: '' }],
			[{ ...lora, scale: 4.1 }],
			[{ ...lora, scale: -0.1 }],
			'owner/repo',
		],
		required: true,
	},
	{ name: 'distill_lora_second_pass_scale', ...unit, default: 0.5 },
];

const least = { prompt: 'a fox', loras: [lora] };

test('the schema has exactly the inputs of the page', () => {
	expect(Object.keys(endpoint.input.shape).sort()).toEqual(PAGE.map(({ name }) => name).sort());
	expect(PAGE).toHaveLength(20);
});

describe.each(PAGE)('$name', ({ name, takes, refuses, default: byDefault, required = false }) => {
	test('takes what the page allows, unchanged', () => {
		for (const value of takes) {
			const check = checkInput(endpoint.input, { ...least, [name]: value });
			expect(check).toEqual({ ok: true, input: { ...least, [name]: value } });
		}
	});

	test('refuses everything else and says where', () => {
		for (const value of refuses) {
			const check = checkInput(endpoint.input, { ...least, [name]: value });
			expect(check.ok ? value : check.faults.map(({ path }) => path[0])).toEqual([name]);
		}
	});

	test(`is ${required ? 'required' : 'not sent when it is not set'}`, () => {
		const without = Object.fromEntries(Object.entries(least).filter(([key]) => key !== name));
		const check = checkInput(endpoint.input, without);
		expect(check.ok).toBe(!required);
		if (check.ok) expect(check.input).not.toHaveProperty(name);
	});

	test('has the default of the page', () => {
		expect((endpoint.defaults as Record<string, unknown>)[name]).toEqual(byDefault);
	});
});

test('the presets have the pixels of fal', () => {
	expect(endpoint.sizes).toEqual({
		square_hd: { width: 1024, height: 1024 },
		square: { width: 512, height: 512 },
		portrait_4_3: { width: 768, height: 1024 },
		portrait_16_9: { width: 576, height: 1024 },
		landscape_4_3: { width: 1024, height: 768 },
		landscape_16_9: { width: 1024, height: 576 },
	});
});

test('several faults are found together, each with what is allowed', () => {
	const check = checkInput(endpoint.input, {
		prompt: 'a fox',
		loras: [{ path: 'a/b' }, { path: '', scale: 9 }],
		fps: 0,
		video_size: { width: 0, height: 20000 },
	});
	expect(check).toEqual({
		ok: false,
		faults: [
			{ path: ['video_size', 'width'], value: 0, allowed: 'a whole number from 1 to 14142' },
			{ path: ['video_size', 'height'], value: 20000, allowed: 'a whole number from 1 to 14142' },
			{ path: ['fps'], value: 0, allowed: 'a number from 1 to 60' },
			{ path: ['loras', 1, 'path'], value: '', allowed: 'text' },
			{ path: ['loras', 1, 'scale'], value: 9, allowed: 'a number from 0 to 4' },
		],
	});
});

describe('output', () => {
	const video = { url: 'https://example.com/a.mp4' };

	test('survives every null and keeps what is unknown', () => {
		const response = {
			video: {
				...video,
				width: null,
				height: null,
				fps: null,
				duration: null,
				num_frames: null,
				content_type: null,
				file_name: null,
				file_size: null,
				codec: 'new',
			},
			seed: '9007199254740993',
			prompt: 'a fox',
			extra: [1],
		};
		expect(videoOutput.parse(response)).toEqual(response);
	});

	test.each([
		['text for numbers', { video: { ...video, fps: '24', width: '64' }, seed: null, prompt: 7 }],
		['nothing but the address', { video }],
	])('throws no paid video away: %s', (_case, response) => {
		expect(videoOutput.parse(response)).toEqual(response);
	});

	test.each([
		['no video', { seed: 1, prompt: '' }, 'video'],
		['no address', { video: {}, seed: 1, prompt: '' }, 'video.url'],
	])('names what is missing: %s', (_case, response, missing) => {
		const parsed = videoOutput.safeParse(response);
		expect(parsed.error?.issues.map(({ path }) => path.join('.'))).toEqual([missing]);
	});
});
