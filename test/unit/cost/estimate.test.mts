import Big from 'big.js';
import { estimate, megapixels, priceOf } from '../../../nodes/FalLtxVideo/cost/estimate';
import { endpointFor } from '../../../nodes/FalLtxVideo/endpoints';
import { textToVideo } from '../../../nodes/FalLtxVideo/endpoints/tasks/textToVideo';

const { price } = endpointFor(textToVideo, 'distilled', true);

test("fal's own example: 1280 × 720, 121 frames cost $0.1567", () => {
	const units = megapixels({ width: 1280, height: 720 }, 121);
	expect(units.toString()).toBe('111.5136');
	expect(priceOf(units, price).toString()).toBe('0.1567');
});

// By hand: width × height × frames / 10^6 × 0.001405, the next ten-thousandth above.
test.each([
	['the preset of a new node', 1024, 576, 121, '0.1003'],
	['square_hd', 1024, 1024, 121, '0.1783'],
	['square', 512, 512, 121, '0.0446'],
	['portrait_4_3', 768, 1024, 121, '0.1337'],
	['portrait_16_9', 576, 1024, 121, '0.1003'],
	['landscape_4_3', 1024, 768, 121, '0.1337'],
	['landscape_16_9', 1024, 576, 121, '0.1003'],
	['the fewest frames', 1024, 576, 9, '0.0075'],
	['the most frames', 1024, 576, 481, '0.3987'],
	['the smallest', 1, 1, 9, '0.0001'],
	['the largest', 14142, 14142, 481, '135.1585'],
	['one that falls on a step is not raised', 1000, 1000, 200, '0.281'],
])('%s', (_case, width, height, frames, expected) => {
	const units = megapixels({ width, height }, frames);
	expect(priceOf(units, price).toString()).toBe(expected);
});

// What fal's pages show for 1280 × 720 with 121 frames.
test.each([
	['distilled', true, '0.1567'],
	['distilled', false, '0.1344'],
	['full', false, '0.179'],
	['full', true, '0.2013'],
] as const)('the %s model, with LoRAs: %s', (model, takesLoras, expected) => {
	const units = megapixels({ width: 1280, height: 720 }, 121);
	const endpoint = endpointFor(textToVideo, model, takesLoras);
	expect(priceOf(units, endpoint.price).toString()).toBe(expected);
});

test('digits that binary numbers would lose decide nothing', () => {
	// 0.1 × 3 in binary is a little more than 0.3 and would be raised to the next step.
	const threeTenths = { ...price, unitPrice: '0.1' };
	expect(priceOf(new Big('3'), threeTenths).toString()).toBe('0.3');
});

describe('estimate', () => {
	const shape = { size: { width: 1280, height: 720 }, frames: 121, fps: 24, isMultiscale: false };

	const texts = (changes: Partial<Parameters<typeof estimate>[0]>) => {
		const { megapixels: units, cost, upperCost } = estimate({ ...shape, ...changes }, price)!;
		return [units, cost, upperCost].map(String);
	};

	test('the most it can be has whole megapixels', () => {
		// 112 × 0.001405 is 0.15736.
		expect(texts({})).toEqual(['111.5136', '0.1567', '0.1574']);
	});

	test('with multi-scale generation, also larger sides', () => {
		// 1280 × 768 × 121 are 118.94784: 119 × 0.001405 is 0.167195.
		expect(texts({ isMultiscale: true })).toEqual(['111.5136', '0.1567', '0.1672']);
		const fitting = { size: { width: 1024, height: 576 }, isMultiscale: true };
		// 71.368704, so 72 × 0.001405 is 0.10116.
		expect(texts(fitting)).toEqual(['71.368704', '0.1003', '0.1012']);
	});

	test('the frame rate alone decides nothing', () => {
		expect(texts({ fps: null })).toEqual(texts({}));
	});

	test.each([{ size: null }, { frames: null }, { size: null, frames: null, fps: null }])(
		'there is none of %j',
		(unknown) => expect(estimate({ ...shape, ...unknown }, price)).toBeNull(),
	);
});
