import type { INodeParameters } from 'n8n-workflow';
import { FalLtxVideo } from '../../../../nodes/FalLtxVideo/FalLtxVideo.node';
import { evaluated, workflowOf } from '../../editorExpression.mts';

const node = new FalLtxVideo();
const { hints = [] } = node.description;
const [frames, sides] = hints.map(({ message }) => message);

/** The hints that n8n's editor shows of a node with these parameters. */
function shown(parameters: INodeParameters): string[] {
	const { workflow, saved } = workflowOf(node, parameters);
	// n8n fills in defaults and removes what the panel doesn't show; the editor may be a step behind.
	const shownFor = [saved.parameters, parameters].map((given) => {
		saved.parameters = given;
		return hints.filter(({ displayCondition }) => {
			const value = evaluated(workflow, saved, displayCondition!);
			// n8n's editor shows nothing for a condition that is neither.
			expect(typeof value).toBe('boolean');
			return value === true;
		});
	});
	expect(shownFor[0]).toEqual(shownFor[1]);
	return shownFor[0]!.map(({ message }) => message);
}

const video = { resource: 'video', operation: 'textToVideo', prompt: 'a fox' };
const custom = { ...video, videoSize: 'custom' };

test('say in plain words what the model makes', () => {
	expect(hints.map(({ message }) => message)).toEqual([
		expect.stringMatching(/^The model makes 9, 17, 25 … 481 frames; fal may change others\./),
		expect.stringMatching(/^The model makes widths and heights that are multiples of 32;/),
	]);
	for (const hint of hints) {
		expect(hint).toMatchObject({ whenToDisplay: 'beforeExecution', location: 'ndv' });
	}
});

test.each([8, 10, 120, 482, 489, 9.5])('%d frames', (numFrames) => {
	expect(shown({ ...video, generation: { numFrames } })).toEqual([frames]);
});

test.each([9, 17, 121, 481])('%d frames fit', (numFrames) => {
	expect(shown({ ...video, generation: { numFrames } })).toEqual([]);
});

test.each([
	[100, 64],
	[64, 100],
	[1280, 721],
])('%d × %d', (width, height) => {
	expect(shown({ ...custom, width, height })).toEqual([sides]);
	expect(shown({ ...custom, operation: 'estimateCost', width, height })).toEqual([sides]);
});

test.each([
	[64, 96],
	[1280, 720],
	[1080, 1920],
])('%d × %d fits', (width, height) => {
	expect(shown({ ...custom, width, height })).toEqual([]);
});

test('both at once', () => {
	const generation = { numFrames: 10 };
	expect(shown({ ...custom, width: 33, height: 33, generation })).toEqual([frames, sides]);
});

test.each<[string, INodeParameters]>([
	['nothing added', video],
	['an empty collection', { ...video, generation: {} }],
	['an expression', { ...video, generation: { numFrames: '={{ $json.frames }}' } }],
	['an expression that throws', { ...video, generation: { numFrames: '={{ $("No").item.x }}' } }],
	['a collection by expression', { ...video, generation: '={{ $json.generation }}' }],
	['a size by expression', { ...video, videoSize: '={{ $json.size }}', width: 33, height: 33 }],
	['sides by expression', { ...custom, width: '={{ $("No").item.x }}', height: '={{ 33 }}' }],
	['nulls', { ...custom, width: null, height: null, generation: null } as never],
	['sides of a size that is not used', { ...video, videoSize: 'square', width: 33, height: 33 }],
	['a request', { resource: 'request', operation: 'getStatus', generation: { numFrames: 10 } }],
	['no parameters', {}],
])('none for %s', (_case, parameters) => {
	expect(shown(parameters)).toEqual([]);
});
