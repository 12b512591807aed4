import { ltx23DistilledTextToVideoLora as endpoint } from '../../../nodes/FalLtxVideo/endpoints/ltx23DistilledTextToVideoLora';
import { offGrid, shapeOf } from '../../../nodes/FalLtxVideo/endpoints/videoShape';

test("what is not set has fal's default", () => {
	expect(shapeOf(endpoint, {})).toEqual({ width: 1024, height: 576, frames: 121, fps: 24 });
});

test('a preset and a custom size become pixels', () => {
	const preset = { video_size: 'portrait_4_3', num_frames: 9, fps: 60 };
	expect(shapeOf(endpoint, preset)).toEqual({ width: 768, height: 1024, frames: 9, fps: 60 });
	const custom = { video_size: { width: 640, height: 352 } };
	expect(shapeOf(endpoint, custom)).toMatchObject({ width: 640, height: 352 });
});

test.each([
	[9, []],
	[121, []],
	[481, []],
	[120, [expect.stringContaining('113 or 121 fit')]],
	[122, [expect.stringContaining('121 or 129 fit')]],
])('%i frames', (frames, remarks) => {
	const shape = { width: 1024, height: 576, frames, fps: 24 };
	expect(offGrid(endpoint, shape).map(({ message }) => message)).toEqual(remarks);
});

test('sides off the grid are remarked on with sides that fit', () => {
	const shape = { width: 1280, height: 720, frames: 121, fps: 24 };
	expect(offGrid(endpoint, shape)).toEqual([
		{ field: 'video_size', message: expect.stringContaining('1280 × 736 fits') },
	]);
	expect(offGrid(endpoint, { ...shape, height: 1 })[0]?.message).toContain('1280 × 32 fits');
});
