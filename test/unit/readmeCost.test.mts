import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { estimate, money } from '../../nodes/FalLtxVideo/endpoint/cost';
import { ltx23DistilledTextToVideoLora as endpoint } from '../../nodes/FalLtxVideo/endpoint/ltx23DistilledTextToVideoLora';

/* The table of what common videos cost in the README, computed again. */

const ROW = /^\| .*?(\d+) × (\d+).*? \| +(\d+) \| +([\d.]+) s \| +(\$[\d.]+) \| +(\$[\d.]+) \|$/gm;
const readme = readFileSync(join(__dirname, '../../README.md'), 'utf8');
const rows = [...readme.replace(/ +\|/g, ' |').matchAll(ROW)];

test('there is a row for each preset, and more', () => {
	const sizes = new Set(rows.map(([, width, height]) => `${width}x${height}`));
	for (const { width, height } of Object.values(endpoint.sizes)) {
		expect(sizes).toContain(`${width}x${height}`);
	}
	expect(rows.length).toBeGreaterThan(Object.keys(endpoint.sizes).length);
});

test.each(rows.map(([line, ...cells]) => [line, cells] as const))('%s', (_line, cells) => {
	const [width, height, frames, seconds, one, hundred] = cells;
	const shape = {
		width: Number(width),
		height: Number(height),
		frames: Number(frames),
		fps: endpoint.defaults.fps,
	};
	const { cost } = estimate(shape, endpoint.price);
	expect(seconds).toBe((shape.frames / shape.fps).toFixed(2));
	expect(one).toBe(money(cost, 'USD'));
	expect(hundred).toBe(money(cost.times(100), 'USD'));
});
