import Big from 'big.js';
import { megapixels, priceOf } from '../../../nodes/FalLtxVideo/cost/estimate';
import { ltx23DistilledTextToVideoLora as endpoint } from '../../../nodes/FalLtxVideo/endpoints/ltx23DistilledTextToVideoLora';

const { price } = endpoint;

test("fal's own example: 1280 × 720, 121 frames cost $0.1567", () => {
	const units = megapixels({ width: 1280, height: 720, frames: 121 });
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
	const units = megapixels({ width, height, frames });
	expect(priceOf(units, price).toString()).toBe(expected);
});

test('digits that binary numbers would lose decide nothing', () => {
	// 0.1 × 3 in binary is a little more than 0.3 and would be raised to the next step.
	const threeTenths = { ...price, unitPrice: '0.1' };
	expect(priceOf(new Big('3'), threeTenths).toString()).toBe('0.3');
});
