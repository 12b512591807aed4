import { validate, type FieldError } from '../../emulator/validation.mts';

const VALID = { prompt: 'A fox', loras: [{ path: 'owner/repo' }] };

function faults(body: string): FieldError[] {
	const checked = validate(body);
	return 'errors' in checked ? checked.errors : [];
}

const faultsOf = (input: unknown) =>
	faults(JSON.stringify(input)).map(({ loc, type }) => `${loc.slice(1).join('.')} ${type}`);

test.each<[string, unknown, string[]]>([
	['nothing', {}, ['prompt missing', 'loras missing']],
	['no object', [], [' model_attributes_type']],
	['prompt of a number', { ...VALID, prompt: 3 }, ['prompt string_type']],
	['prompt of null', { ...VALID, prompt: null }, ['prompt string_type']],
	['too few frames', { ...VALID, num_frames: 8 }, ['num_frames greater_than_equal']],
	['too many frames', { ...VALID, num_frames: 482 }, ['num_frames less_than_equal']],
	['half a frame', { ...VALID, num_frames: 9.5 }, ['num_frames int_from_float']],
	['frames in words', { ...VALID, num_frames: 'ten' }, ['num_frames int_parsing']],
	['frames of null', { ...VALID, num_frames: null }, ['num_frames int_type']],
	['fps in words', { ...VALID, fps: 'fast' }, ['fps float_parsing']],
	['fps as a list', { ...VALID, fps: [] }, ['fps float_type']],
	['fps too low', { ...VALID, fps: 0.5 }, ['fps greater_than_equal']],
	['fps too high', { ...VALID, fps: 61 }, ['fps less_than_equal']],
	['audio in words', { ...VALID, generate_audio: 'perhaps' }, ['generate_audio bool_parsing']],
	['audio of null', { ...VALID, generate_audio: null }, ['generate_audio bool_type']],
	['another scheduler', { ...VALID, scheduler: 'euler' }, ['scheduler literal_error']],
	[
		'another container',
		{ ...VALID, video_output_type: 'mp4' },
		['video_output_type literal_error'],
	],
	[
		'camera too strong',
		{ ...VALID, camera_lora_scale: 1.1 },
		['camera_lora_scale less_than_equal'],
	],
	[
		'second pass too weak',
		{ ...VALID, distill_lora_second_pass_scale: -0.1 },
		['distill_lora_second_pass_scale greater_than_equal'],
	],
	['seed in words', { ...VALID, seed: 'x' }, ['seed int_parsing']],
	['LoRAs as an object', { ...VALID, loras: {} }, ['loras list_type']],
	['a LoRA as a string', { ...VALID, loras: ['a/b'] }, ['loras.0 model_attributes_type']],
	[
		'two bad LoRAs',
		{ ...VALID, loras: [{ scale: 5 }, { path: 'a/b', weight_name: 1 }] },
		['loras.0.path missing', 'loras.0.scale less_than_equal', 'loras.1.weight_name string_type'],
	],
])('%s', (_, input, expected) => {
	expect(faultsOf(input)).toEqual(expected);
});

test.each([
	['width of 0', { width: 0 }, 'video_size.ImageSize.width greater_than'],
	['height of 14143', { height: 14143 }, 'video_size.ImageSize.height less_than_equal'],
	['unknown preset', 'wide', 'video_size.ImageSize model_attributes_type'],
])('a size with a %s has the faults of both variants', (_, size, first) => {
	const found = faultsOf({ ...VALID, video_size: size });
	expect(found).toHaveLength(2);
	expect(found[0]).toBe(first);
	expect(found[1]).toMatch(/^video_size\.literal\['square_hd',.*\] literal_error$/);
});

test('a fault has the shape of pydantic', () => {
	expect(faults(JSON.stringify({ ...VALID, num_frames: 999 }))).toEqual([
		{
			loc: ['body', 'num_frames'],
			msg: 'Input should be less than or equal to 481',
			type: 'less_than_equal',
			ctx: { le: 481 },
			input: 999,
			url: 'https://docs.fal.ai/errors/#less_than_equal',
		},
	]);
	expect(faults(JSON.stringify({ ...VALID, scheduler: 1 }))[0]).toMatchObject({
		ctx: { expected: "'ltx2', 'linear_quadratic' or 'beta'" },
		msg: "Input should be 'ltx2', 'linear_quadratic' or 'beta'",
	});
});

test('text that is no JSON is a fault of the body', () => {
	expect(faults('{"prompt":')).toMatchObject([{ loc: ['body', 0], type: 'json_invalid' }]);
});

test('defaults are filled in and unknown fields are ignored', () => {
	const checked = validate(JSON.stringify({ ...VALID, colour: 'red' }));
	expect(checked).toMatchObject({
		input: {
			num_frames: 121,
			video_size: { width: 1024, height: 576 },
			fps: 24,
			video_output_type: 'X264 (.mp4)',
			seed: null,
			loras: [{ path: 'owner/repo', scale: 1, weight_name: null }],
		},
	});
	expect(checked).not.toHaveProperty('input.colour');
});

test('a value of another type is taken where pydantic takes it', () => {
	const loose = '{"prompt":"A fox","loras":[],"num_frames":"25","fps":"12.5","sync_mode":"yes"}';
	expect(validate(loose)).toMatchObject({ input: { num_frames: 25, fps: 12.5, sync_mode: true } });
	expect(validate('{"prompt":"A fox","loras":[],"num_frames":25.0}')).toMatchObject({
		input: { num_frames: 25 },
	});
});

test('a seed beyond 2^53 keeps its digits', () => {
	expect(validate('{"prompt":"A fox","loras":[],"seed":18446744073709551615}')).toMatchObject({
		input: { seed: 18446744073709551615n },
	});
});

test('one side of a size may be missing', () => {
	expect(validate(JSON.stringify({ ...VALID, video_size: { width: 640 } }))).toMatchObject({
		input: { video_size: { width: 640, height: 512 } },
	});
});
